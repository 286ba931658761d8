"""Answers to cues, told from blinks that come by themselves."""

from __future__ import annotations

import random

import pytest

from core.flow.answers import AnswerTest
from core.settings import ChallengeSettings

SETTINGS = ChallengeSettings()
EVERY_S = 1.8  # from one cue to the next


def evidence(delays: list[float], *, uncued: int = 0, watched_s: float | None = None) -> float:
    test = AnswerTest(SETTINGS)
    test.watch(EVERY_S * len(delays) if watched_s is None else watched_s)
    for delay in delays:
        test.answered(delay)
    for _ in range(uncued):
        test.uncued()
    return test.evidence


def test_should_know_nothing_at_first() -> None:
    assert AnswerTest(SETTINGS).evidence == 0.0


def test_should_believe_in_a_person_after_three_even_answers_at_the_latest() -> None:
    assert evidence([0.5, 0.55, 0.45]) >= SETTINGS.enough
    assert evidence([0.5]) < SETTINGS.enough


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (evidence([0.3, 1.1, 0.3]), evidence([0.5, 0.55, 0.45])),
        (evidence([0.5, 0.55, 0.45], uncued=1), evidence([0.5, 0.55, 0.45])),
        (evidence([0.5, 0.55, 0.45], uncued=3), evidence([0.5, 0.55, 0.45], uncued=1)),
        (evidence([0.5, 0.5], watched_s=2.0), evidence([0.5, 0.5], watched_s=5.0)),
    ],
    ids=["uneven answers", "a blink unasked", "many of them", "blinks all the time"],
)
def test_should_be_less_sure_of(less: float, more: float) -> None:
    assert less < more


def test_should_give_up_on_a_face_that_blinks_unasked_all_the_time() -> None:
    assert evidence([], uncued=4, watched_s=3.0) < SETTINGS.too_little
    assert evidence([], uncued=2, watched_s=2.0) > SETTINGS.too_little


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.8])
def test_should_seldom_believe_in_blinks_that_come_at_some_rate(rate: float) -> None:
    """Cues at random moments, and blinks that know nothing of them: Poisson's."""
    rng, passed = random.Random(3), 0
    for _ in range(400):
        test, t, blink = AnswerTest(SETTINGS), 0.0, rng.expovariate(rate)
        while t < 60.0 and SETTINGS.too_little < test.evidence < SETTINGS.enough:
            cue = t + rng.uniform(SETTINGS.min_wait_s, SETTINGS.max_wait_s)
            due = cue + SETTINGS.max_answer_s
            if blink > due:
                break
            delay = blink - cue
            test.watch(blink - t)
            if delay < SETTINGS.min_answer_s:
                test.uncued()
            else:
                test.answered(delay)
            t, blink = blink, blink + 0.2 + rng.expovariate(rate)
        passed += test.evidence >= SETTINGS.enough
    assert passed <= 12
