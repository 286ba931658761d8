"""What every test needs."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def own_components() -> None:
    """Each AppTest is a Streamlit runtime of its own, and Streamlit 1.65 knows a component only where it was made."""
    stage = sys.modules.get("core.web.board")
    if stage:
        stage._board.cache_clear()


@pytest.fixture(autouse=True)
def own_main() -> Iterator[None]:
    """AppTest leaves its page as the main module, which a process that a later test starts would run."""
    before = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = before
