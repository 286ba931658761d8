"""What is no attack by itself: the committed network on pictures drawn round the astronaut's photograph."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest

from core.regions import Region
from core.settings import Settings
from core.vision.reader import FaceReader
from core.vision.reading import Frame, Image, Reading
from tests.drawing import Thing, blend, draw
from tests.portraits import Portrait, astronaut, stranger

SIZE = (640, 480)


@pytest.fixture(scope="module")
def reader() -> Iterator[FaceReader]:
    with FaceReader(Settings(), live=False) as one:
        yield one


def person(size: tuple[int, int] = SIZE) -> Portrait:
    return astronaut().placed(size, 0.2 * min(size))


def behind(draw_room: Callable[[Image], None]) -> Image:
    """A person before a room that is drawn to the left and right of head and shoulders."""
    found = person()
    room = found.rgb.copy()
    draw_room(room)
    left, right = found.landmarks[:, 0].min(), found.landmarks[:, 0].max()
    wide = round(0.75 * (right - left))
    kept = slice(max(round(left) - wide, 0), round(right) + wide)
    room[:, kept] = found.rgb[:, kept]
    return room


def doorway(room: Image) -> None:
    cv2.rectangle(room, (90, -20), (550, 500), (110, 80, 50), 26)
    cv2.rectangle(room, (90, -20), (550, 500), (150, 115, 80), 8)


def picture_frame(room: Image) -> None:
    cv2.rectangle(room, (130, 30), (510, 440), (60, 45, 30), 14)


def poster(room: Image) -> None:
    other = stranger().placed((150, 200), 45).rgb
    room[20:240, 10:180] = 235
    room[30:230, 20:170] = other


def monitor(room: Image) -> None:
    other = stranger().placed((170, 130), 30).rgb
    room[90:250, 450:640] = 20
    room[100:230, 460:630] = other


def masked() -> Image:
    found = person()
    rgb = found.rgb.copy()
    layer, _ = draw(Thing.MASK, Region.MOUTH, found.landmarks, SIZE)
    blend(rgb, layer)
    return rgb


def at_the_edge() -> Image:
    found = person()
    left = round(float(found.landmarks[:, 0].min())) - 4
    return np.ascontiguousarray(found.rgb[:, left:])


def looked(reader: FaceReader, rgb: Image) -> Reading:
    return reader.read(Frame(rgb, 0.0))


@pytest.mark.parametrize("level", [0, 3, 128, 255])
def test_should_say_nothing_where_there_is_no_face(reader: FaceReader, level: int) -> None:
    assert looked(reader, np.full((480, 640, 3), level, np.uint8)).presentation is None


@pytest.mark.parametrize(
    "make",
    [
        lambda: astronaut().rgb,
        lambda: person().rgb,
        lambda: person((160, 120)).rgb,
        at_the_edge,
        masked,
        lambda: behind(poster),
        lambda: behind(monitor),
        lambda: behind(doorway),
        lambda: behind(picture_frame),
    ],
    ids=["photo", "webcam", "160x120", "edge", "mask", "poster", "monitor", "doorway", "picture frame"],
)
def test_should_call_no_person_an_attack_for_what_is_on_or_round_them(
    reader: FaceReader, make: Callable[[], Image]
) -> None:
    found = looked(reader, make())
    assert found.presentation is not None
    assert found.presentation.signs == ()
