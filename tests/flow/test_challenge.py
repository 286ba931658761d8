"""Strict mode's cues."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from core.flow.blink import Blink
from core.flow.challenge import Challenge, Outcome
from core.flow.snapshot import Uncounted
from core.settings import ChallengeSettings

STRICT = ChallengeSettings(strict=True)


def run(answer: float | None, *, settings: ChallengeSettings = STRICT, seed: int = 1) -> tuple[Outcome, list[float]]:
    """Answer every cue after `answer` seconds; what comes of it, and the moments of the cues."""
    challenge, cues, due = Challenge(settings, random.Random(seed)), [], None
    for frame in range(1200):
        t = frame / 20
        blink = None
        if due is not None and t >= due + 0.2:
            blink, due = Blink(due, t, 0.2), None
        outcome = challenge.update(t, blink, due if due is not None and t >= due else None, ready=True)
        if outcome is Outcome.CUED:
            cues.append(t)
            due = None if answer is None else t + answer
        if outcome in (Outcome.PASSED, Outcome.MISSED, Outcome.UNCUED):
            return outcome, cues
    return Outcome.WAITING, cues


def test_should_pass_with_one_blink_in_standard_mode() -> None:
    challenge = Challenge(ChallengeSettings(), random.Random(0))
    assert challenge.update(1.0, None, None, ready=True) is Outcome.WAITING
    assert challenge.update(2.0, Blink(1.7, 2.0, 0.2), None, ready=True) is Outcome.PASSED


def test_should_pass_when_every_cue_is_answered() -> None:
    outcome, cues = run(0.5)
    assert outcome is Outcome.PASSED
    assert len(cues) == 3


def test_should_cue_at_moments_that_differ_from_seed_to_seed() -> None:
    moments = {tuple(run(0.5, seed=seed)[1]) for seed in range(20)}
    assert len(moments) == 20
    for cues in moments:
        assert all(STRICT.min_wait_s <= b - a - 0.7 <= STRICT.max_wait_s + 0.1 for a, b in pairwise(cues))


def test_should_give_the_cue_again_when_the_blink_does_not_count() -> None:
    challenge, t = Challenge(STRICT, random.Random(1)), 0.0
    while challenge.update(t, None, None, ready=True) is not Outcome.CUED:
        t += 0.05
    assert (
        challenge.update(t + 0.7, Blink(t + 0.5, t + 0.7, 0.2, Uncounted.MOVING), None, ready=True) is Outcome.WAITING
    )
    assert not challenge.cued
    assert challenge.needed == 3 and not challenge.blinks
    assert challenge.update(t + 0.7 + STRICT.max_wait_s, None, None, ready=True) is Outcome.CUED


@pytest.mark.parametrize("answer", [None, 1.3, 2.0])
def test_should_miss_a_cue_that_is_answered_late_or_never(answer: float | None) -> None:
    assert run(answer)[0] is Outcome.MISSED


def test_should_ask_for_more_when_answers_come_too_soon() -> None:
    outcome, cues = run(0.05)
    assert outcome is Outcome.UNCUED
    assert len(cues) == STRICT.max_uncued + 1


def test_should_charge_each_blink_without_a_cue() -> None:
    challenge = Challenge(STRICT, random.Random(0))
    challenge.update(0.0, None, None, ready=True)
    needed = []
    for number in range(3):
        at = 0.3 * (number + 1)
        challenge.update(at, Blink(at - 0.2, at, 0.2), None, ready=True)
        needed.append(challenge.needed)
    assert needed == [STRICT.cues + 1, STRICT.cues + 2, STRICT.cues + 3]


def test_should_ask_for_one_more_in_each_further_try() -> None:
    challenge = Challenge(STRICT, random.Random(0))
    challenge.restart(failed=2)
    assert challenge.needed == STRICT.cues + 2


def test_should_give_no_cue_to_a_face_that_is_not_ready() -> None:
    challenge = Challenge(STRICT, random.Random(0))
    outcomes = {challenge.update(frame / 20, None, None, ready=False) for frame in range(200)}
    assert outcomes == {Outcome.WAITING}


def test_should_not_take_answers_that_come_at_any_time_for_a_person() -> None:
    challenge, delays = Challenge(STRICT, random.Random(0)), iter([0.2, 1.1, 0.2, 1.1])
    t, due = 0.0, None
    while not challenge.blinks or len(challenge.blinks) < 3:
        t += 0.05
        blink = Blink(due, t, 0.2) if due is not None and t >= due + 0.2 else None
        due = None if blink else due
        if challenge.update(t, blink, due if due is not None and t >= due else None, ready=True) is Outcome.CUED:
            due = t + next(delays)
    assert challenge.needed > STRICT.cues
