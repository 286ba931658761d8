"""The board: camera's picture, outlines, steps, guide, hint, the reason of a restart; and the watch over the camera."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from core.flow.outcome import Outcome
from core.flow.snapshot import Advice, Hint, Phase
from core.settings import StillSettings
from core.stream.camera import scripts
from core.stream.live import View
from core.stream.outlines import SCALE
from core.vision.outlines import LOOKS, STRIPE_SHARE, STRIPE_UNITS, UNITS
from core.vision.reading import State
from core.web.language import language, text

STEPS = (Phase.POSITION, Phase.BLINK, Phase.CHECK)
CAMERA_ERRORS = {
    "NotAllowedError": Outcome.CAMERA_DENIED,
    "SecurityError": Outcome.CAMERA_DENIED,
    "NotFoundError": Outcome.CAMERA_MISSING,
    "OverconstrainedError": Outcome.CAMERA_MISSING,
    "NotReadableError": Outcome.CAMERA_BUSY,
    "AbortError": Outcome.CAMERA_BUSY,
    "insecure": Outcome.CAMERA_INSECURE,
}
"""What the browser calls it -> how that ends the attempt; for anything else it is CAMERA_FAILED."""

_GOOD = {Hint.HOLD, Hint.CAPTURED, Hint.BLINK, Hint.BLINK_NOW, Hint.WAIT_FOR_CUE, Hint.ONE_MORE_CHECK}
_STATIC = Path(__file__).with_name("static")


def hint_texts(advice: Advice) -> tuple[str, str]:
    """The hint in large and the line below it."""
    key, region = advice.hint.value, advice.region
    if region is None:
        return text(f"hint.{key}"), text(f"hint_more.{key}")
    large = text(f"hint.{key}", region=text(f"region.{region.value}"))
    return large, text(f"hint_more.{key}", region=text(f"region_of.{region.value}"))


def steps(phase: Phase, progress: float) -> list[dict[str, Any]]:
    """For each step its name, its standing (done, now, next) and how far it is, 0..1."""
    at = STEPS.index(phase) if phase in STEPS else len(STEPS)
    rows = []
    for number, step in enumerate(STEPS):
        standing = "done" if number < at else "now" if number == at else "next"
        share = {"done": 1.0, "now": progress, "next": 0.0}[standing]
        label = f"{text(f'step.{step.value}')}: {text(f'step.{standing}')}"
        rows.append({"name": text(f"step.{step.value}"), "standing": standing, "progress": share, "label": label})
    return rows


def board_data(view: View) -> dict[str, Any]:
    """Everything the board shows, ready to be drawn."""
    shared = {
        "playing": True,
        "steps_label": text("step.label"),
        "language": language(),
        "size": view.size and list(view.size),
        "changes": view.changes,
    }
    snapshot, advice = view.snapshot, view.advice
    if snapshot is None or advice is None or view.failing:
        return shared | {
            "phase": "waiting",
            **_waiting_texts(view),
            "tone": "fix" if view.failing else "wait",
            "note": "",
            "progress": 0.0,
            "steps": steps(Phase.POSITION, 0.0),
        }
    large, more = hint_texts(advice)
    note = ""
    if snapshot.restart:
        why = text(f"reason.{snapshot.restart.value}")
        note = text("reason.back", why=why, count=snapshot.tries_left)
    return shared | {
        "phase": snapshot.phase.value,
        "hint": large,
        "more": more,
        "tone": "cue" if advice.hint is Hint.BLINK_NOW else "good" if advice.hint in _GOOD else "fix",
        "note": note,
        "progress": round(snapshot.progress, 3),
        "steps": steps(snapshot.phase, snapshot.progress),
    }


def _waiting_texts(view: View) -> dict[str, Any]:
    """opened: in place of the hint once the page has the camera, which the server learns of by its frames."""
    words = {
        name: (text(f"capture.{name}"), text(f"capture.{name}_more"))
        for name in ("frame_trouble", "connecting", "allow")
    }
    large, more = words["frame_trouble" if view.failing else "connecting" if view.frames else "allow"]
    return {"hint": large, "more": more, "opened": None if view.failing else words["connecting"]}


@cache
def _board() -> Any:
    names = ("board.html", "board.css", "board.js", "camera.js", "outlines.js")
    html, css, *scripts = ((_STATIC / name).read_text(encoding="utf-8") for name in names)
    scripts.append(f"const DRAWING = {json.dumps(drawing())};\n")
    return st.components.v2.component("capture_board", html=html, css=css, js="".join(scripts))


def drawing() -> dict[str, Any]:
    """How the page draws outlines: a look for each state, in the order that `core.stream.outlines` counts them in."""
    looks = [
        {"color": f"rgb{LOOKS[state].color}", "width": LOOKS[state].width, "striped": LOOKS[state].striped}
        for state in State
    ]
    stripes = {"stripe_units": STRIPE_UNITS, "stripe_share": STRIPE_SHARE}
    return {"looks": looks, "units": UNITS, "scale": SCALE} | stripes


def show_board(view: View | None, attempt: str, still: str) -> None:
    """Draw the camera's picture and the board over it. Without a view it is unseen, guards the camera, and has the
    browser fetch what START will need.

    attempt: name under which the page gets what it draws over the picture, and word of news (core.server.outlines): it
    is drawn anew then. What it says of the camera comes with that name. still: name under which it hands in stills
    (core.server.stills).
    """
    names = {"attempt": attempt, "outlines": attempt, "still": still, "still_px": StillSettings().px}
    _board()(
        key="board",
        data=board_data(view) | names if view else {"playing": False, "scripts": scripts()},
        on_refusal_change=lambda: None,
        on_label_change=lambda: None,
        on_news_change=lambda: None,
    )


def camera_error(attempt: str) -> Outcome | None:
    """Why the browser gave this attempt no camera; None when it did not say so."""
    name = _told("refusal", attempt)
    return CAMERA_ERRORS.get(name, Outcome.CAMERA_FAILED) if name else None


def camera_label(attempt: str) -> str:
    """What the browser calls the camera that it has opened for this attempt; empty when it has not."""
    return _told("label", attempt)


def _told(what: str, attempt: str) -> str:
    said = getattr(st.session_state.get("board"), what, None) or {}
    return str(said.get("name", "")) if said.get("attempt") == attempt else ""


def show_steps() -> None:
    """Draw what the three steps ask for, for someone who has not begun."""
    rows = "".join(
        f"<li><b>{escape(text(f'step.{step.value}'))}</b> {escape(text(f'step_more.{step.value}'))}</li>"
        for step in STEPS
    )
    st.html(f'<ol class="explained">{rows}</ol>')
