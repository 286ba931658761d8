from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.flow.snapshot import Phase
from core.regions import OUTLINES, Region
from core.stream.outlines import SCALE, outlines
from core.vision.reading import State
from tests import fakes
from tests.fakes import snapshot


def read(message: bytes) -> tuple[tuple[int, int], dict[Region, tuple[State, np.ndarray]]]:
    """Size, and each region's state and outline in parts of width and height, as the page reads them."""
    numbers = np.frombuffer(message, "<i2")
    at, found = 6, {}
    while at < len(numbers):
        region, state, count = numbers[at : at + 3]
        points = numbers[at + 3 : at + 3 + 2 * count].reshape(-1, 2) / SCALE
        found[list(Region)[region]] = (list(State)[state], points)
        at += 3 + 2 * count
    return (int(numbers[2]), int(numbers[3])), found


def test_should_tell_where_each_region_lies_and_its_state() -> None:
    badges = {**fakes.CLEAR, Region.MOUTH: State.BLOCKED}
    seen = snapshot(badges=badges, size=(640, 360))

    size, found = read(outlines(seen, 0))

    assert size == (640, 360)
    assert {region: state for region, (state, _) in found.items()} == badges
    assert seen.reading.face is not None
    for region, (_, points) in found.items():
        expected = seen.reading.face.landmarks[list(OUTLINES[region]), :2] / (640, 360)
        assert np.abs(points - expected).max() < 1e-4


@pytest.mark.parametrize(
    ("t", "told"), [(0.0, (0, 0)), (12.345, (12, 345)), (5.9996, (6, 0)), (40_001.5, (10_001, 500))]
)
def test_should_tell_the_frames_time(t: float, told: tuple[int, int]) -> None:
    assert tuple(np.frombuffer(outlines(snapshot(t), 0), "<i2")[:2]) == told


def test_should_tell_how_often_the_page_has_changed_and_how_far_the_phase_is() -> None:
    seen = replace(snapshot(), progress=0.25)

    assert tuple(np.frombuffer(outlines(seen, 7), "<i2")[4:6]) == (7, 2500)
    assert tuple(np.frombuffer(outlines(seen, 100_000), "<i2")[4:6]) == (32_767, 2500)


def test_should_leave_regions_out_that_have_no_state() -> None:
    _, found = read(outlines(snapshot(badges={Region.NOSE: State.CLEAR}), 0))

    assert list(found) == [Region.NOSE]


def test_should_be_a_few_hundred_bytes() -> None:
    assert len(outlines(snapshot(), 0)) < 800


@pytest.mark.parametrize("phase", [Phase.CAPTURED, Phase.ENDED])
def test_should_show_nothing_when_the_attempt_is_over(phase: Phase) -> None:
    assert read(outlines(snapshot(phase=phase), 0)) == ((640, 480), {})


def test_should_show_nothing_without_a_face() -> None:
    seen = snapshot()

    assert read(outlines(replace(seen, reading=replace(seen.reading, face=None)), 0)) == ((640, 480), {})


def test_should_take_a_face_that_reaches_far_out_of_the_frame() -> None:
    seen = snapshot()
    assert seen.reading.face is not None
    landmarks = seen.reading.face.landmarks * np.float32(100)
    far = replace(seen, reading=replace(seen.reading, face=replace(seen.reading.face, landmarks=landmarks)))

    _, found = read(outlines(far, 0))

    assert all(np.abs(points).max() <= 3 for _, points in found.values())
