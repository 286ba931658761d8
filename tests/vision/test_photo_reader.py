from collections.abc import Iterator

import cv2
import numpy as np
import pytest
import skimage.data

from core.regions import Region
from core.settings import Settings
from core.vision.photo_reader import PhotoReader, upright
from core.vision.reader import FaceReader
from core.vision.reading import Frame, Image, Reading, State
from tests.footage import astronaut, stranger

SETTINGS = Settings()
PORTRAIT = astronaut().placed((480, 480), 110.0).rgb


@pytest.fixture(scope="module")
def reader() -> Iterator[FaceReader]:
    with PhotoReader(SETTINGS) as reader:
        yield reader


def read(reader: FaceReader, rgb: Image) -> Reading:
    return reader.read(Frame(np.ascontiguousarray(rgb), 0.0))


def states(reading: Reading) -> dict[Region, State]:
    return {region: found.state for region, found in reading.regions.items()}


def on_canvas(*faces: tuple[Image, float, float, float], size: tuple[int, int] = (1920, 1080)) -> Image:
    """Portraits of (rgb, side, left, top) on a grey wall with a slope of light."""
    width, height = size
    wall = np.tile(np.linspace(90, 160, width, dtype=np.uint8)[None, :, None], (height, 1, 3))
    for rgb, side, left, top in faces:
        part = cv2.resize(rgb, (int(side), int(side)), interpolation=cv2.INTER_AREA)
        wall[int(top) : int(top + side), int(left) : int(left + side)] = part
    return wall


def test_an_upright_photo_should_stay_as_it_is(reader: FaceReader) -> None:
    reading = read(reader, PORTRAIT)
    assert reading.turns == 0
    assert not reading.others


def test_a_photo_on_its_head_should_be_read_the_right_way_up(reader: FaceReader) -> None:
    as_is, turned = read(reader, PORTRAIT), read(reader, np.rot90(PORTRAIT, 2))
    assert turned.turns == 2
    assert turned.face is not None and as_is.face is not None
    assert turned.face.landmarks == pytest.approx(as_is.face.landmarks, abs=1.0)
    assert states(turned) == states(as_is)
    assert (upright(np.rot90(PORTRAIT, 2), turned.turns) == PORTRAIT).all()


@pytest.mark.parametrize("turns", [1, 3])
def test_a_photo_on_its_side_should_be_tilted_with_no_region_made_up(reader: FaceReader, turns: int) -> None:
    reading = read(reader, np.rot90(PORTRAIT, turns))
    assert reading.face is not None
    # Turned to the left, the top of the head points to the picture's left, the subject's right.
    assert reading.face.pose.roll == pytest.approx(-90 if turns == 1 else 90, abs=15)
    assert states(reading) == states(read(reader, PORTRAIT))


def test_a_small_face_in_a_large_photo_should_be_found(reader: FaceReader) -> None:
    rgb = on_canvas((skimage.data.astronaut(), 512, 1200, 300))
    small = on_canvas((skimage.data.astronaut(), 470, 1200, 300))
    whole, found = read(reader, rgb), read(reader, small)
    assert found.face is not None and whole.face is not None
    assert 36 <= found.face.inter_eye_px < 45
    assert found.face.inter_eye_px == pytest.approx(whole.face.inter_eye_px * 470 / 512, rel=0.05)
    assert 1200 < found.face.landmarks[1, 0] < 1670
    assert 300 < found.face.landmarks[1, 1] < 770


def test_a_wall_should_hold_no_face(reader: FaceReader) -> None:
    assert read(reader, on_canvas()).face is None


@pytest.mark.parametrize("share", [1.0, 0.7, 0.5])
@pytest.mark.parametrize(("left", "top"), [(1300, 100), (1300, 700), (100, 650)])
def test_a_second_face_of_half_the_size_should_be_found(reader: FaceReader, share: float, left: int, top: int) -> None:
    side = 160.0  # of the main face's portrait: 40 px between the eyes
    faces = [(astronaut(), side * 1.5, 850.0, 400.0), (stranger(), side * 1.5 * share, float(left), float(top))]
    crops = [(person.placed((300, 300), 75.0).rgb, *place) for person, *place in faces]
    reading = read(reader, on_canvas(*crops))  # type: ignore[arg-type]
    assert reading.face is not None
    assert len(reading.others) == 1
