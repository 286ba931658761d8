"""Strict mode's cues."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import cycle, pairwise, repeat

import pytest

from core.flow.blink import Blink
from core.flow.challenge import Challenge, Response
from core.flow.snapshot import Uncounted
from core.settings import ChallengeSettings

STRICT = ChallengeSettings(strict=True)


def run(answer: float | None, *, settings: ChallengeSettings = STRICT, seed: int = 1) -> tuple[Response, list[float]]:
    """Answer every cue after `answer` seconds; what comes of it, and the moments of the cues."""
    challenge, cues, due = Challenge(settings, random.Random(seed)), [], None
    for frame in range(1200):
        t = frame / 20
        blink = None
        if due is not None and t >= due + 0.2:
            blink, due = Blink(due, t, 0.2), None
        outcome = challenge.update(t, blink, due if due is not None and t >= due else None, ready=True)
        if outcome is Response.CUED:
            cues.append(t)
            due = None if answer is None else t + answer
        if outcome in (Response.PASSED, Response.MISSED, Response.UNCUED):
            return outcome, cues
    return Response.WAITING, cues


def test_should_pass_with_one_blink_in_standard_mode() -> None:
    challenge = Challenge(ChallengeSettings(), random.Random(0))
    assert challenge.update(1.0, None, None, ready=True) is Response.WAITING
    assert challenge.update(2.0, Blink(1.7, 2.0, 0.2), None, ready=True) is Response.PASSED


def test_should_pass_when_every_cue_is_answered() -> None:
    outcome, cues = run(0.5)
    assert outcome is Response.PASSED
    assert STRICT.cues <= len(cues) <= 3


def test_should_cue_at_moments_that_differ_from_seed_to_seed() -> None:
    moments = {tuple(run(0.5, seed=seed)[1]) for seed in range(20)}
    assert len(moments) == 20
    for cues in moments:
        assert all(STRICT.min_wait_s <= b - a - 0.7 <= STRICT.max_wait_s + 0.1 for a, b in pairwise(cues))


def test_should_give_the_cue_again_when_the_blink_does_not_count() -> None:
    challenge, t = Challenge(STRICT, random.Random(1)), 0.0
    while challenge.update(t, None, None, ready=True) is not Response.CUED:
        t += 0.05
    assert (
        challenge.update(t + 0.7, Blink(t + 0.5, t + 0.7, 0.2, Uncounted.MOVING), None, ready=True) is Response.WAITING
    )
    assert not challenge.cued
    assert not challenge.blinks
    assert challenge.update(t + 0.7 + STRICT.max_wait_s, None, None, ready=True) is Response.CUED


@pytest.mark.parametrize("answer", [None, 1.3, 2.0])
def test_should_miss_a_cue_that_is_answered_late_or_never(answer: float | None) -> None:
    assert run(answer)[0] is Response.MISSED


def test_should_ask_for_more_when_answers_come_too_soon() -> None:
    outcome, cues = run(0.05)
    assert outcome is Response.UNCUED
    assert len(cues) > 1


def cues_until_passed(challenge: Challenge, answers: Iterator[float], unasked: Sequence[float] = ()) -> int:
    """How many cues a person needs who answers after those seconds, and blinks unasked at those times; 20: too many."""
    own, due, cues, t = list(unasked), None, 0, 0.0
    while cues < 20:
        t = round(t + 0.05, 2)
        blink = None
        if due is not None and t >= due + 0.2:
            blink, due = Blink(due, t, 0.2), None
        elif due is None and own and t >= own[0] + 0.2:
            blink = Blink(own.pop(0), t, 0.2)
        closing = due if due is not None and t >= due else None
        response = challenge.update(t, blink, closing, ready=True)
        if response is Response.CUED:
            due, cues = t + next(answers), cues + 1
        if response in (Response.PASSED, Response.UNCUED, Response.MISSED):
            assert response is Response.PASSED
            return cues
    return cues


def strict(failed: int = 0) -> Challenge:
    challenge = Challenge(STRICT, random.Random(0))
    challenge.restart(failed)
    return challenge


def test_should_ask_for_more_after_a_blink_without_a_cue() -> None:
    assert cues_until_passed(strict(), repeat(0.5), [0.1, 1.5]) > cues_until_passed(strict(), repeat(0.5))


def test_should_charge_a_blink_without_a_cue_that_would_not_count() -> None:
    challenge = strict()
    for frame in range(100):
        t, blink = (
            frame / 20,
            Blink(frame / 20 - 0.2, frame / 20, 0.2, Uncounted.LIDS_NOT_SEEN) if frame % 8 == 7 else None,
        )
        if challenge.update(t, blink, t, ready=True) is Response.UNCUED:
            return
    raise AssertionError("blinks that do not count were free")


def test_should_ask_for_more_in_each_further_try() -> None:
    needed = [cues_until_passed(strict(failed), repeat(0.5)) for failed in range(3)]
    assert needed == sorted(needed)
    assert needed[2] > needed[0]


def test_should_ask_for_more_where_answers_come_at_any_time() -> None:
    assert cues_until_passed(strict(), cycle([0.3, 1.1])) > cues_until_passed(strict(), repeat(0.5))


def test_should_tell_how_far_it_has_come() -> None:
    challenge, t, seen = strict(), 0.0, [0.0]
    while challenge.progress < 1.0 and t < 60.0:
        t += 0.05
        if challenge.update(t, None, None, ready=True) is Response.CUED:
            t += 0.7
            challenge.update(t, Blink(t - 0.2, t, 0.2), None, ready=True)
            seen.append(challenge.progress)
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    assert any(0.0 < progress < 1.0 for progress in seen)


def test_should_give_no_cue_to_a_face_that_is_not_ready() -> None:
    challenge = Challenge(STRICT, random.Random(0))
    outcomes = {challenge.update(frame / 20, None, None, ready=False) for frame in range(200)}
    assert outcomes == {Response.WAITING}
