"""Which frame becomes the selfie."""

from __future__ import annotations

import numpy as np
import pytest

from core.flow.selfie import BestShot
from core.settings import WindowSettings
from core.vision.reading import Frame
from tests.flow.script import Look, frame_of, reading

CONFIRM_S = WindowSettings().confirm_s


@pytest.fixture
def best() -> BestShot:
    return BestShot(WindowSettings())


def offer(best: BestShot, t: float, sharpness: float = 100.0, shut: float = 0.0, closure: float = 0.0) -> Frame:
    look = reading(Look(shut=(shut, shut), sharpness=sharpness), t)
    frame = frame_of(look)
    best.offer(frame, look, closure)
    return frame


def taken(best: BestShot) -> float | None:
    return best.shot.reading.t if best.shot else None


def test_should_take_a_frame_only_once_nothing_has_gone_wrong_for_a_moment(best: BestShot) -> None:
    offer(best, 1.0)
    best.confirm(1.0 + CONFIRM_S - 0.01)
    assert best.shot is None
    best.confirm(1.0 + CONFIRM_S)
    assert taken(best) == 1.0


def test_should_take_the_sharpest(best: BestShot) -> None:
    for t, sharpness in ((1.0, 80.0), (1.1, 120.0), (1.2, 100.0)):
        offer(best, t, sharpness)
    best.confirm(2.0)
    assert taken(best) == 1.1


def test_should_put_open_eyes_before_sharpness(best: BestShot) -> None:
    offer(best, 1.0, sharpness=100.0)
    offer(best, 1.1, sharpness=150.0, shut=0.6)
    offer(best, 1.2, sharpness=150.0, closure=0.4)
    best.confirm(2.0)
    assert taken(best) == 1.0


def test_should_not_take_a_worse_one_later(best: BestShot) -> None:
    offer(best, 1.0, 120.0)
    best.confirm(1.5)
    offer(best, 1.6, 110.0)
    best.confirm(2.0)
    assert taken(best) == 1.0


def test_should_keep_pixels_of_its_own(best: BestShot) -> None:
    frame = offer(best, 1.0)
    before = frame.rgb.copy()
    frame.rgb[:] = 0
    best.confirm(2.0)
    assert best.shot is not None
    np.testing.assert_array_equal(best.shot.rgb, before)


def test_should_let_go_of_all_when_it_starts_anew(best: BestShot) -> None:
    offer(best, 1.0)
    best.confirm(1.5)
    offer(best, 1.6, 200.0)
    best.restart()
    best.confirm(9.0)
    assert best.shot is None
