from dataclasses import replace

import numpy as np
import pytest

from core.regions import EYES
from core.settings import PHOTO_QUALITY, QualitySettings
from core.vision.problems import Problem, QualityJudge
from core.vision.reading import Box, Face, Pose, Quality, Reading

GOOD = Quality(eye_share=0.2, center=(0.5, 0.5), inside=1.0, brightness=130, highlight=190, clipped=0.0, sharpness=200)
FACE = Face(np.zeros((478, 3), np.float32), Pose(0, 0, 0), dict.fromkeys(EYES, 0.0), 96.0)
BESIDE = Box(0.0, 100.0, 90.0, 220.0)
READING = Reading(t=0.0, size=(640, 480), frame_brightness=120.0, face=FACE, quality=GOOD)


def posed(**degrees: float) -> Reading:
    return replace(READING, face=replace(FACE, pose=replace(FACE.pose, **degrees)))


def measured(**figures: object) -> Reading:
    return replace(READING, quality=replace(GOOD, **figures))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reading", "problem"),
    [
        (replace(READING, frame_brightness=1.0, face=None, quality=None), Problem.CAMERA_OFF),
        (replace(READING, face=None, quality=None), Problem.NO_FACE),
        (replace(READING, others=(BESIDE,)), Problem.SECOND_FACE),
        (measured(eye_share=0.08), Problem.TOO_FAR),
        (replace(READING, face=replace(FACE, inter_eye_px=20.0)), Problem.TOO_FAR),
        (measured(eye_share=0.5), Problem.TOO_NEAR),
        (measured(center=(0.85, 0.5)), Problem.OFF_CENTER),
        (measured(center=(0.5, 0.1)), Problem.OFF_CENTER),
        (measured(inside=0.8), Problem.OFF_CENTER),
        (posed(yaw=25), Problem.TURNED),
        (posed(yaw=-25), Problem.TURNED),
        (posed(pitch=22), Problem.TURNED),
        (posed(pitch=-22), Problem.TURNED),
        (posed(roll=-14), Problem.TILTED),
        (measured(highlight=30, brightness=20), Problem.TOO_DARK),
        (measured(brightness=240), Problem.TOO_BRIGHT),
        (measured(clipped=0.5), Problem.TOO_BRIGHT),
        (measured(sharpness=3), Problem.BLURRED),
    ],
)
def test_should_name_what_is_wrong_and_nothing_else(reading: Reading, problem: Problem) -> None:
    assert QualityJudge(QualitySettings()).judge(reading) == (problem,)


def test_should_find_nothing_wrong_with_a_good_frame() -> None:
    assert QualityJudge(QualitySettings()).judge(READING) == ()


def test_should_put_the_most_urgent_problem_first() -> None:
    reading = replace(measured(eye_share=0.08, sharpness=1), others=(BESIDE,))
    assert QualityJudge(QualitySettings()).judge(reading) == (
        Problem.SECOND_FACE,
        Problem.TOO_FAR,
        Problem.BLURRED,
    )


def test_should_ask_for_light_and_not_for_a_steady_hand_in_the_dark() -> None:
    assert QualityJudge(QualitySettings()).judge(measured(highlight=30, sharpness=1)) == (Problem.TOO_DARK,)


def test_should_not_mind_where_the_face_is_in_a_photo() -> None:
    assert QualityJudge(PHOTO_QUALITY).judge(measured(eye_share=0.05, center=(0.1, 0.9))) == ()


@pytest.mark.parametrize(
    ("camera_px", "eye_share", "near_enough"),
    [
        (720, 0.14, True),  # 100 px
        (540, 0.14, False),  # 76 px, and 92 px at 0.17
        (540, 0.17, True),
        (480, 0.14, True),  # 67 px; 90 px would be too near for comfort
        (480, 0.12, False),  # as ever
        (0, 0.14, True),
    ],
)
def test_should_ask_to_come_nearer_where_the_camera_then_gives_enough(
    camera_px: int, eye_share: float, near_enough: bool
) -> None:
    found = QualityJudge(QualitySettings()).judge(measured(eye_share=eye_share), camera_px)
    assert found == (() if near_enough else (Problem.TOO_FAR,))
