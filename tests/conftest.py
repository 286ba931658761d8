"""What every test needs."""

from __future__ import annotations

import sys

import pytest


@pytest.fixture(autouse=True)
def own_components() -> None:
    """Each AppTest is a Streamlit runtime of its own, and Streamlit 1.65 knows a component only where it was made."""
    stage = sys.modules.get("core.web.stage")
    if stage:
        stage._board.cache_clear()
