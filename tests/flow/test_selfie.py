"""Which frame becomes the selfie."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.flow.selfie import BestShot, Preference, Shot
from core.regions import Region
from core.settings import Settings
from core.vision.components import Component, Measured
from core.vision.pixel_components import measure
from core.vision.reading import Frame, Image
from tests.flow.script import SIZE, Look, frame_of, reading

SETTINGS = Settings()
CONFIRM_S = SETTINGS.window.confirm_s


@pytest.fixture
def best() -> BestShot:
    return BestShot(SETTINGS, measure)


def offer(best: BestShot, t: float, sharpness: float = 100.0, closure: float = 0.0, **look: object) -> Frame:
    seen = reading(Look(sharpness=sharpness, **look), t)  # type: ignore[arg-type]
    frame = frame_of(seen)
    best.offer(frame, seen, closure)
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
    offer(best, 1.1, sharpness=150.0, shut=(0.6, 0.6))
    offer(best, 1.2, sharpness=150.0, closure=0.4)
    best.confirm(2.0)
    assert taken(best) == 1.0


def test_should_put_a_straight_head_before_sharpness(best: BestShot) -> None:
    offer(best, 1.0, sharpness=150.0, yaw=15.0)
    offer(best, 1.1, sharpness=100.0, yaw=2.0)
    best.confirm(2.0)
    assert taken(best) == 1.1


def test_should_take_a_head_that_is_straight_enough_for_as_good_as_one_straighter_still(best: BestShot) -> None:
    offer(best, 1.0, sharpness=150.0, yaw=6.0)
    offer(best, 1.1, sharpness=100.0, yaw=0.0)
    best.confirm(2.0)
    assert taken(best) == 1.0


def test_should_not_take_a_worse_one_later(best: BestShot) -> None:
    offer(best, 1.0, 120.0)
    best.confirm(1.5)
    offer(best, 1.6, 110.0)
    best.confirm(2.0)
    assert taken(best) == 1.0


def test_should_measure_the_whole_picture_of_those_only_that_may_be_better(best: BestShot) -> None:
    made: list[float] = []

    def show(t: float, sharpness: float) -> None:
        seen = reading(Look(sharpness=sharpness), t)
        small = frame_of(seen)

        def whole() -> Image:
            made.append(t)
            return small.rgb.repeat(2, axis=0).repeat(2, axis=1)

        best.offer(replace(small, whole=whole, whole_size=(2 * SIZE[0], 2 * SIZE[1])), seen, 0.0)

    show(1.0, 100.0)
    best.confirm(1.5)
    for t, sharpness in ((1.6, 90.0), (1.7, 110.0), (1.8, 99.0)):
        show(t, sharpness)
    assert made == [1.0, 1.7]


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


GOOD = Shot(
    frame_of(reading(Look(), 1.0)).rgb, reading(Look(), 1.0), 0.0, {name: Measured(50.0, 95) for name in Component}
)


@pytest.mark.parametrize(
    ("component", "first"),
    [
        (Component.HEAD_POSE_PITCH, Component.MOUTH_CLOSED),
        (Component.MOUTH_CLOSED, Component.INTER_EYE_DISTANCE),
        (Component.INTER_EYE_DISTANCE, Component.ILLUMINATION_UNIFORMITY),
        (Component.OVER_EXPOSURE, Component.SHARPNESS),
        (Component.UNDER_EXPOSURE, Component.SHARPNESS),
    ],
)
def test_the_more_important_thing_should_decide(component: Component, first: Component) -> None:
    prefer = Preference(SETTINGS.best_shot)
    better, worse = Measured(99.0, 100), Measured(1.0, 20)
    poor_here = replace(GOOD, components={**GOOD.components, component: worse, first: better})
    poor_there = replace(GOOD, components={**GOOD.components, component: better, first: worse})
    assert prefer.of(poor_there) > prefer.of(poor_here)


def test_an_eye_that_the_model_calls_half_shut_should_count_as_such() -> None:
    prefer = Preference(SETTINGS.best_shot)
    half = replace(GOOD, reading=reading(Look(shut=(0.6, 0.0)), 1.0))
    assert half.reading.regions[Region.LEFT_EYE].eye is not None
    assert prefer.of(half) < prefer.of(GOOD)
