from __future__ import annotations

import asyncio

import av
import numpy as np
import pytest
from aiortc.codecs.vpx import Vp8Decoder, Vp8Encoder, vp8_depayload
from aiortc.jitterbuffer import JitterFrame
from aiortc.mediastreams import MediaStreamError

from benchmarks.sessions.marked_clip import BITS, EncodedClip, MarkedClip, mark, read_mark


@pytest.mark.parametrize("number", [0, 1, 0b10101, (1 << BITS) - 1])
def test_should_read_the_number_that_was_written(number: int) -> None:
    planes = np.full((720, 640), 120, np.uint8)
    mark(planes, number)
    assert read_mark(av.VideoFrame.from_ndarray(planes, format="yuv420p")) == number


def test_should_read_nothing_from_a_frame_that_was_made_smaller() -> None:
    assert read_mark(av.VideoFrame.from_ndarray(np.zeros((360, 240), np.uint8), format="yuv420p")) is None


def received(track: MarkedClip, pictures: int) -> list[av.VideoFrame]:
    """What the server decodes of a camera's first pictures."""

    async def play() -> list[av.VideoFrame]:
        encoder, decoder, frames = Vp8Encoder(), Vp8Decoder(), []
        for _ in range(pictures):
            packet = await track.recv()
            assert isinstance(packet, av.Packet)
            payloads, ticks = encoder.pack(packet)
            data = b"".join(vp8_depayload(payload) for payload in payloads)
            frames += decoder.decode(JitterFrame(data, ticks))
        return [frame for frame in frames if isinstance(frame, av.VideoFrame)]

    return asyncio.run(play())


def test_a_clip_encoded_beforehand_should_bring_each_number_at_its_time() -> None:
    planes = [np.full((720, 640), gray, np.uint8) for gray in (100, 120, 140)]
    track = EncodedClip(planes, 100.0, 40, 0.05)

    frames = received(track, 5)

    assert [read_mark(frame) for frame in frames] == list(track.sent) == [40, 41, 42, 43, 44]
    assert [frame.time for frame in frames] == pytest.approx([0.0, 0.01, 0.02, 0.03, 0.04], abs=1e-4)
    with pytest.raises(MediaStreamError):
        received(track, 1)
