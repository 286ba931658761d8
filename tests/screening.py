"""What the processes of a screening do in tests: no models, and death where it is asked for."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from core.screen.row import SCHEMA, Make, Row, writable


def load() -> Make:
    """In place of the models."""
    return make


def make(address: str) -> Row:
    """A row of its own. "kill" ends the process; "once:FILE" does so unless FILE is there, and makes it."""
    if address == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if address.startswith("once:"):
        _die_once(Path(address.removeprefix("once:")))
    return row(address)


def row(address: str) -> Row:
    """A row of which only the path is told."""
    return {**dict.fromkeys(SCHEMA.names), "path": writable(address), "error": "none", "models": "none", "seconds": 0.0}


def _die_once(mark: Path) -> None:
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
