import numpy as np

from core.regions import OUTLINES, Region
from core.vision.outlines import BLOCKED, CLEAR, LOOKS, draw_regions, polygons
from core.vision.reading import State
from tests import fakes

FACE = fakes.face().landmarks[:, :2]


def drawn(states: dict[Region, State], height: int = 480, width: int = 640) -> np.ndarray:
    picture = np.full((height, width, 3), 90, np.uint8)
    draw_regions(picture, FACE, states, 1.0)
    return picture


def share_of(picture: np.ndarray, color: tuple[int, int, int]) -> float:
    return float((np.abs(picture.astype(int) - color).max(axis=2) < 60).mean())


def test_should_draw_clear_regions_green_and_none_red() -> None:
    picture = drawn(dict(fakes.CLEAR))

    assert share_of(picture, CLEAR) > 0.001
    assert share_of(picture, BLOCKED) == 0


def test_should_fill_a_blocked_region_with_red_stripes_where_it_lies() -> None:
    picture = drawn({**fakes.CLEAR, Region.MOUTH: State.BLOCKED})

    changed = np.argwhere(np.abs(picture.astype(int) - BLOCKED).max(axis=2) < 60)
    center = FACE[list(OUTLINES[Region.MOUTH])].mean(axis=0)[::-1]
    assert len(changed) > 200
    assert np.abs(changed.mean(axis=0) - center).max() < 12


def test_should_draw_a_region_that_lies_outside_the_picture() -> None:
    assert drawn(dict.fromkeys(Region, State.BLOCKED), 60, 80).shape == (60, 80, 3)


def test_should_tell_the_outline_of_each_region_that_has_a_state() -> None:
    found = list(polygons(FACE, {Region.NOSE: State.CLEAR, Region.CHIN: State.BLOCKED}))

    assert [(region, state) for region, state, _ in found] == [
        (Region.NOSE, State.CLEAR),
        (Region.CHIN, State.BLOCKED),
    ]
    assert (found[0][2] == FACE[list(OUTLINES[Region.NOSE])]).all()


def test_should_have_a_look_for_every_state_and_stripes_for_what_is_blocked_alone() -> None:
    assert set(LOOKS) == set(State)
    assert [state for state, look in LOOKS.items() if look.striped] == [State.BLOCKED]
