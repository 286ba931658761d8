from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.settings import LandmarkSettings, OtherFaceSettings
from core.vision import assets
from core.vision.detector import StreamDetector
from core.vision.landmarks import FaceFinder
from core.vision.others import OtherFaces
from core.vision.reading import Face, Frame, Image
from tests.footage import Scene, astronaut, stranger

WIDTH, HEIGHT = 640, 480
ONE = Scene(astronaut()).frame(0.0, 1.0).rgb
STRANGER = stranger()


@pytest.fixture(scope="module")
def face() -> Face:
    with FaceFinder(assets.ensure_face_model(), LandmarkSettings()) as finder:
        (found,) = finder.find(Frame(ONE, 0.0))
    return found


@pytest.fixture
def others() -> OtherFaces:
    detector = StreamDetector(assets.ensure_face_model())
    return OtherFaces(detector, OtherFaceSettings(), live=True)


def beside(x: float, inter_eye_px: float = 80.0) -> Image:
    """The astronaut, and a stranger whose eyes' middle is at `x`, in front of everything."""
    zoom = inter_eye_px / float(np.hypot(*(STRANGER.eyes[0] - STRANGER.eyes[1])))
    middle = STRANGER.eyes.mean(axis=0)
    matrix = np.array([[zoom, 0, x - zoom * middle[0]], [0, zoom, 200 - zoom * middle[1]]])
    layer = cv2.warpAffine(STRANGER.rgb, matrix, (WIDTH, HEIGHT))
    picture = ONE.copy()
    left, right = int(max(x - 90, 0)), int(min(x + 90, WIDTH))
    picture[80:380, left:right] = layer[80:380, left:right]
    return picture


def test_one_person_should_have_nobody_beside(others: OtherFaces, face: Face) -> None:
    assert others.find(Frame(ONE, 0.0), face) == ()


@pytest.mark.parametrize("x", [90, 45, 595])
def test_a_second_face_should_be_found_though_the_edge_cuts_it(others: OtherFaces, face: Face, x: float) -> None:
    (box,) = others.find(Frame(beside(x), 0.0), face)
    assert box.left < x < box.right
    assert 120 < box.right - box.left < 330


def test_it_should_look_again_after_a_while_and_in_every_frame_once_it_has_found_one(
    others: OtherFaces, face: Face
) -> None:
    two = beside(90)
    seen = [others.find(Frame(rgb, t), face) for t, rgb in ((0.0, ONE), (0.04, two), (0.08, two), (0.1, ONE))]
    assert [len(found) for found in seen] == [0, 0, 1, 0]


def test_it_should_not_look_again_soon_where_only_the_main_face_changes(
    others: OtherFaces, face: Face, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Image] = []

    def look(rgb: Image, main: Face) -> tuple[()]:
        looked.append(rgb)
        return ()

    monkeypatch.setattr(others, "_look", look)
    smile = ONE.copy()
    x, y = face.landmarks[1, :2].astype(int)
    smile[y : y + 40, x - 30 : x + 30] = 255
    for t in (0.0, 0.1, 0.2, 0.3, 0.4, 0.52):
        others.find(Frame(ONE if t == 0.1 else smile, t), face)
    assert len(looked) == 2
    others.find(Frame(beside(90), 0.62), face)
    assert len(looked) == 3


def test_a_stream_that_begins_anew_should_be_looked_at(others: OtherFaces, face: Face) -> None:
    others.find(Frame(ONE, 9.0), face)
    assert len(others.find(Frame(beside(90), 0.0), face)) == 1


def test_photos_should_all_be_looked_at(face: Face) -> None:
    detector = StreamDetector(assets.ensure_face_model())
    finder = OtherFaces(detector, OtherFaceSettings(), live=False)
    assert [len(finder.find(Frame(rgb, 0.0), face)) for rgb in (ONE, beside(90), ONE)] == [0, 1, 0]


def test_what_passes_for_a_face_on_the_main_head_should_not_count(others: OtherFaces, face: Face) -> None:
    # The same picture as above, but it is the stranger that is followed now.
    both = beside(90)
    with FaceFinder(assets.ensure_face_model(), LandmarkSettings()) as finder:
        (left,) = (found for found in finder.find(Frame(both, 0.0)) if found.landmarks[1, 0] < 200)
    (box,) = others.find(Frame(both, 0.0), left)
    assert box.left > 150
