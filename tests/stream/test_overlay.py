import numpy as np
import pytest

from core.flow.snapshot import Phase
from core.regions import Region
from core.stream.overlay import Overlay
from core.vision.outlines import BLOCKED, CLEAR
from core.vision.reading import State
from tests import fakes
from tests.fakes import snapshot

GRAY = np.full((480, 640, 3), 90, np.uint8)


def share_of(picture: np.ndarray, color: tuple[int, int, int]) -> float:
    return float((np.abs(picture.astype(int) - color).max(axis=2) < 60).mean())


def test_should_leave_the_frame_as_it_is() -> None:
    frame = GRAY.copy()

    Overlay(640).draw(frame, snapshot())

    assert (frame == GRAY).all()


def test_should_draw_clear_regions_green_and_none_red() -> None:
    picture = Overlay(640).draw(GRAY, snapshot())

    assert share_of(picture, CLEAR) > 0.001
    assert share_of(picture, BLOCKED) == 0


def test_should_fill_a_blocked_region_with_red_stripes_where_it_lies() -> None:
    badges = {**fakes.CLEAR, Region.MOUTH: State.BLOCKED}
    picture = Overlay(640).draw(GRAY, snapshot(badges=badges))

    changed = np.argwhere(np.abs(picture.astype(int) - BLOCKED).max(axis=2) < 60)
    number = list(Region).index(Region.MOUTH)
    center = (480 * (0.35 + 0.3 * (number // 5)), 640 * (0.3 + 0.1 * (number % 5)))
    assert len(changed) > 200
    assert np.abs(changed.mean(axis=0) - center).max() < 12


@pytest.mark.parametrize("phase", [Phase.CAPTURED, Phase.ENDED])
def test_should_draw_nothing_when_the_attempt_is_over(phase: Phase) -> None:
    assert (Overlay(640).draw(GRAY, snapshot(phase=phase)) == GRAY).all()


def test_should_draw_nothing_without_a_snapshot() -> None:
    assert (Overlay(640).draw(GRAY, None) == GRAY).all()


def test_should_reduce_large_frames_and_keep_small_ones() -> None:
    assert Overlay(640).draw(np.zeros((720, 960, 3), np.uint8), None).shape == (480, 640, 3)
    assert Overlay(640).draw(np.zeros((120, 160, 3), np.uint8), None).shape == (120, 160, 3)


def test_should_draw_a_region_that_lies_outside_the_frame() -> None:
    badges = dict.fromkeys(Region, State.BLOCKED)

    picture = Overlay(640).draw(np.zeros((60, 80, 3), np.uint8), snapshot(badges=badges, size=(640, 480)))

    assert picture.shape == (60, 80, 3)
