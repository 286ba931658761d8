from __future__ import annotations

from collections.abc import Iterator

import cv2
import mediapipe as mp
import numpy as np
import pytest
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions, RunningMode

from core.regions import EYES
from core.settings import LandmarkSettings
from core.vision import assets
from core.vision.mesh import Mesh, detect
from core.vision.pose import pose
from core.vision.reading import Face, Frame, Image
from core.vision.roi import Roi
from core.vision.tracker import FaceTracker
from tests.footage import Blink, Scene, astronaut, stranger

WIDTH, HEIGHT = 640, 480
EMPTY = np.full((HEIGHT, WIDTH, 3), 90, np.uint8)


@pytest.fixture
def tracker() -> FaceTracker:
    return FaceTracker(assets.ensure_face_model(), LandmarkSettings())


@pytest.fixture
def landmarker() -> Iterator[FaceLandmarker]:
    """FaceLandmarker as it was asked before its networks were run without it."""
    options = FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(assets.ensure_face_model())),
        running_mode=RunningMode.VIDEO,
        num_faces=2,
        min_face_detection_confidence=LandmarkSettings().min_detection_live,
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    with FaceLandmarker.create_from_options(options) as landmarker:
        yield landmarker


def both() -> Image:
    """The astronaut on the left, a smaller stranger on the right."""
    picture = EMPTY.copy()
    for person, (x, y), inter_eye in ((astronaut(), (200, 200), 80.0), (stranger(), (500, 200), 55.0)):
        zoom = inter_eye / float(np.hypot(*(person.eyes[0] - person.eyes[1])))
        shift = np.array([x, y]) - zoom * person.eyes.mean(axis=0)
        matrix = np.array([[zoom, 0, shift[0]], [0, zoom, shift[1]]])
        half = round(1.7 * inter_eye)
        part = np.s_[max(y - half, 0) : y + half, x - half : x + half]
        picture[part] = cv2.warpAffine(person.rgb, matrix, (WIDTH, HEIGHT))[part]
    return picture


def placed(x: int) -> Image:
    """One person whose frame is moved `x` pixels to the right; the edge's pixels are repeated."""
    frame = Scene(astronaut(), size=(WIDTH, HEIGHT)).frame(0.0, 1.0).rgb
    matrix = np.array([[1.0, 0, x], [0, 1, 0]])
    return cv2.warpAffine(frame, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)


def alike(face: Face, mesh: Mesh) -> None:
    points = mesh.points * np.array([WIDTH, HEIGHT, WIDTH], np.float32)
    off = np.hypot(*(face.landmarks - points)[:, :2].T) / face.inter_eye_px
    assert off.mean() < 0.003
    for eye, shape in zip(EYES, (9, 10), strict=True):
        assert face.blink[eye] == pytest.approx(mesh.blendshapes[shape], abs=0.02)
    there = pose(mesh.matrix)
    for angle in ("yaw", "pitch", "roll"):
        assert getattr(face.pose, angle) == pytest.approx(getattr(there, angle), abs=0.5)


def test_should_say_what_face_landmarker_says(tracker: FaceTracker, landmarker: FaceLandmarker) -> None:
    shut = 0.0
    for frame in Scene(astronaut(), size=(WIDTH, HEIGHT), fps=15).play(1.0, Blink(0.4)):
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.rgb)
        (mesh,), (face,) = detect(landmarker, image, round(frame.t * 1000)), tracker.find(frame)
        alike(face, mesh)
        shut = max(shut, *face.blink.values())
    assert shut > 0.4


def test_two_people_should_both_be_found_the_larger_first(tracker: FaceTracker, landmarker: FaceLandmarker) -> None:
    for number in range(3):
        frame = Frame(both(), number / 15)
        meshes = detect(landmarker, mp.Image(image_format=mp.ImageFormat.SRGB, data=frame.rgb), number * 66)
        large, small = tracker.find(frame)
        assert large.inter_eye_px == pytest.approx(80, abs=10) and small.inter_eye_px == pytest.approx(55, abs=10)
        left, right = sorted(meshes, key=lambda mesh: mesh.points[1, 0])
        alike(large, left)
        alike(small, right)


def test_a_second_person_should_be_found_in_the_frame_in_which_he_comes(tracker: FaceTracker) -> None:
    alone = both()
    alone[:, WIDTH // 2 :] = EMPTY[:, WIDTH // 2 :]
    seen = [len(tracker.find(Frame(rgb, n / 15))) for n, rgb in enumerate([alone, alone, both(), both(), alone])]
    assert seen == [1, 1, 2, 2, 1]


def test_a_face_that_jumps_should_be_where_it_is_in_that_frame(tracker: FaceTracker) -> None:
    tracker.find(Frame(placed(-150), 0.0))
    (there,) = tracker.find(Frame(placed(150), 1 / 15))
    (fresh,) = FaceTracker(assets.ensure_face_model(), LandmarkSettings()).find(Frame(placed(150), 1 / 15))
    np.testing.assert_array_equal(there.landmarks, fresh.landmarks)


def test_a_face_that_leaves_should_be_lost_and_found_again(tracker: FaceTracker) -> None:
    pictures = [placed(0), placed(-250), EMPTY, EMPTY, placed(0)]
    seen = [len(tracker.find(Frame(rgb, number / 15))) for number, rgb in enumerate(pictures)]
    assert seen[0] == 1 and seen[2:] == [0, 0, 1]


def test_what_the_detector_no_longer_sees_should_be_looked_for_where_it_was() -> None:
    blind = LandmarkSettings(min_detection_live=1.1)
    tracker = FaceTracker(assets.ensure_face_model(), LandmarkSettings())
    (before,) = tracker.find(Frame(placed(0), 0.0))
    tracker.settings = blind
    (after,) = tracker.find(Frame(placed(4), 1 / 15))
    assert (after.landmarks - before.landmarks)[:, 0].mean() == pytest.approx(4, abs=1)
    assert FaceTracker(assets.ensure_face_model(), blind).find(Frame(placed(0), 0.0)) == ()


def test_a_stream_that_changes_its_size_should_be_searched_anew(tracker: FaceTracker) -> None:
    (face,) = tracker.find(Frame(placed(0), 0.0))
    half = cv2.resize(placed(0), (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)
    (small,) = tracker.find(Frame(half, 1 / 15))
    assert small.inter_eye_px == pytest.approx(face.inter_eye_px / 2, rel=0.05)


def test_the_detector_should_look_once_a_second_where_a_face_is_expected_and_is_there(
    tracker: FaceTracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Image] = []
    regions = tracker._detector.regions

    def noted(rgb: Image, lowest: float) -> list[Roi]:
        looked.append(rgb)
        return regions(rgb, lowest)

    monkeypatch.setattr(tracker._detector, "regions", noted)
    (face,) = tracker.find(Frame(placed(0), 0.0))
    for t in (0.3, 0.6, 0.9):
        assert len(tracker.find(Frame(placed(0), t), face)) == 1
    assert len(looked) == 1
    assert tracker.find(Frame(EMPTY, 0.95), face) == ()
    assert len(looked) == 2
    one, _ = tracker.find(Frame(both(), 2.0))
    assert [len(tracker.find(Frame(both(), t), one)) for t in (2.5, 3.1)] == [1, 2]
