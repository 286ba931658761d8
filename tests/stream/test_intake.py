"""From decoded pictures to frames: small ones to read, whole ones to keep."""

from __future__ import annotations

import av
import cv2
import numpy as np
import pytest
from av.video.reformatter import ColorRange

from core.settings import WebSettings
from core.stream.intake import Intake, reduction
from tests.portraits import astronaut

SETTINGS = WebSettings()


def picture(width: int, height: int, form: str = "yuv420p") -> av.VideoFrame:
    rgb = cv2.resize(astronaut().rgb, (width, height))
    return av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb), format="rgb24").reformat(format=form)


@pytest.mark.parametrize(
    ("whole", "kept", "read"),
    [
        ((640, 480), (640, 480), (640, 480)),
        ((960, 720), (960, 720), (960, 720)),
        ((1280, 720), (1280, 720), (640, 360)),
        ((720, 1280), (720, 1280), (360, 640)),
        ((1920, 1080), (1920, 1080), (640, 360)),
        ((1366, 766), (1366, 766), (682, 382)),
        ((3840, 2160), (1932, 1086), (644, 362)),
    ],
)
def test_should_read_little_and_keep_much(whole: tuple[int, int], kept: tuple[int, int], read: tuple[int, int]) -> None:
    frame = Intake(SETTINGS).take(picture(*whole), 1.5)

    assert frame.t == 1.5
    assert frame.size == read
    assert frame.full().shape == (kept[1], kept[0], 3)


@pytest.mark.parametrize("form", ["yuv420p", "yuvj420p", "rgb24"])
def test_should_show_the_same_at_both_sizes(form: str) -> None:
    frame = Intake(SETTINGS).take(picture(1280, 720, form), 0.0)

    whole = cv2.resize(frame.full(), frame.size, interpolation=cv2.INTER_AREA)
    assert np.abs(whole.astype(int) - frame.rgb).mean() < 2.0
    assert abs(float(frame.full().mean()) - float(cv2.resize(astronaut().rgb, (1280, 720)).mean())) < 2.0


def test_should_not_take_full_range_for_limited() -> None:
    full = picture(1280, 720, "yuv420p")
    full.color_range = ColorRange.JPEG

    frame = Intake(SETTINGS).take(full, 0.0)
    whole = cv2.resize(frame.full(), frame.size, interpolation=cv2.INTER_AREA)
    assert np.abs(whole.astype(int) - frame.rgb).mean() < 2.0


def test_a_whole_picture_should_be_a_copy_of_its_own() -> None:
    frame = Intake(SETTINGS).take(picture(640, 480), 0.0)

    frame.full()[:] = 0
    assert frame.rgb.any()


def test_should_divide_by_whole_numbers() -> None:
    assert [reduction(320, 240, 0.31), reduction(640, 480, 0.31), reduction(1280, 960, 0.31)] == [1, 1, 2]
