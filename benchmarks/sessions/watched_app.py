"""Runs the app as `streamlit run app.py` does, and notes when each frame has become a snapshot.

    python -m benchmarks.sessions.watched_app NOTES [streamlit options]

NOTES is a file that gains a line "number time width height" for each frame: the number on it (see
benchmarks.sessions.marked_clip; None where there is none), time.monotonic() when its snapshot was there, and its size.
With LOSE_PACKET=N in the environment the Nth packet of each stream is lost, and so is the first one resent for it.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import av
from aiortc.rtcrtpreceiver import RTCRtpReceiver
from aiortc.rtp import RtpPacket

from benchmarks.sessions.marked_clip import read_mark

ROOT = Path(__file__).resolve().parents[2]


def keep_notes(path: Path) -> None:
    """Have every live capture write into `path`."""
    from core.stream.live import LiveCapture

    notes = path.open("a", buffering=1)
    take = LiveCapture._take

    def noted(self: LiveCapture, came: tuple[av.VideoFrame, int]) -> None:
        frame, _ = came
        number = read_mark(frame)
        take(self, came)
        notes.write(f"{number} {time.monotonic()} {frame.width} {frame.height}\n")

    LiveCapture._take = noted  # type: ignore[method-assign]


def lose(nth: int) -> None:
    """Let the nth packet of each stream be lost, and what is resent first."""
    handle = RTCRtpReceiver._handle_rtp_packet
    seen: dict[int, int] = {}  # stream -> packets so far
    resent: set[int] = set()

    async def lossy(self: RTCRtpReceiver, packet: RtpPacket, arrival_time_ms: int) -> None:
        codec = self._RTCRtpReceiver__codecs.get(packet.payload_type)  # type: ignore[attr-defined]
        if codec is not None and codec.name.lower() == "rtx":
            if seen.get(id(self), 0) >= nth and id(self) not in resent:
                resent.add(id(self))
                return
        else:
            seen[id(self)] = seen.get(id(self), 0) + 1
            if seen[id(self)] == nth:
                return
        await handle(self, packet, arrival_time_ms)

    RTCRtpReceiver._handle_rtp_packet = lossy  # type: ignore[method-assign]


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    keep_notes(Path(sys.argv[1]))
    if "LOSE_PACKET" in os.environ:
        lose(int(os.environ["LOSE_PACKET"]))
    from streamlit.web import cli

    sys.argv = ["streamlit", "run", str(ROOT / "app.py"), *sys.argv[2:]]
    cli.main()
