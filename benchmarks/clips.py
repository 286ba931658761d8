"""The clips that a benchmark is told to read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from core.files.clip import CLIP_SUFFIXES


def clips_in(given: Sequence[Path]) -> list[Path]:
    """Those named, and those in the folders named. Ends the program, in a sentence, where there is none."""
    files = [file for path in given for file in (sorted(path.iterdir()) if path.is_dir() else [path])]
    found = [file for file in files if file.suffix.lower() in CLIP_SUFFIXES and file.is_file()]
    if not found:
        raise SystemExit(f"There is no clip in {', '.join(map(str, given))}.")
    return found
