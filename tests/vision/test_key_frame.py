from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import pytest

from core.regions import EYES
from core.settings import KeyFrameSettings, Settings
from core.vision.key_frame import Compared, KeyFrame
from core.vision.reader import FaceReader
from core.vision.reading import Face, Frame, Image, Need, Reading
from tests.drawing import shut_eyes
from tests.footage import Scene, astronaut, stranger

WIDTH, HEIGHT = 640, 480
ONE = Scene(astronaut(), sway=0.0).frame(0.0, 1.0).rgb


@cache
def reading() -> Reading:
    with FaceReader(Settings(), live=True) as reader:
        return reader.read(Frame(ONE, 0.0))


@cache
def face() -> Face:
    found = reading().face
    assert found is not None
    return found


def compared(rgb: Image) -> Compared:
    """With the picture of one person."""
    return KeyFrame(reading(), KeyFrameSettings()).compare(Frame(rgb, 0.1))


def lidded(shut: float) -> Image:
    return shut_eyes(ONE, face().landmarks, dict.fromkeys(EYES, shut))


def test_the_same_face_in_noise_and_other_light_should_be_no_change() -> None:
    noise = np.random.default_rng(3).normal(0, 3, ONE.shape)
    found = compared(np.clip(ONE * 0.95 + noise, 0, 255).astype(np.uint8))
    assert found.need is Need.NOTHING and found.face is not None


@pytest.mark.parametrize(("x", "y", "turn"), [(5.0, 0.0, 0.0), (-3.0, 2.5, 0.0), (1.0, 0.0, 0.7)])
def test_a_head_that_moves_a_little_should_take_its_outlines_along(x: float, y: float, turn: float) -> None:
    middle = face().landmarks[1, :2]
    matrix = cv2.getRotationMatrix2D(middle.tolist(), turn, 1.0)
    matrix[:, 2] += (x, y)
    found = compared(cv2.warpAffine(ONE, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE))
    assert found.need is Need.NOTHING and found.face is not None
    there = face().landmarks[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    assert np.hypot(*(found.face.landmarks[:, :2] - there).T).max() < 0.01 * face().inter_eye_px
    before, after = face().roi, found.face.roi
    assert before is not None and after is not None
    assert (after.x, after.y) == pytest.approx(tuple(matrix @ (before.x, before.y, 1.0)), abs=1.0)


def test_lids_that_move_should_be_a_change_of_the_eyes() -> None:
    still, shut = (compared(lidded(share)) for share in (0.0, 1.0))
    assert still.need is Need.NOTHING
    assert shut.need in (Need.EYES, Need.REGIONS) and shut.face is not None


def test_a_thing_on_the_face_should_be_a_change_of_regions() -> None:
    covered = ONE.copy()
    x, y = (int(v) for v in face().landmarks[205, :2])
    cv2.circle(covered, (x, y), int(0.25 * face().inter_eye_px), (30, 40, 30), -1)
    assert compared(covered).need is Need.REGIONS


def test_the_eyes_of_a_small_face_should_be_looked_at_in_every_frame() -> None:
    zoom = KeyFrameSettings().min_inter_eye_px / face().inter_eye_px * 0.9
    rgb = cv2.resize(ONE, (round(WIDTH * zoom), round(HEIGHT * zoom)), interpolation=cv2.INTER_AREA)
    with FaceReader(Settings(), live=True) as reader:
        small = reader.read(Frame(rgb, 0.0))
    assert KeyFrame(small, KeyFrameSettings()).compare(Frame(rgb, 0.1)).need is Need.EYES


@pytest.mark.parametrize("light", [0.8, 1.2])
def test_a_face_in_other_light_should_not_be_followed(light: float) -> None:
    found = compared(np.clip(ONE * light, 0, 255).astype(np.uint8))
    assert found.need is Need.MESH and found.face is None


def test_another_face_with_its_eyes_in_the_same_place_should_not_be_followed() -> None:
    other = stranger().onto(astronaut().placed((WIDTH, HEIGHT), face().inter_eye_px), (WIDTH, HEIGHT))
    assert compared(other.rgb).face is None


def test_a_picture_without_a_trace_of_the_face_should_not_be_followed() -> None:
    assert compared(np.full_like(ONE, 90)).face is None
