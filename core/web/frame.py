"""What a page that shows ours in a frame is told: ready, phase, captured, failed."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.web.served import embedding_origins

_SCRIPT = Path(__file__).with_name("static") / "frame.js"


@cache
def _component() -> Any:
    return st.components.v2.component("frame_messages", js=_SCRIPT.read_text(encoding="utf-8"))


def tell_frame(session: str, kind: str, **more: str) -> None:
    """Post it to the page around ours, once, if that is of an origin in EMBED_ORIGINS. Call it once a run."""
    if origins := embedding_origins():
        _component()(key="frame", data={"session": session, "type": kind, "more": more, "origins": origins})
