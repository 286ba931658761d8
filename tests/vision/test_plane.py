"""Flat things and heads that turn, drawn from the astronaut's photograph."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest

from core.regions import Region
from core.settings import AlignmentSettings, PlaneSettings, Settings
from core.vision.alignment import FaceAligner
from core.vision.plane import PlaneMotion
from core.vision.reader import FaceReader
from core.vision.reading import Aligned, Sign
from tests.footage import Action, Cover, Scene, Talk, Thing, Turn, astronaut

SIZE = (640, 480)
LOOK_S = 0.34
FLAT = PlaneSettings().flat

Tilt = Callable[[float], tuple[float, float]]
"""Seconds -> yaw and pitch of a sheet, degrees."""


def tilted(yaw: float, pitch: float) -> np.ndarray:
    """(3, 3): a sheet before a camera, turned about the middle of the picture, seen from three of its heights."""
    far, (a, b) = 3.0 * SIZE[1], np.radians([pitch, yaw])
    turn = np.array(
        [
            [np.cos(b), 0, np.sin(b)],
            [np.sin(a) * np.sin(b), np.cos(a), -np.sin(a) * np.cos(b)],
            [-np.cos(a) * np.sin(b), np.sin(a), np.cos(a) * np.cos(b)],
        ]
    )
    lens, middle = np.diag([far, far, 1.0]), np.array([[1, 0, SIZE[0] / 2], [0, 1, SIZE[1] / 2], [0, 0, 1.0]])
    return middle @ lens @ np.column_stack([turn[:, 0], turn[:, 1], [0, 0, far]]) @ np.linalg.inv(middle)


def sheet(moved: Callable[[float], np.ndarray], seconds: float, noise: float = 1.5) -> Iterator[tuple[float, Aligned]]:
    """A print that is moved, as it is looked at."""
    portrait, aligner = astronaut().placed(SIZE, 100.0), FaceAligner(AlignmentSettings())
    chance = np.random.default_rng(3)
    for t in np.arange(0.0, seconds, LOOK_S).tolist():
        matrix = moved(t)
        rgb = cv2.warpPerspective(portrait.rgb, matrix, SIZE, borderMode=cv2.BORDER_REPLICATE)
        rgb = (rgb + chance.normal(0, noise, rgb.shape)).clip(0, 255).astype(np.uint8)
        flat = cv2.perspectiveTransform(portrait.landmarks[None, :, :2], matrix)[0]
        yield t, aligner.align(rgb, np.column_stack([flat, portrait.landmarks[:, 2]]))


def shares(looks: Iterator[tuple[float, Aligned]]) -> list[float]:
    """What was measured of those that had turned."""
    motion = PlaneMotion(PlaneSettings())
    found = [motion.measure(t, aligned) for t, aligned in looks]
    return [share for share in found if share is not None]


def head(*actions: Action, seconds: float = 5.0, size: tuple[int, int] = SIZE) -> list[tuple[Sign, ...]]:
    """The signs of a drawn head that moves in depth, in each look at it."""
    scene = Scene(astronaut(), size=size, fps=3.0)
    with FaceReader(Settings(), live=True) as reader:
        found = [reader.read(frame).presentation for frame in scene.play(seconds, *actions)]
    return [one.signs for one in found if one is not None]


@pytest.mark.parametrize(
    "tilt",
    [
        lambda t: (38 * np.sin(2 * t), 0.0),
        lambda t: (0.0, 38 * np.sin(2 * t)),
        lambda t: (30 * np.sin(2.5 * t), 25 * np.cos(2 * t)),
    ],
    ids=["sideways", "up and down", "both"],
)
def test_should_find_a_print_flat_that_is_tilted(tilt: Tilt) -> None:
    found = shares(sheet(lambda t: tilted(*tilt(t)), 5.0))
    assert len(found) >= 6
    assert np.mean([share <= FLAT for share in found]) > 0.9


@pytest.mark.parametrize(
    "moved",
    [
        lambda t: np.eye(3),
        lambda t: np.array([[1, 0, 40 * np.sin(3 * t)], [0, 1, 25 * np.sin(2 * t)], [0, 0, 1.0]]),
        lambda t: np.vstack([cv2.getRotationMatrix2D((320, 240), 12 * np.sin(2 * t), 1 + 0.1 * np.sin(t)), [0, 0, 1]]),
    ],
    ids=["still", "shifted", "rolled and nearer"],
)
def test_should_say_nothing_of_a_face_that_does_not_turn(moved: Callable[[float], np.ndarray]) -> None:
    assert shares(sheet(moved, 5.0)) == []


@pytest.mark.parametrize("size", [SIZE, (320, 240)])
def test_should_not_find_a_head_flat_that_turns(size: tuple[int, int]) -> None:
    turns = [
        Turn(at, at + 1.5, yaw=yaw, pitch=pitch) for at, yaw, pitch in ((0.3, 16, 0), (2.0, -16, 6), (3.6, 8, -12))
    ]
    assert not any(Sign.PLANE in signs for signs in head(*turns, size=size))


def test_should_not_find_a_head_flat_that_talks_or_is_covered() -> None:
    nod = Turn(0.5, 4.5, yaw=10.0)
    assert not any(Sign.PLANE in signs for signs in head(nod, Talk(0.0, 5.0, 0.06)))
    paper = Cover(Thing.PAPER, Region.MOUTH, 1.0, 3.5)
    assert sum(Sign.PLANE in signs for signs in head(nod, paper)) < 2


def test_should_compare_with_the_last_seconds_only() -> None:
    motion = PlaneMotion(PlaneSettings())
    (_, straight), *_ = sheet(lambda t: np.eye(3), 0.1)
    (_, aside), *_ = sheet(lambda t: tilted(40, 0), 0.1)
    assert motion.measure(0.0, straight) is None
    assert motion.measure(3.0, aside) is None
    assert motion.measure(2.0, straight) is None  # a stream that begins anew
    share = motion.measure(2.5, aside)
    assert share is not None
    assert share <= FLAT


@pytest.mark.parametrize("level", [0, 128, 255])
def test_should_say_nothing_of_a_face_without_a_picture(level: int) -> None:
    motion = PlaneMotion(PlaneSettings())
    for t, aligned in sheet(lambda t: tilted(38 * np.sin(2 * t), 0), 3.0):
        blank = Aligned(np.full_like(aligned.rgb, level), aligned.matrix, aligned.landmarks, aligned.scale)
        assert motion.measure(t, blank) is None
