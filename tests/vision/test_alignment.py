import math

import cv2
import numpy as np
import pytest

from core.regions import EYE_CORNERS, Region
from core.settings import AlignmentSettings
from core.vision.alignment import FaceAligner, cut
from core.vision.roi import Roi


def mesh(center: tuple[float, float], inter_eye: float, degrees: float) -> np.ndarray:
    """A mesh with only the anchors in place: eye corners and mouth corners of a mean face."""
    shape = {33: (-0.722, -0.02), 133: (-0.278, 0.02), 362: (0.278, 0.02), 263: (0.722, -0.02)}
    shape |= {61: (-0.44, 1.041), 291: (0.44, 1.041)}
    angle = np.radians(degrees)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    points = np.zeros((478, 3), np.float32)
    for index, point in shape.items():
        points[index, :2] = np.array(center) + turn @ np.array(point) * inter_eye
    return points


@pytest.mark.parametrize(("inter_eye", "degrees"), [(30.0, 0.0), (80.0, 25.0), (300.0, -40.0)])
def test_should_put_the_eyes_in_the_same_place_at_any_size_and_tilt(inter_eye: float, degrees: float) -> None:
    settings = AlignmentSettings()
    aligned = FaceAligner(settings).align(np.zeros((480, 640, 3), np.uint8), mesh((320, 200), inter_eye, degrees))
    right, left = (
        aligned.landmarks[list(EYE_CORNERS[eye])].mean(axis=0) for eye in (Region.RIGHT_EYE, Region.LEFT_EYE)
    )
    assert left - right == pytest.approx([settings.face_px / settings.face_side, 0], abs=0.1)
    assert (left + right)[0] / 2 == pytest.approx(settings.face_px / 2, abs=0.1)
    assert aligned.scale == pytest.approx(settings.face_px / settings.face_side / inter_eye, rel=1e-3)


@pytest.mark.parametrize("inter_eye", [40.0, 90.0, 400.0])
def test_should_cut_the_eye_that_was_asked_for_whatever_the_reduction(inter_eye: float) -> None:
    points = mesh((640, 400), inter_eye, 10)
    rgb = np.zeros((1000, 1280, 3), np.uint8)
    spots = {Region.RIGHT_EYE: (255, 0, 0), Region.LEFT_EYE: (0, 255, 0)}
    for eye, colour in spots.items():
        x, y = points[list(EYE_CORNERS[eye]), :2].mean(axis=0)
        cv2.circle(rgb, (round(x), round(y)), int(inter_eye * 0.1), colour, -1)
    settings = AlignmentSettings()
    aligner = FaceAligner(settings)
    aligned = aligner.align(rgb, points)
    for eye, colour in spots.items():
        crop = aligner.eye(rgb, aligned, eye).astype(float)
        channel = crop[..., int(np.argmax(colour))]
        rows, columns = np.nonzero(channel > 128)
        middle = (settings.eye_px - 1) / 2
        assert (columns.mean(), rows.mean()) == pytest.approx((middle, middle), abs=1.0 + 20 / inter_eye)
        assert crop[..., 1 - int(np.argmax(colour))].max() < 60


def test_should_show_both_eyes_the_same_way_round() -> None:
    points = mesh((320, 240), 100, 0)
    rgb = np.zeros((480, 640, 3), np.uint8)
    rgb[:, :220] = rgb[:, 420:] = 255  # outside the outer corners: the temples
    aligner = FaceAligner(AlignmentSettings())
    aligned = aligner.align(rgb, points)
    for eye in (Region.LEFT_EYE, Region.RIGHT_EYE):
        crop = aligner.eye(rgb, aligned, eye)[..., 0].astype(float)
        half = crop.shape[1] // 2
        assert crop[:, :half].mean() >= crop[:, half:].mean()


def test_should_repeat_the_edge_for_a_face_that_leaves_the_frame() -> None:
    rgb = np.full((120, 160, 3), 77, np.uint8)
    aligner = FaceAligner(AlignmentSettings())
    aligned = aligner.align(rgb, mesh((5, 5), 60, 0))
    assert (aligned.rgb == 77).all()
    assert (aligner.eye(rgb, aligned, Region.RIGHT_EYE) == 77).all()


def test_should_keep_quiet_about_a_face_wholly_outside() -> None:
    aligned = FaceAligner(AlignmentSettings()).align(np.zeros((120, 160, 3), np.uint8), mesh((900, 900), 60, 0))
    assert aligned.rgb.shape == (AlignmentSettings().face_px,) * 2 + (3,)


def test_a_region_should_be_cut_upright() -> None:
    picture = np.zeros((200, 300, 3), np.uint8)
    picture[80:120, 140:160] = 255  # a standing bar
    lying = cut(picture, Roi(150, 100, 80, 80, math.pi / 2), 80, cv2.BORDER_CONSTANT)
    assert lying[40, 22:58].min() == 255 and lying[20, 40].max() == 0


@pytest.mark.parametrize("border", [cv2.BORDER_REPLICATE, cv2.BORDER_CONSTANT])
def test_a_region_should_be_cut_as_opencv_cuts_three_colours(border: int) -> None:
    rgb = np.random.default_rng(4).integers(0, 256, (120, 160, 3), np.uint8)
    roi = Roi(100.0, 40.0, 130.0, 110.0, 0.4)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    expected = cv2.warpAffine(rgb, roi.matrix(64), (64, 64), flags=flags, borderMode=border)
    np.testing.assert_array_equal(cut(rgb, roi, 64, border), expected)
