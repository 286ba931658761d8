"""What the check counts as good time, and what it says meanwhile."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.flow.snapshot import Advice, Hint
from core.flow.window import CheckWindow, blocked_advice
from core.regions import EYES, Region
from core.settings import WindowSettings
from core.vision.reading import State
from tests.flow.script import Look, Script, blink, during, reading

MOUTH = frozenset({Region.MOUTH})


def watch(window: CheckWindow, script: Script, seconds: float, problem: Hint | None = None) -> list[Advice]:
    """What is said to each frame; the badges are those of the frame itself."""
    readings = script.readings(seconds)
    return [window.update(r, {region: found.state for region, found in r.regions.items()}, problem) for r in readings]


@pytest.fixture
def window() -> CheckWindow:
    return CheckWindow(WindowSettings())


@pytest.mark.parametrize("fps", [10, 15, 30])
def test_should_be_full_after_two_good_seconds(window: CheckWindow, fps: int) -> None:
    assert set(watch(window, Script(fps), 1.9)) == {Advice(Hint.HOLD)}
    assert not window.done
    assert window.progress == pytest.approx((1.9 - 1 / fps) / 2.0, abs=0.04)

    window.restart()
    watch(window, Script(fps), 2.2)
    assert window.done and window.good
    assert window.progress == 1.0


def test_should_go_back_to_nothing_when_a_required_region_is_blocked(window: CheckWindow) -> None:
    said = watch(window, Script().then(during(1.0, 9.0, blocked=MOUTH)), 1.1)
    assert said[-1] == Advice(Hint.REGION_BLOCKED, Region.MOUTH)
    assert window.progress == 0.0
    assert not window.good


def test_should_not_mind_a_region_that_is_not_required(window: CheckWindow) -> None:
    watch(window, Script().then(during(0.0, 9.0, blocked=frozenset({Region.CHIN}))), 2.2)
    assert window.done


def test_should_mind_all_regions_that_are_required() -> None:
    window = CheckWindow(replace(WindowSettings(), required=tuple(Region)))
    said = watch(window, Script().then(during(0.0, 9.0, blocked=frozenset({Region.CHIN}))), 1.0)
    assert set(said) == {Advice(Hint.REGION_BLOCKED, Region.CHIN)}


def test_should_go_on_but_call_no_frame_good_while_only_the_frame_itself_looks_blocked(window: CheckWindow) -> None:
    clear = dict.fromkeys(Region, State.CLEAR)
    for index in range(20):
        advice = window.update(reading(Look(blocked=MOUTH), index / 20), clear, None)
        assert advice == Advice(Hint.HOLD) and not window.good
    assert window.progress == pytest.approx(0.95 / 2.0)


def test_should_go_back_to_nothing_when_the_position_is_wrong(window: CheckWindow) -> None:
    watch(window, Script(), 1.0)
    assert window.update(reading(Look(), 1.0), {}, Hint.MOVE_CLOSER) == Advice(Hint.MOVE_CLOSER)
    assert window.progress == 0.0


def test_should_only_wait_for_a_blink(window: CheckWindow) -> None:
    said = watch(window, Script(20).then(blink(0.5, 0.3)), 1.0)
    assert set(said) == {Advice(Hint.HOLD)}
    assert 0.7 / 2.0 <= window.progress < 0.95 / 2.0


def test_should_ask_for_open_eyes_when_they_stay_shut(window: CheckWindow) -> None:
    said = watch(window, Script(20).then(during(0.5, 9.0, shut=(1.0, 1.0))), 1.6)
    assert said[-1] == Advice(Hint.OPEN_EYES)
    assert said.index(Advice(Hint.OPEN_EYES)) / 20 == pytest.approx(0.5 + 0.85)
    assert window.closed_s == pytest.approx(1.05)
    assert window.progress == 0.0


def test_should_not_count_over_a_gap(window: CheckWindow) -> None:
    watch(window, Script(), 1.0)
    before = window.progress
    window.update(reading(Look(), 1.9), {}, None)
    assert before > 0.4
    assert window.progress == 0.0


def test_should_tell_glare_from_what_covers() -> None:
    eye = EYES[0]
    assert blocked_advice(reading(Look(glare=frozenset({eye})), 0.0), eye) == Advice(Hint.GLARE, eye)
    assert blocked_advice(reading(Look(blocked=frozenset({eye})), 0.0), eye) == Advice(Hint.REGION_BLOCKED, eye)
    assert blocked_advice(reading(Look(faces=0), 0.0), eye) == Advice(Hint.REGION_BLOCKED, eye)
