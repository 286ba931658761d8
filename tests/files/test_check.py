from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from core.files.check import PhotoChecker
from core.regions import EYES, Region
from core.settings import Settings
from core.vision.reading import Box, Face, Frame, Pose, Presentation, Quality, Reading, RegionReading, Sign, State

CLEAR = {region: RegionReading(State.OPEN if region in EYES else State.CLEAR, 0.0) for region in Region}
GOOD = Reading(
    t=0.0,
    size=(640, 480),
    frame_brightness=120.0,
    face=Face(np.zeros((478, 3), np.float32), Pose(1.25, -3.0, 0.4), dict.fromkeys(EYES, 0.0), 112.46),
    regions=CLEAR,
    quality=Quality(0.2, (0.5, 0.5), 1.0, 130, 190, 0.0, 200),
)
PHOTO = np.zeros((480, 640, 3), np.uint8)


class FixedReader:
    """Reads the same from every frame."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading

    def read(self, frame: Frame, expected: Face | None = None) -> Reading:
        return self.reading


def checked(reading: Reading):  # type: ignore[no-untyped-def]
    return PhotoChecker(FixedReader(reading), Settings()).check(PHOTO)  # type: ignore[arg-type]


def with_region(region: Region, found: RegionReading) -> Reading:
    return replace(GOOD, regions={**CLEAR, region: found})


def test_should_pass_one_clear_face() -> None:
    result = checked(GOOD).as_dict()
    assert result["verdict"] == "pass"
    assert result["reasons"] == []
    assert result["faces"] == 1
    assert result["pose"] == {"yaw": 1.2, "pitch": -3.0, "roll": 0.4}
    assert result["inter_eye_px"] == 112.5
    assert list(result["regions"]) == [region.value for region in Region]
    assert result["regions"]["nose"] == {"state": "clear", "covered": 0.0}


@pytest.mark.parametrize(
    ("region", "found", "reason"),
    [
        (Region.LEFT_EYE, RegionReading(State.BLOCKED, 0.7), "left_eye_blocked"),
        (Region.RIGHT_EYE, RegionReading(State.CLOSED, 0.0), "right_eye_closed"),
        (Region.RIGHT_EYE, RegionReading(State.BLOCKED, 0.1, glare=True), "glare"),
        (Region.NOSE, RegionReading(State.BLOCKED, 0.5), "nose_blocked"),
        (Region.MOUTH, RegionReading(State.BLOCKED, 1.0), "mouth_blocked"),
    ],
)
def test_should_ask_for_another_photo_and_say_why(region: Region, found: RegionReading, reason: str) -> None:
    result = checked(with_region(region, found)).as_dict()
    assert (result["verdict"], result["reasons"]) == ("retry", [reason])


def test_should_show_a_covered_cheek_without_asking_for_another_photo() -> None:
    result = checked(with_region(Region.LEFT_CHEEK, RegionReading(State.BLOCKED, 0.64))).as_dict()
    assert result["verdict"] == "pass"
    assert result["regions"]["left_cheek"] == {"state": "blocked", "covered": 0.64}


def test_should_say_that_there_is_no_face() -> None:
    result = checked(Reading(0.0, (640, 480), 120.0)).as_dict()
    assert result == {"faces": 0, "verdict": "retry", "reasons": ["no_face"]}


def test_should_count_faces_and_refuse_two() -> None:
    result = checked(replace(GOOD, others=(Box(0.0, 0.0, 90.0, 90.0),))).as_dict()
    assert (result["faces"], result["reasons"]) == (2, ["second_face"])


@pytest.mark.parametrize(
    ("shown", "row"),
    [
        (Presentation(0.0123, 0.01, 0.02), {"suspect": False, "score": 0.022, "signs": []}),
        (
            Presentation(0.9, 0.06, 0.97, (Sign.SCREEN, Sign.EDGE)),
            {"suspect": True, "score": 0.96, "signs": ["screen", "edge"]},
        ),
    ],
)
def test_should_say_what_looks_shown_and_leave_the_verdict_to_the_face(
    shown: Presentation, row: dict[str, object]
) -> None:
    result = checked(replace(GOOD, presentation=shown)).as_dict()
    assert result["presentation"] == row
    assert result["verdict"] == "pass"


class SharedReader:
    """Sees one face whose eyes are so many shares of the picture's width apart; remembers the widths it was shown."""

    def __init__(self, eyes: float) -> None:
        self.eyes = eyes
        self.widths: list[int] = []

    def read(self, frame: Frame, expected: Face | None = None) -> Reading:
        self.widths.append(frame.size[0])
        assert GOOD.face is not None
        return replace(GOOD, face=replace(GOOD.face, inter_eye_px=self.eyes * frame.size[0]))


@pytest.mark.parametrize(
    ("eyes", "widths"),
    [
        (0.2, [1000]),
        (0.07, [1000, 1920]),  # 70 px at a quarter of the size
    ],
)
def test_a_large_jpeg_should_be_read_small_unless_the_face_is_small(
    tmp_path: Path, eyes: float, widths: list[int]
) -> None:
    Image.new("RGB", (4000, 3000), (90, 90, 90)).save(tmp_path / "a.jpg")
    reader = SharedReader(eyes)
    result = PhotoChecker(reader, Settings()).check_file(tmp_path / "a.jpg")  # type: ignore[arg-type]
    assert reader.widths == widths
    assert result.size == (1920, 1440)
    assert result.as_dict()["inter_eye_px"] == pytest.approx(eyes * 1920)
