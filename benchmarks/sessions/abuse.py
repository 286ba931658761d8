"""Does the app answer the others while someone misbehaves? `python -m benchmarks.sessions --abuse`.

Fifty visitors press START at once; one offers a camera and sends no frame; one sends junk in the place of video; one
knocks with twenty wrong codes. Meanwhile the health page is asked five times a second, and one honest visitor is live.
Uploads of every wrong kind are tested in tests/test_files.py.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from aiortc import VideoStreamTrack
from aiortc.rtp import RtpPacket

from benchmarks.sessions.app import App
from benchmarks.sessions.crowd import FPS, SPACE, clip
from benchmarks.sessions.marked_clip import MarkedClip
from benchmarks.sessions.visitor import Visitor
from core.server.access import AccessCode
from core.settings import AccessSettings

CROWD, CODES = 50, 20


class SilentTrack(VideoStreamTrack):
    """A camera that never gives a picture."""

    async def recv(self) -> Any:
        await asyncio.Event().wait()


async def _junk(visitor: Visitor, packets: int) -> None:
    """RTP packets whose payload is noise, encrypted as the real ones are, so that they reach the decoder."""
    assert visitor.peer is not None
    sender = visitor.peer.getSenders()[0]
    for number in range(packets):
        packet = RtpPacket(payload_type=97, sequence_number=number, timestamp=number * 3000, ssrc=sender._ssrc)
        packet.payload, packet.marker = os.urandom(900), 1
        await sender.transport._send_rtp(packet.serialize())
        await asyncio.sleep(0.01)


async def _abuse(app: App) -> dict[str, Any]:
    planes = clip(6.0, blinks=False)
    answers: list[float | None] = []
    over = asyncio.Event()

    async def ask() -> None:
        while not over.is_set():
            answers.append(await asyncio.to_thread(app.answers_in))
            await asyncio.sleep(0.2)

    asking = asyncio.create_task(ask())
    honest, silent, junk = [await Visitor(app.url).open() for _ in range(3)]
    track = MarkedClip(planes, FPS, 1)
    await honest.go_live(track)
    await silent.go_live(SilentTrack())
    await junk.go_live(SilentTrack())
    sending = asyncio.create_task(_junk(junk, 1000))
    crowd = [Visitor(app.url) for _ in range(CROWD)]
    await asyncio.gather(*(visitor.open() for visitor in crowd))
    await asyncio.gather(*(visitor.press("start") for visitor in crowd))
    seen = len(app.snapshots())
    await asyncio.sleep(10.0)
    frames = len([number for number in app.snapshots() if number >> SPACE == 0]) - seen
    await sending
    for visitor in (honest, silent, junk, *crowd):
        await visitor.close()
    over.set()
    await asking
    took = [answer for answer in answers if answer is not None]
    return {
        "visitors": CROWD,
        "health_asked": len(answers),
        "health_unanswered": answers.count(None),
        "health_ms": {"median": round(np.median(took) * 1000), "worst": round(max(took) * 1000)},
        "honest_visitors_fps": round(frames / 10.0, 1),
    }


def wrong_codes() -> dict[str, Any]:
    """What the access code answers to one client's wrong codes, and to the right one of another afterwards."""
    access = AccessCode("right", AccessSettings())
    verdicts = [access.try_code("one", str(number)) for number in range(CODES)]
    return {
        "codes": CODES,
        "looked_at": sum(verdict.wait_s in (0.0, AccessSettings().window_s) for verdict in verdicts),
        "another_gets_in": access.try_code("another", "right").passed,
    }


def abuse() -> dict[str, Any]:
    """All of it."""
    with tempfile.TemporaryDirectory() as folder, App(Path(folder), MAX_SESSIONS="3") as app:
        crowd = asyncio.run(_abuse(app))
        alive = app.answers_in() is not None
        use = app.use()
    return {
        **crowd,
        "alive_afterwards": alive,
        "threads": use["threads"],
        "files": use["files"],
        "access_code": wrong_codes(),
    }
