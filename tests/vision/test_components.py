"""Quality components: that each moves as the standard's does, and the mappings at points worked out by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
import pytest

from core.regions import EYES, INNER_LIPS, LOWER_LIDS, UPPER_LIDS
from core.vision.components import Component, Measured, shape_components
from core.vision.pixel_components import pixel_components
from core.vision.reading import Face, Image, Pose, Reading
from tests.portraits import Portrait, astronaut

FACE = astronaut().placed((640, 480), 100.0)


STRAIGHT = Pose(0.0, 0.0, 0.0)


def reading(portrait: Portrait = FACE, pose: Pose = STRAIGHT) -> Reading:
    height, width = portrait.rgb.shape[:2]
    face = Face(portrait.landmarks, pose, dict.fromkeys(EYES, 0.0), portrait.inter_eye_px)
    return Reading(0.0, (width, height), 120.0, face)


def shape(seen: Reading | None = None, size: tuple[int, int] = (640, 480)) -> dict[Component, Measured]:
    return shape_components(seen or reading(), size)


def pixels(rgb: Image = FACE.rgb, seen: Reading | None = None) -> dict[Component, Measured]:
    return pixel_components(rgb, seen or reading())


def moved(*pairs: tuple[tuple[int, ...], tuple[int, ...]], share: float) -> Reading:
    """With lower points brought to the upper ones (share 0), or moved as many times as far off."""
    points = FACE.landmarks.copy()
    for upper, lower in pairs:
        points[list(lower)] = points[list(upper)] + share * (points[list(lower)] - points[list(upper)])
    return reading(replace(FACE, landmarks=points))


def test_should_name_all_that_it_can_measure() -> None:
    found = shape() | pixels()
    assert set(found) == set(Component)
    assert {name for name, one in found.items() if one.score is None} == {Component.SHARPNESS, Component.COMPRESSION}


@pytest.mark.parametrize(("degrees", "score"), [(0.0, 100), (10.0, 97), (18.0, 90), (45.0, 50), (80.0, 3)])
@pytest.mark.parametrize("angle", ["yaw", "pitch", "roll"])
def test_should_map_an_angle_by_its_cosine_squared(angle: str, degrees: float, score: int) -> None:
    found = shape(reading(pose=replace(STRAIGHT, **{angle: -degrees})))
    assert found[Component(f"head_pose_{angle}")] == Measured(-degrees, score)


@pytest.mark.parametrize(("eyes_px", "score"), [(70.0, 50), (90.0, 73), (130.0, 95)])
def test_should_count_the_eyes_distance_in_the_whole_pictures_pixels(eyes_px: float, score: int) -> None:
    width = round(640 * eyes_px / 100)
    found = shape(size=(width, round(width * 0.75)))[Component.INTER_EYE_DISTANCE]
    assert found.raw == pytest.approx(eyes_px, rel=0.01)
    assert found.score == pytest.approx(score, abs=1)


def test_should_take_the_heads_turn_out_of_the_eyes_distance() -> None:
    straight, turned = (shape(reading(pose=Pose(yaw, 0.0, 0.0)))[Component.INTER_EYE_DISTANCE] for yaw in (0.0, 60.0))
    assert turned.raw == pytest.approx(2 * straight.raw)


def test_shut_eyes_should_score_low_and_the_worse_eye_count() -> None:
    lids = [(UPPER_LIDS[eye], LOWER_LIDS[eye]) for eye in EYES]
    assert shape()[Component.EYES_OPEN].score == 100
    assert shape(moved(*lids, share=0.0))[Component.EYES_OPEN].score == pytest.approx(12, abs=1)
    assert shape(moved(lids[1], share=0.0))[Component.EYES_OPEN].raw == pytest.approx(0.0, abs=1e-3)


def test_a_mouth_should_score_lower_the_wider_it_is() -> None:
    scores = [shape(moved(INNER_LIPS, share=share))[Component.MOUTH_CLOSED].score for share in (0.0, 1.0, 3.0)]
    assert scores == sorted((score for score in scores if score is not None), reverse=True)
    assert scores[0] == pytest.approx(97, abs=1)
    assert scores[2] is not None and scores[2] < 60


def test_should_tell_a_head_of_half_the_pictures_height_from_a_small_one() -> None:
    near = astronaut().placed((640, 480), 120.0)
    far = astronaut().placed((640, 480), 60.0)
    scores = [shape(reading(one))[Component.HEAD_SIZE].score or 0 for one in (near, far)]
    assert scores[0] > 90 > 20 > scores[1]


def shaded(rgb: Image) -> Image:
    """Light from one side that leaves the other half of the face in the dark."""
    fall = np.where(np.arange(rgb.shape[1]) < rgb.shape[1] / 2, 1.0, 0.4)[None, :, None]
    return (rgb * fall).astype(np.uint8)


def scaled(gain: float) -> Callable[[Image], Image]:
    return lambda rgb: cv2.convertScaleAbs(rgb, alpha=gain)


@pytest.mark.parametrize(
    ("change", "component"),
    [
        (shaded, Component.ILLUMINATION_UNIFORMITY),
        (scaled(0.25), Component.UNDER_EXPOSURE),
        (scaled(6.0), Component.OVER_EXPOSURE),
    ],
)
def test_bad_light_should_lower_its_component(change: Callable[[Image], Image], component: Component) -> None:
    before, after = pixels()[component], pixels(change(FACE.rgb))[component]
    assert before.score is not None and after.score is not None
    assert after.score < before.score - 15


def test_a_face_whose_halves_are_lit_alike_should_be_even() -> None:
    mirror = FACE.rgb.copy()
    middle = round(float(FACE.eyes[:, 0].mean()))
    mirror[:, middle : 2 * middle] = mirror[:, :middle][:, ::-1]
    assert pixels(mirror)[Component.ILLUMINATION_UNIFORMITY].raw > 0.75


def test_blur_should_lower_sharpness_and_blocks_be_seen() -> None:
    blurred = cv2.GaussianBlur(FACE.rgb, (0, 0), 2.0)
    _, file = cv2.imencode(".jpg", FACE.rgb, [cv2.IMWRITE_JPEG_QUALITY, 15])
    blocks = cv2.imdecode(file, cv2.IMREAD_COLOR)
    assert blocks is not None
    assert pixels(blurred)[Component.SHARPNESS].raw < 0.3 * pixels()[Component.SHARPNESS].raw
    assert pixels()[Component.COMPRESSION].raw == pytest.approx(1.0, abs=0.05)
    assert pixels(blocks)[Component.COMPRESSION].raw > 1.5


def test_should_measure_the_whole_picture_by_the_reading_of_a_reduced_one() -> None:
    whole = cv2.resize(FACE.rgb, (1280, 960), interpolation=cv2.INTER_CUBIC)
    for name, one in pixels(whole).items():
        if one.score is not None:
            assert one.score == pytest.approx(pixels()[name].score, abs=3), name


def test_a_face_at_the_edge_should_be_measured_as_far_as_it_is_there() -> None:
    cut = FACE.warped(np.array([[1.0, 0, -240], [0, 1, 0]]), (640, 480))
    assert all(np.isfinite(one.raw) for one in pixels(cut.rgb, reading(cut)).values())
