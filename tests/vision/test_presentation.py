"""The look for screens and prints: what is cut, when it looks, what the scores become, and the committed model."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.settings import AlignmentSettings, PlaneSettings, PresentationSettings
from core.vision import assets
from core.vision.alignment import FaceAligner
from core.vision.presentation import PresentationLook, PresentationThresholds, ViewCutter
from core.vision.reading import Face, Frame, Pose, Sign
from tests.portraits import astronaut

SIDE = PresentationSettings().view_px
LIMITS = PresentationThresholds(suspect=0.8, edge=0.9)


def face_at(x: float, y: float, side: float) -> Face:
    """A face whose outline is a square of `side` pixels round (x, y)."""
    landmarks = np.zeros((478, 3), np.float32)
    landmarks[:, 0] = x + side * np.linspace(-0.5, 0.5, 478)
    landmarks[:, 1] = y + side * np.linspace(-0.5, 0.5, 478)
    landmarks[10, :2], landmarks[152, :2] = (x - side / 2, y - side / 2), (x + side / 2, y + side / 2)
    return Face(landmarks, Pose(0, 0, 0), {}, side / 2)


def test_should_cut_the_detail_at_the_cameras_own_resolution() -> None:
    rgb = np.random.default_rng(1).integers(0, 255, (480, 640, 3), np.uint8)
    _, detail, _ = ViewCutter(PresentationSettings()).cut(rgb, face_at(320, 240, 200))
    found = rgb[240 - SIDE // 2 : 240 + SIDE // 2, 320 - SIDE // 2 : 320 + SIDE // 2]
    assert np.array_equal(detail, found)


def test_should_show_what_lies_round_the_face_in_the_third_view_only() -> None:
    rgb = np.full((600, 600, 3), 90, np.uint8)
    rgb[:, 480:520] = 255  # a bright bar 200 px off the middle, as the edge of a phone
    face, detail, surroundings = ViewCutter(PresentationSettings()).cut(rgb, face_at(300, 300, 180))
    assert face.max() == detail.max() == 90
    assert surroundings.max() == 255


@pytest.mark.parametrize("at", [(0, 0), (639, 240), (320, 479), (-40, 500)])
@pytest.mark.parametrize("size", [(480, 640), (120, 160)])
def test_should_fill_up_with_grey_what_lies_outside_the_frame(at: tuple[int, int], size: tuple[int, int]) -> None:
    rgb = np.full((*size, 3), 200, np.uint8)
    views = ViewCutter(PresentationSettings()).cut(rgb, face_at(*at, 100))
    assert views.shape == (3, SIDE, SIDE, 3)
    assert set(np.unique(views)) <= {127, 200}


def test_should_look_at_a_stream_three_times_a_second_and_at_every_photo() -> None:
    portrait = astronaut()
    face = Face(portrait.landmarks, Pose(0, 0, 0), {}, portrait.inter_eye_px)
    aligned = FaceAligner(AlignmentSettings()).align(portrait.rgb, face.landmarks)
    times = [number / 30 for number in range(90)]
    for live, looks in ((True, 9), (False, 90)):
        look = PresentationLook(
            assets.model_path("presentation"), LIMITS, PresentationSettings(), PlaneSettings(), live=live
        )
        found = [look.look(Frame(portrait.rgb, t), face, aligned) for t in times]
        assert sum(one is not None for one in found) == pytest.approx(looks, abs=1)


def test_should_look_again_at_once_when_a_stream_starts_anew() -> None:
    portrait = astronaut()
    face = Face(portrait.landmarks, Pose(0, 0, 0), {}, portrait.inter_eye_px)
    aligned = FaceAligner(AlignmentSettings()).align(portrait.rgb, face.landmarks)
    look = PresentationLook(
        assets.model_path("presentation"), LIMITS, PresentationSettings(), PlaneSettings(), live=True
    )
    assert look.look(Frame(portrait.rgb, 100.0), face, aligned) is not None
    assert look.look(Frame(portrait.rgb, 0.0), face, aligned) is not None


@pytest.mark.parametrize(
    ("scores", "signs"),
    [
        ((0.05, 0.02, 0.1), ()),
        ((0.7, 0.15, 0.1), (Sign.SCREEN,)),
        ((0.2, 0.7, 0.1), (Sign.PRINT,)),
        ((0.3, 0.3, 0.95), (Sign.EDGE,)),
        ((0.85, 0.1, 0.9), (Sign.SCREEN, Sign.EDGE)),
    ],
)
def test_should_name_the_signs_that_are_beyond_what_people_reach(
    scores: tuple[float, float, float], signs: tuple[Sign, ...]
) -> None:
    assert LIMITS.signs(*scores) == signs


def test_should_take_the_thresholds_from_the_manifest() -> None:
    limits = PresentationThresholds.from_manifest(assets.manifest())
    assert 0.5 <= limits.suspect < 1
    assert replace(limits, edge=1.0).signs(limits.suspect, 0.0, 0.5) == (Sign.SCREEN,)
