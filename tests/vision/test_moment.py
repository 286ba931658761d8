"""Whether two pictures show one moment, on drawn footage read by the real models."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
import pytest

from core.settings import Settings
from core.vision.moment import match
from core.vision.reader import FaceReader
from core.vision.reading import Frame, Image, Match, Reading
from tests.footage import Scene, astronaut, stranger

LIMITS = Settings().still
NOW = Scene(astronaut(), size=(960, 540)).frame(1.0, 8.0).rgb


@pytest.fixture(scope="module")
def reader() -> Iterator[FaceReader]:
    with FaceReader(Settings(), live=False) as reader:
        yield reader


def compared(reader: FaceReader, still: Image, frame: Image = NOW) -> Match:
    found = match(still, reader.read(Frame(still, 0.0)), frame, reader.read(Frame(frame, 0.0)))
    assert found is not None
    return found


def near(found: Match) -> bool:
    return found.moved <= LIMITS.moved and found.grown <= LIMITS.grown


def room(found: Match) -> float:
    assert found.room is not None
    return found.room


def test_a_larger_and_sharper_picture_of_the_moment_should_match(reader: FaceReader) -> None:
    _, file = cv2.imencode(".jpg", cv2.resize(NOW, (640, 360), interpolation=cv2.INTER_AREA), [1, 40])
    sent = cv2.imdecode(file, cv2.IMREAD_COLOR)
    assert sent is not None
    found = compared(reader, NOW, sent)
    assert near(found)
    assert found.face > 0.8
    assert room(found) > 0.95


@pytest.mark.parametrize("shift", [(80, 0), (0, 60)])
def test_a_head_elsewhere_should_have_moved(reader: FaceReader, shift: tuple[int, int]) -> None:
    moved = cv2.warpAffine(NOW, np.array([[1.0, 0, shift[0]], [0, 1.0, shift[1]]]), (960, 540), borderMode=1)
    assert compared(reader, moved).moved > LIMITS.moved


def test_a_nearer_head_should_have_grown(reader: FaceReader) -> None:
    found = compared(reader, cv2.resize(NOW, None, fx=1.25, fy=1.25)[67:607, 120:1080])
    assert found.grown == pytest.approx(np.log(1.25), abs=0.04)
    assert not near(found)


def test_another_face_in_the_same_place_should_not_be_the_same(reader: FaceReader) -> None:
    other = Scene(stranger(), size=(960, 540)).frame(1.0, 8.0).rgb
    assert compared(reader, other).face < LIMITS.same_face


def test_another_room_should_be_seen(reader: FaceReader) -> None:
    reading = reader.read(Frame(NOW, 0.0))
    assert reading.face is not None
    other = cv2.GaussianBlur(np.random.default_rng(3).integers(0, 255, NOW.shape, np.uint8), (0, 0), 12.0)
    other = cv2.normalize(other, None, 0, 255, cv2.NORM_MINMAX)
    mask = np.zeros(NOW.shape[:2], np.uint8)
    center = reading.face.landmarks[:, :2].mean(axis=0)
    cv2.ellipse(mask, (int(center[0]), int(center[1])), (130, 190), 0, 0, 360, 255, -1)
    assert room(compared(reader, np.where(mask[..., None] > 0, NOW, other))) < LIMITS.same_room


def test_a_bare_wall_should_tell_nothing(reader: FaceReader) -> None:
    reading = reader.read(Frame(NOW, 0.0))
    bare = np.full_like(NOW, 120)
    found = match(bare, reading, bare, reading)
    assert found is not None
    assert found.room is None


def test_without_a_face_there_should_be_nothing_to_compare(reader: FaceReader) -> None:
    reading = reader.read(Frame(NOW, 0.0))
    empty = Reading(0.0, (960, 540), 120.0)
    assert match(NOW, empty, NOW, reading) is None
    assert match(NOW, reading, NOW, replace(reading, likeness=None)) is None
