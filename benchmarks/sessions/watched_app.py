"""Runs the app as `streamlit run app.py` does, and notes when each marked frame has become a snapshot.

    python -m benchmarks.sessions.watched_app NOTES [streamlit options]

NOTES is a file that gains a line "number time" for each frame: the number on it (see benchmarks.sessions.visitor) and
time.monotonic() when its snapshot was there.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import av

from benchmarks.sessions.visitor import read_mark

ROOT = Path(__file__).resolve().parents[2]


def keep_notes(path: Path) -> None:
    """Have every live capture write into `path`."""
    from core.stream.live import LiveCapture

    notes = path.open("a", buffering=1)
    receive = LiveCapture.receive

    def noted(self: LiveCapture, frame: av.VideoFrame) -> av.VideoFrame:
        number = read_mark(frame)
        answer = receive(self, frame)
        notes.write(f"{number} {time.monotonic()}\n")
        return answer

    LiveCapture.receive = noted  # type: ignore[method-assign]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    keep_notes(Path(sys.argv[1]))
    from streamlit.web import cli

    sys.argv = ["streamlit", "run", str(ROOT / "app.py"), *sys.argv[2:]]
    cli.main()
