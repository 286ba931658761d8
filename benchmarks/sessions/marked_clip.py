"""What visitors send: a clip each of whose frames carries a number, so that the server's end can tell which it is.

The number stands in the frame's top rows, 20 black or white blocks.
"""

from __future__ import annotations

import asyncio
import fractions
import time
from collections.abc import Sequence

import av
import numpy as np
from aiortc import MediaStreamTrack
from aiortc.codecs.vpx import Vp8Encoder, VpxPayloadDescriptor
from aiortc.mediastreams import MediaStreamError
from numpy.typing import NDArray

Planes = NDArray[np.uint8]

BITS, BLOCK = 20, 16
_RATE = 90_000
_BITS_S = 780_000  # what aiortc's own sender comes to with the app at 640x480
_KEY_S = 5.0


def mark(planes: Planes, number: int) -> None:
    """Write `number` into the top rows of a yuv420p picture, (H * 3 / 2, W)."""
    for bit in range(BITS):
        planes[:BLOCK, bit * BLOCK : (bit + 1) * BLOCK] = 235 if number >> bit & 1 else 16


def read_mark(frame: av.VideoFrame) -> int | None:
    """The number written on a frame of the very size it was sent in; None when the frame is too small for one."""
    if frame.width < BITS * BLOCK or frame.format.name != "yuv420p":
        return None
    plane = frame.planes[0]
    row = np.frombuffer(memoryview(plane), np.uint8, count=plane.line_size, offset=plane.line_size * (BLOCK // 2))
    return sum(1 << bit for bit in range(BITS) if row[bit * BLOCK + BLOCK // 2] > 128)


class MarkedClip(MediaStreamTrack):
    """A clip round and round at a fixed rate. sent: number -> time.monotonic() before encoding."""

    kind = "video"

    def __init__(self, clip: Sequence[Planes], fps: float, first: int) -> None:
        super().__init__()
        self._clip = clip
        self._fps = fps
        self._first = first
        self._count = 0
        self._started = 0.0
        self.sent: dict[int, float] = {}

    async def recv(self) -> av.VideoFrame | av.Packet:
        now = time.monotonic()
        self._started = self._started or now
        await asyncio.sleep(max(self._started + self._count / self._fps - now, 0.0))
        picture = self._picture(self._count)
        self.sent[self._first + self._count] = time.monotonic()
        self._count += 1
        return picture

    def _picture(self, count: int) -> av.VideoFrame | av.Packet:
        planes = self._clip[count % len(self._clip)].copy()
        mark(planes, self._first + count)
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts, frame.time_base = round(count * _RATE / self._fps), fractions.Fraction(1, _RATE)
        return frame


class EncodedClip(MarkedClip):
    """The same, encoded beforehand, so that visitors take less of the cores that they share with the app.

    For the server it differs from what aiortc encodes on the way in two things: the bit rate stays as it is, and a key
    frame comes every few seconds instead of when it is asked for. It ends when there is no more.
    """

    def __init__(self, clip: Sequence[Planes], fps: float, first: int, seconds: float) -> None:
        """seconds: to encode."""
        super().__init__(clip, fps, first)
        encoder = Vp8Encoder()
        encoder.target_bitrate = _BITS_S
        self._packets: list[av.Packet] = []
        for count in range(round(seconds * fps)):
            frame = super()._picture(count)
            assert isinstance(frame, av.VideoFrame)
            payloads, ticks = encoder.encode(frame, force_keyframe=count % round(_KEY_S * fps) == 0)
            packet = av.Packet(b"".join(VpxPayloadDescriptor.parse(payload)[1] for payload in payloads))
            packet.pts, packet.time_base = ticks, fractions.Fraction(1, _RATE)
            self._packets.append(packet)

    def _picture(self, count: int) -> av.VideoFrame | av.Packet:
        if count >= len(self._packets):
            raise MediaStreamError
        return self._packets[count]
