from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest

from core.regions import Region
from core.settings import Settings
from core.vision.occlusion import OcclusionModel
from core.vision.reader import FaceReader
from core.vision.reading import Aligned, Frame, Reading, State
from tests.actions import Action, Cover, SecondFace
from tests.drawing import Thing
from tests.footage import Scene, astronaut, stranger

SECONDS, FPS = 2.0, 15.0


@pytest.fixture
def masks(monkeypatch: pytest.MonkeyPatch) -> list[Aligned]:
    """The faces whose mask was read."""
    read: list[Aligned] = []
    whole = OcclusionModel.read

    def noted(self: OcclusionModel, aligned: Aligned) -> dict[Region, float]:
        read.append(aligned)
        return whole(self, aligned)

    monkeypatch.setattr(OcclusionModel, "read", noted)
    return read


def readings(*actions: Action, live: bool) -> Iterator[Reading]:
    with FaceReader(Settings(), live=live) as reader:
        for frame in Scene(astronaut(), size=(480, 360), fps=FPS).play(SECONDS, *actions):
            yield reader.read(frame)


def test_what_lies_on_a_calm_face_should_be_read_in_every_second_frame(masks: list[Aligned]) -> None:
    read = list(readings(live=True))
    was_read = [any(reading.aligned is one for one in masks) for reading in read]
    assert 0.4 < sum(was_read) / len(read) < 0.7
    assert all(any(pair) for pair in pairwise(was_read))


def test_a_second_person_should_be_told_in_the_frame_in_which_he_is_there() -> None:
    scene, second = Scene(astronaut(), size=(640, 480), sway=0.0), SecondFace(stranger(), 0.0, 9.0)
    pictures = [scene.frame(0.0, 9.0).rgb] * 2 + [scene.frame(1.0, 9.0, second).rgb] * 2 + [scene.frame(0.0, 9.0).rgb]
    with FaceReader(Settings(), live=True) as reader:
        seen = [len(reader.read(Frame(rgb, number / 10)).others) for number, rgb in enumerate(pictures)]
    assert seen == [0, 0, 1, 1, 0]


def test_photos_should_all_be_read(masks: list[Aligned]) -> None:
    assert len(list(readings(live=False))) == len(masks)


def test_a_covered_region_should_be_named_one_frame_later_at_the_most() -> None:
    cover = Cover(Thing.HAND, Region.MOUTH, 0.7, 1.6)
    seen, alone = (
        [reading.t for reading in readings(cover, live=live) if reading.regions[Region.MOUTH].state is State.BLOCKED]
        for live in (True, False)
    )
    assert alone
    assert seen[0] - alone[0] <= 1 / FPS + 1e-6
