"""How long a position has been good or bad, and which problem is named."""

from __future__ import annotations

import pytest

from core.flow.position import HINTS, PositionGate
from core.settings import PositionSettings
from core.vision.problems import Problem
from core.vision.reading import Reading

FPS = 20
FAR, DARK = Problem.TOO_FAR, Problem.TOO_DARK


def seen(gate: PositionGate, *problems: tuple[Problem, ...], start: int = 0) -> list[Problem | None]:
    """What is named in each frame of twenty a second, given the problems of each."""
    frames = enumerate(problems, start)
    return [gate.update(Reading((index + 1) / FPS, (64, 48), 100.0), found) for index, found in frames]


@pytest.fixture
def gate() -> PositionGate:
    return PositionGate(PositionSettings())


def test_should_have_a_hint_for_every_problem() -> None:
    assert set(HINTS) == set(Problem)
    assert len(set(HINTS.values())) == len(HINTS)


def test_should_name_what_is_wrong_in_the_very_first_frame(gate: PositionGate) -> None:
    assert seen(gate, (FAR,)) == [FAR]
    assert gate.good_s == 0.0


def test_should_count_the_good_seconds(gate: PositionGate) -> None:
    assert seen(gate, *[()] * 11) == [None] * 11
    assert gate.good_s == pytest.approx(0.5)
    assert gate.bad_s == 0.0


def test_should_not_mind_a_problem_of_a_single_frame(gate: PositionGate) -> None:
    assert set(seen(gate, *[()] * 10, (FAR,), *[()] * 10)) == {None}
    assert gate.good_s == pytest.approx(1.0)


def test_should_name_a_problem_that_stays_and_count_from_then_on(gate: PositionGate) -> None:
    seen(gate, *[()] * 10)
    named = seen(gate, *[(FAR,)] * 20, start=10)
    first = named.index(FAR)
    assert named == [None] * first + [FAR] * (20 - first)
    assert 0.1 <= first / FPS <= 0.25
    assert gate.good_s == 0.0
    assert gate.bad_s == pytest.approx((19 - first) / FPS)


def test_should_be_good_again_only_after_a_moment(gate: PositionGate) -> None:
    seen(gate, *[(FAR,)] * 10)
    named = seen(gate, *[()] * 20, start=10)
    last = named.count(FAR)
    assert named == [FAR] * last + [None] * (20 - last)
    assert 0.1 <= last / FPS <= 0.3
    assert gate.good_s == pytest.approx((19 - last) / FPS)


def test_should_name_the_most_urgent_of_several(gate: PositionGate) -> None:
    assert seen(gate, (DARK, FAR)) == [FAR]
    assert seen(gate, *[(DARK,)] * 20, start=1)[-1] is DARK


def test_should_go_on_counting_where_one_problem_gives_way_to_another(gate: PositionGate) -> None:
    seen(gate, *[(FAR,)] * 10, *[(FAR, DARK)] * 10, *[(DARK,)] * 11)
    assert gate.bad_s == pytest.approx(1.5)


def test_should_start_anew_when_told_to(gate: PositionGate) -> None:
    seen(gate, *[()] * 10)
    gate.forget()
    assert gate.good_s == 0.0
    assert seen(gate, (), start=10) == [None]
    assert gate.good_s == 0.0
