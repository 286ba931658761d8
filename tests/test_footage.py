"""The footage must look to a face finder like what it says it is: other tests stand on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from core.regions import EYES, OUTLINES, Region
from core.settings import LandmarkSettings
from core.vision import assets
from core.vision.landmarks import FaceFinder
from core.vision.reading import Frame
from tests.drawing import draw
from tests.footage import (
    Blink,
    Cover,
    EyesShut,
    Leave,
    Light,
    Portrait,
    Scene,
    SecondFace,
    Swap,
    Talk,
    Thing,
    Turn,
    astronaut,
    stranger,
    write_clip,
)

SECONDS = 4.0


@pytest.fixture(scope="module")
def finder() -> Iterator[FaceFinder]:
    with FaceFinder(assets.ensure_face_model(), LandmarkSettings()) as finder:
        yield finder


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene(astronaut())


def test_the_face_should_be_near_and_straight(scene: Scene, finder: FaceFinder) -> None:
    (face,) = finder.find(scene.frame(0.0, SECONDS))
    assert 90 < face.inter_eye_px < 110
    assert abs(face.pose.yaw) < 10 and abs(face.pose.pitch) < 15 and abs(face.pose.roll) < 5


@pytest.mark.parametrize("portrait", [astronaut, stranger])
def test_a_blink_should_shut_both_eyes_and_open_them(portrait: Callable[[], Portrait], finder: FaceFinder) -> None:
    scene = Scene(portrait())
    for t, shut in ((0.95, False), (1.1, True), (1.3, False)):
        (face,) = finder.find(scene.frame(t, SECONDS, Blink(at=1.0)))
        for eye in EYES:
            assert face.blink[eye] > 0.5 if shut else face.blink[eye] < 0.3


def test_a_wink_should_shut_one_eye(scene: Scene, finder: FaceFinder) -> None:
    (face,) = finder.find(scene.frame(1.5, SECONDS, EyesShut(1.0, 2.0, eyes=(Region.LEFT_EYE,))))
    assert face.blink[Region.LEFT_EYE] > 3 * face.blink[Region.RIGHT_EYE]


@pytest.mark.parametrize("region", list(Region))
def test_a_hand_should_cover_the_region_it_is_laid_on(region: Region) -> None:
    portrait = astronaut().placed((640, 480), 100)
    layer, _ = draw(Thing.HAND, region, portrait.landmarks, (640, 480))
    assert _covered(layer, portrait, region) > 0.7
    if region is Region.MOUTH:
        assert all(_covered(layer, portrait, eye) < 0.05 for eye in EYES)


@pytest.mark.parametrize(
    ("thing", "region", "clear"),
    [
        (Thing.MASK, Region.MOUTH, Region.LEFT_EYE),
        (Thing.SUNGLASSES, Region.LEFT_EYE, Region.MOUTH),
        (Thing.PAPER, Region.MOUTH, Region.LEFT_EYE),
        (Thing.PEN, Region.NOSE, Region.LEFT_EYE),
    ],
)
def test_a_thing_should_cover_its_region_alone(thing: Thing, region: Region, clear: Region) -> None:
    portrait = astronaut().placed((640, 480), 100)
    layer, _ = draw(thing, region, portrait.landmarks, (640, 480))
    assert _covered(layer, portrait, region) > (0.2 if thing is Thing.PEN else 0.9)
    assert _covered(layer, portrait, clear) < 0.02


def _covered(layer: np.ndarray, portrait: Portrait, region: Region) -> float:
    mask = np.zeros(layer.shape[:2], np.uint8)
    cv2.fillPoly(mask, [portrait.landmarks[list(OUTLINES[region]), :2].astype(np.int32)], 1)
    return float((layer[mask > 0, 3] > 128).mean())


def test_a_cover_should_come_and_go(scene: Scene) -> None:
    cover = Cover(Thing.HAND, Region.MOUTH, 1.0, 2.0)
    plain, there, gone = (
        scene.frame(t, SECONDS, *actions).rgb for t, actions in ((1.5, ()), (1.5, (cover,)), (2.1, (cover,)))
    )
    assert np.abs(plain.astype(int) - there).mean() > 5
    assert np.array_equal(gone, scene.frame(2.1, SECONDS).rgb)


def test_another_face_should_be_far_from_the_first_in_shape(finder: FaceFinder) -> None:
    shapes = []
    for portrait in (astronaut(), stranger()):
        points = portrait.placed((640, 480), 100).landmarks[:, :2]
        shapes.append(points - points.mean(axis=0))
    mirrored_noise = 2.0  # px at 100 px between the eyes: what mirroring alone moves the mesh by, and more
    assert np.linalg.norm(shapes[0] - shapes[1], axis=1).mean() > mirrored_noise


def test_a_swap_should_keep_the_eyes_in_place(scene: Scene, finder: FaceFinder) -> None:
    swap = Swap(stranger(), at=1.0)
    (before,), (after,) = (finder.find(scene.frame(t, SECONDS, swap)) for t in (0.98, 1.0))
    assert np.abs(before.landmarks[[33, 263], :2] - after.landmarks[[33, 263], :2]).max() < 12


def test_two_people_should_both_be_found(scene: Scene, finder: FaceFinder) -> None:
    assert len(finder.find(scene.frame(1.5, SECONDS, SecondFace(stranger(), 1.0, 2.0)))) == 2


def test_nobody_should_be_found_once_the_person_left(scene: Scene, finder: FaceFinder) -> None:
    leave = Leave(1.0, 3.0)
    assert [len(finder.find(scene.frame(t, SECONDS, leave))) for t in (0.9, 2.0, 3.1)] == [1, 0, 1]


def test_a_dark_scene_should_be_black(scene: Scene) -> None:
    assert scene.frame(1.5, SECONDS, Light(1.0, 2.0, gain=0.0)).rgb.mean() < 3


def test_a_turned_head_should_be_turned(scene: Scene, finder: FaceFinder) -> None:
    yaws = [finder.find(scene.frame(1.5, SECONDS, Turn(1.0, 2.0, yaw=y)))[0].pose.yaw for y in (-20, 0, 20)]
    assert yaws[0] + 5 < yaws[1] < yaws[2] - 5


def test_talking_should_move_the_jaw(scene: Scene, finder: FaceFinder) -> None:
    chins = [
        finder.find(scene.frame(t, SECONDS, Talk(0.5, 3.5, 0.15)))[0].landmarks[152, 1] for t in np.arange(1, 2, 0.05)
    ]
    assert np.ptp(chins) > 5


def test_the_same_seed_should_give_the_same_frames() -> None:
    first, again, other = (next(Scene(astronaut(), seed=seed).play(1.0)).rgb for seed in (3, 3, 4))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_looped_clip_should_not_jump() -> None:
    scene = Scene(astronaut(), noise=0.0)
    frames = [frame.rgb.astype(int) for frame in scene.play(3.0)]
    steps = [np.abs(a - b).mean() for a, b in pairwise(frames)]
    assert np.abs(frames[-1] - frames[0]).mean() < 1.5 * max(steps)


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mjpeg"])
def test_a_clip_should_come_back_as_it_was_written(name: str, tmp_path: Path) -> None:
    frames = list(Scene(astronaut(), size=(320, 240)).play(0.5))
    path = write_clip(frames, tmp_path / name)
    with av.open(str(path)) as container:
        read = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(read) == len(frames)
    assert np.abs(read[3].astype(int) - frames[3].rgb).mean() < 6


def test_a_picture_without_a_face_should_be_refused() -> None:
    with pytest.raises(ValueError, match="no face"):
        Portrait.find(np.full((240, 320, 3), 128, np.uint8))


def test_every_frame_should_carry_its_time() -> None:
    assert [frame.t for frame in Scene(astronaut(), fps=20).play(0.2)] == [0.0, 0.05, 0.1, pytest.approx(0.15)]


def test_a_scene_should_take_any_size(finder: FaceFinder) -> None:
    for size in ((160, 120), (480, 640), (1920, 1080)):
        frame: Frame = Scene(astronaut(), size=size, noise=0.0).frame(0.0, 1.0)
        assert frame.size == size
        assert len(finder.find(frame)) == 1
