"""What one frame of a live session costs, measured with the very pipeline that a session runs."""

from __future__ import annotations

import time
from collections.abc import Callable
from fractions import Fraction

import av
import cv2
import numpy as np
from aiortc.codecs.vpx import Vp8Decoder, Vp8Encoder, VpxPayloadDescriptor
from aiortc.jitterbuffer import JitterFrame

from core.settings import Settings
from core.stream.intake import Intake
from core.stream.live import Processor
from core.stream.outlines import outlines
from core.vision.reading import Image

_WARM_UP, _FRAMES = 5, 20
_JUMPING = 8  # of these frames show the face elsewhere, so that it is read anew: people's is in 26 to 38 of 100
_JUMP_PX = 60
_RATE = 90_000  # ticks a second of video in RTP


def frame_cost(processor: Processor, settings: Settings, clock: Callable[[], float] = time.process_time) -> float:
    """Seconds of processor time for one frame on its whole way: decode, process, tell the page.

    Measured on a drawn face, in the size that is asked of cameras. The processor is used and not closed.
    """
    picture = drawn_face(*settings.web.camera_px)
    encoder, decoder, intake = Vp8Encoder(), Vp8Decoder(), Intake(settings.web)
    started = clock()
    sent = 0.0
    for number in range(_WARM_UP + _FRAMES):
        if number == _WARM_UP:
            started, sent = clock(), 0.0
        moved = number % 2 * _JUMP_PX if number < _WARM_UP + _JUMPING else number % 4
        before = clock()
        ticks = number * _RATE // settings.web.camera_fps
        packets, _ = encoder.encode(_video(np.roll(picture, moved, axis=1), ticks))
        payload = b"".join(packet[_descriptor(packet) :] for packet in packets)
        sent += clock() - before  # the browser's part
        received = decoder.decode(JitterFrame(data=payload, timestamp=ticks))[0]
        assert isinstance(received, av.VideoFrame)
        frame = intake.take(received, number / settings.web.camera_fps)
        outlines(processor.process(frame), number)
    return (clock() - started - sent) / _FRAMES


def drawn_face(width: int, height: int) -> Image:
    """A schematic face that FaceLandmarker takes for one, (height, width, 3) uint8 RGB."""
    canvas = np.full((480, 640, 3), (120, 130, 140), np.uint8)
    for colour, centre, radii in (
        ((60, 45, 35), (320, 195), (112, 125)),
        ((205, 160, 135), (320, 240), (92, 125)),
        *(((70, 50, 40), (320 + side, 202), (24, 5)) for side in (-38, 38)),
        *(((245, 245, 245), (320 + side, 222), (19, 8)) for side in (-38, 38)),
        *(((60, 40, 30), (320 + side, 222), (8, 8)) for side in (-38, 38)),
        ((175, 125, 100), (320, 268), (18, 9)),
        ((235, 195, 170), (320, 245), (7, 26)),
        ((165, 80, 80), (320, 308), (32, 10)),
        ((120, 50, 50), (320, 308), (30, 2)),
    ):
        cv2.ellipse(canvas, centre, radii, 0, 0, 360, colour, -1, cv2.LINE_AA)
    return cv2.resize(cv2.GaussianBlur(canvas, (0, 0), 2), (width, height))


def _video(rgb: Image, ticks: int) -> av.VideoFrame:
    planes = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420), np.uint8)
    frame = av.VideoFrame.from_numpy_buffer(planes, format="yuv420p")
    frame.pts, frame.time_base = ticks, Fraction(1, _RATE)
    return frame


def _descriptor(packet: bytes) -> int:
    """Length of the VP8 payload descriptor before the picture's bytes."""
    _, rest = VpxPayloadDescriptor.parse(packet)
    return len(packet) - len(rest)
