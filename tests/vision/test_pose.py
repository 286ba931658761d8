"""Head pose, wherever in the picture the face stands."""

from __future__ import annotations

import numpy as np
import pytest

from core.settings import LandmarkSettings
from core.vision import assets
from core.vision.landmarks import FaceFinder
from core.vision.pose import pose
from core.vision.reading import Frame, Pose
from tests.portraits import astronaut

SIZES = ((640, 480), (480, 640))


def turned(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """MediaPipe's matrix of a face in the picture's middle, 40 cm away."""
    a, b, c = np.radians([yaw, pitch, roll])
    ahead = np.array([np.sin(a) * np.cos(b), np.sin(b), np.cos(a) * np.cos(b)])
    across = np.cross([0.0, 1.0, 0.0], ahead)
    across /= np.linalg.norm(across)
    up = np.cross(ahead, across)
    matrix = np.eye(4)
    matrix[:3, 0] = np.cos(c) * across - np.sin(c) * up
    matrix[:3, 1] = np.sin(c) * across + np.cos(c) * up
    matrix[:3, 2] = ahead
    matrix[:3, 3] = (0.0, 0.0, -40.0)
    return matrix


@pytest.mark.parametrize(("yaw", "pitch"), [(0, 0), (15, 0), (-20, 5), (0, 18), (0, -18), (10, -10)])
def test_should_name_the_turn_of_a_face_in_the_middle(yaw: float, pitch: float) -> None:
    found = pose(turned(yaw, pitch, 0.0))
    assert (found.yaw, found.pitch, found.roll) == pytest.approx((yaw, pitch, 0.0), abs=0.01)


@pytest.mark.parametrize("roll", [-10.0, 0.0, 10.0])
def test_should_name_the_tilt(roll: float) -> None:
    assert pose(turned(0.0, 0.0, roll)).roll == pytest.approx(roll, abs=0.01)


@pytest.fixture(scope="module")
def places() -> dict[tuple[tuple[int, int], tuple[int, int]], Pose]:
    """The pose of the same pixels in and around the middle of the picture."""
    found = {}
    with FaceFinder(assets.ensure_face_model(), LandmarkSettings()) as finder:
        for size in SIZES:
            rgb = astronaut().placed(size, 0.2 * min(size)).rgb
            far = max(size) // 4
            for x, y in ((0, 0), (far, 0), (-far, 0), (0, far), (0, -far)):
                if (x and size[0] < size[1]) or (y and size[0] > size[1]):
                    continue
                moved = np.roll(rgb, (y, x), (0, 1))
                found[size, (x, y)] = finder.find(Frame(np.ascontiguousarray(moved), 0.0))[0].pose
    return found


@pytest.mark.parametrize("size", SIZES)
def test_should_be_the_same_wherever_the_face_stands(size: tuple[int, int], places: dict) -> None:
    middle = places[size, (0, 0)]
    for (frame, _), seen in places.items():
        if frame == size:
            assert (seen.yaw, seen.pitch, seen.roll) == pytest.approx((middle.yaw, middle.pitch, middle.roll), abs=1.5)
