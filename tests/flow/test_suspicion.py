"""Suspicion over time, on looks that are written down."""

from __future__ import annotations

import pytest

from core.flow.snapshot import Suspected
from core.flow.suspicion import SuspicionGuard
from core.settings import SuspicionSettings
from core.vision.reading import Presentation, Reading, Sign

STEP = 0.33  # seconds between two looks
PERSON = Presentation(0.02, 0.01, 0.03)
SCREEN = Presentation(0.9, 0.05, 0.2, (Sign.SCREEN,))
PRINT = Presentation(0.05, 0.85, 0.2, (Sign.PRINT,))
FRAMED = Presentation(0.3, 0.1, 0.97, (Sign.EDGE,))
TURNED = Presentation(0.02, 0.01, 0.03, (), 0.7)
FLAT = Presentation(0.02, 0.01, 0.03, (Sign.PLANE,), 0.2)


def run(*looks: Presentation | None, guard: SuspicionGuard | None = None) -> tuple[SuspicionGuard, list[Suspected]]:
    guard = guard or SuspicionGuard(SuspicionSettings())
    raised: list[Suspected] = []
    for number, look in enumerate(looks):
        raised += guard.update(Reading(number * STEP, (640, 480), 120.0, presentation=look))
    return guard, raised


def test_should_suspect_nobody_who_looks_like_a_person() -> None:
    guard, raised = run(*[PERSON] * 60)
    assert not guard.suspected
    assert not raised
    assert guard.score == pytest.approx(0.03)


@pytest.mark.parametrize(
    ("look", "sign", "score"),
    [(SCREEN, Sign.SCREEN, 0.95), (PRINT, Sign.PRINT, 0.9), (FRAMED, Sign.EDGE, 0.97), (FLAT, Sign.PLANE, 0.8)],
)
def test_should_name_a_sign_that_lasts_once_and_within_a_second(look: Presentation, sign: Sign, score: float) -> None:
    guard, raised = run(*[look] * 30)
    assert [found.sign for found in raised] == [sign]
    assert raised[0].t < 1.0
    assert raised[0].score == pytest.approx(score)
    assert guard.suspected


@pytest.mark.parametrize("count", [1, 2])
def test_should_not_suspect_for_a_few_pictures(count: int) -> None:
    guard, _ = run(*[PERSON] * 5, *[SCREEN] * count, *[PERSON] * 20)
    assert not guard.suspected


def test_should_not_suspect_a_person_who_looks_shown_now_and_then() -> None:
    guard, _ = run(*[PERSON, PERSON, SCREEN] * 20)
    assert not guard.suspected


def test_should_suspect_a_screen_that_is_at_times_taken_for_a_print() -> None:
    _, raised = run(*[SCREEN, PRINT, SCREEN, PRINT, SCREEN] * 3)
    assert [found.sign for found in raised] == [Sign.SCREEN]


def test_should_judge_how_a_face_turns_by_the_looks_in_which_it_does() -> None:
    _, rarely = run(FLAT, PERSON, PERSON, PERSON, PERSON, FLAT, *[PERSON] * 5)
    assert [found.sign for found in rarely] == [Sign.PLANE]
    assert not run(FLAT, TURNED, TURNED, FLAT, TURNED, *[PERSON] * 5)[0].suspected
    assert not run(*[PERSON] * 5, FLAT, *[PERSON] * 10)[0].suspected


def test_should_take_frames_that_nobody_looked_at_for_no_evidence() -> None:
    _, often = run(*[SCREEN, None, None] * 12)
    assert [found.sign for found in often] == [Sign.SCREEN]
    assert run(*[None] * 40)[0].score is None


def test_should_stay_suspicious_until_another_attempt_begins() -> None:
    guard, _ = run(*[SCREEN] * 5)
    run(*[PERSON] * 60, guard=guard)
    assert guard.suspected
    guard.forget()
    assert not guard.suspected
    assert guard.score is None


def test_should_suspect_a_virtual_camera_once_in_every_attempt() -> None:
    guard = SuspicionGuard(SuspicionSettings())
    guard.distrust_camera()
    for _ in range(2):
        _, raised = run(*[PERSON, None] * 10, guard=guard)
        assert [(found.sign, found.t) for found in raised] == [(Sign.CAMERA, 0.0)]
        guard.forget()
