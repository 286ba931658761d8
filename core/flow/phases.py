"""The phases of an attempt. Each takes what is known of a frame and says what to do and where to go."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import Protocol

from core.flow.challenge import Challenge, Response
from core.flow.continuity import ContinuityGuard
from core.flow.selfie import BestShot, Measure, Shot
from core.flow.senses import Sense
from core.flow.snapshot import Advice, Hint, Phase, Reason, Uncounted
from core.flow.still import Refusal, Refused, Still, StillRequests
from core.flow.window import CheckWindow, blocked_advice
from core.regions import EYES
from core.settings import Settings


@dataclass(frozen=True)
class Transition:
    """What a phase makes of a frame: advice for the person, and a change, if any.

    to: the phase to enter. failed: why the try has failed. cued: a blink was asked for. shot: the stream's frame that
    becomes the selfie; still: the page's picture that does so instead; refused: one that was not taken.
    """

    advice: Advice
    to: Phase | None = None
    failed: Reason | None = None
    cued: bool = False
    shot: Shot | None = None
    still: Shot | None = None
    refused: Refused | None = None


class Stage(Protocol):
    """A phase at work. progress: 0..1."""

    def step(self, sense: Sense) -> Transition: ...

    def progress(self, sense: Sense) -> float: ...


class PositionPhase:
    """One face, framed, near, straight and lit, for a moment."""

    def __init__(self, settings: Settings) -> None:
        self._hold_s = settings.position.hold_s

    def step(self, sense: Sense) -> Transition:
        """Wait until nothing has been wrong for long enough."""
        if sense.hint is not None:
            return Transition(Advice(sense.hint))
        if sense.good_s < self._hold_s:
            return Transition(Advice(Hint.HOLD))
        return Transition(Advice(Hint.HOLD), to=Phase.BLINK)

    def progress(self, sense: Sense) -> float:
        """Share of the hold."""
        return min(sense.good_s / self._hold_s, 1.0)


_ADVICE = {
    Uncounted.MOVING: Hint.HOLD_STILL,
    Uncounted.CHANGED: Hint.HOLD_STILL,
    Uncounted.LIDS_NOT_SEEN: Hint.BLINK_SLOWER,
}


class BlinkPhase:
    """The challenge. From the first blink that counts, the guard watches over the face that blinked."""

    def __init__(
        self, settings: Settings, guard: ContinuityGuard, rng: random.Random, failed: int, *, suspected: bool = False
    ) -> None:
        """failed: tries of this attempt that failed. suspected: cues are asked for, in standard mode too.

        `strict` tells whether cues are asked for.
        """
        self.settings = settings
        self._guard = guard
        self._stepped_up = suspected and not settings.challenge.strict
        self.strict = settings.challenge.strict or suspected
        self._challenge = Challenge(replace(settings.challenge, strict=self.strict), rng)
        self._challenge.restart(failed)
        self._uncounted: list[Uncounted] = []

    @property
    def blinks(self) -> tuple[tuple[float, float], ...]:
        """(time, seconds) of each blink that counted."""
        return tuple((blink.end, blink.seconds) for blink in self._challenge.blinks)

    def step(self, sense: Sense) -> Transition:
        """Take the frame's blink, if there is one, and give cues."""
        if sense.hint is not None and sense.bad_s >= self.settings.position.leave_s and not self._guard.watching:
            return Transition(Advice(sense.hint), to=Phase.POSITION)
        ready = sense.hint is None and not sense.blocked(self.settings.window.required) and not sense.moving
        # Who is badly placed can't answer a cue, but blinks all the same.
        answer = sense.blink if sense.hint is None or (self.strict and not self._challenge.cued) else None
        if answer is not None and answer.why is not None:
            self._uncounted.append(answer.why)
        response = self._challenge.update(sense.t, answer, sense.closing, ready=ready)
        if response is Response.MISSED:
            return Transition(self.advice(sense), failed=Reason.MISSED_CUE)
        if response is Response.UNCUED:
            return Transition(self.advice(sense), failed=Reason.UNCUED_BLINK)
        if response in (Response.ANSWERED, Response.PASSED) and answer is not None and not self._guard.watching:
            broken = self._guard.begin(answer.start)
            if broken is not None:
                return Transition(self.advice(sense), failed=broken)
        if response is Response.PASSED:
            return Transition(Advice(Hint.HOLD), to=Phase.CHECK)
        return Transition(self.advice(sense), cued=response is Response.CUED)

    def advice(self, sense: Sense) -> Advice:
        """What to tell the person. A cue that stands is not talked over; only what hides the blink itself is told."""
        if sense.hint is not None:
            return Advice(sense.hint)
        blocked = sense.blocked(EYES if self._challenge.cued else self.settings.window.required)
        if blocked:
            return blocked_advice(sense.reading, blocked[0])
        if not self.strict:
            return Advice(self._how_to_blink())
        if self._challenge.cued:
            return Advice(Hint.BLINK_NOW)
        return Advice(Hint.ONE_MORE_CHECK if self._stepped_up else Hint.WAIT_FOR_CUE)

    def progress(self, sense: Sense) -> float:
        """Share of the blinks that have been given."""
        return self._challenge.progress

    def _how_to_blink(self) -> Hint:
        """One blink that does not count may happen to anyone; after two the person is told how."""
        if len(self._uncounted) < 2:
            return Hint.BLINK
        return _ADVICE.get(self._uncounted[-1], Hint.BLINK)


class CheckPhase:
    """The occlusion window, and the best shot of it."""

    def __init__(self, settings: Settings, measure: Measure, first_still: int = 1) -> None:
        """first_still: number of the first still to ask for."""
        self.settings = settings
        self._window = CheckWindow(settings.window)
        self._best = BestShot(settings, measure)
        self._stills = StillRequests(settings, measure, first_still)

    @property
    def still_wanted(self) -> int:
        """Number of the still that was last asked for; 0 before there is one."""
        return self._stills.number

    @property
    def injected(self) -> bool:
        """The page's stills show something else than the stream."""
        return self._stills.injected

    def take_still(self, still: Still, t: float) -> Refusal | None:
        """Judge what the page handed in; why it is not taken. t: time of the latest frame."""
        shot = self._stills.judge(still, t)
        if shot is not None:
            self._best.offer_still(shot)
        return self._stills.refused.why if self._stills.refused else None

    def step(self, sense: Sense) -> Transition:
        """Wait until every required region has been clear and the eyes open for long enough."""
        if sense.reading.face is None:
            return Transition(Advice(sense.hint or Hint.NO_FACE))
        advice = self._window.update(sense.reading, sense.states, sense.hint)
        if self._window.closed_s > self.settings.window.give_up_closed_s:
            return Transition(advice, failed=Reason.EYES_CLOSED)
        if self._window.progress == 0.0:
            self._best.restart()
        self._best.confirm(sense.t)
        self._offer(sense)
        if self._window.done and self._best.shot is not None:
            return Transition(
                Advice(Hint.CAPTURED),
                to=Phase.CAPTURED,
                shot=self._best.shot,
                still=self._best.still,
                refused=self._stills.refused,
            )
        return Transition(advice)

    def progress(self, sense: Sense) -> float:
        """Share of the window."""
        return self._window.progress

    def _offer(self, sense: Sense) -> None:
        open_eyes = sense.closure is not None and sense.closure < self.settings.blink.open_below
        good = self._window.good and not sense.problems and open_eyes
        if good and sense.closure is not None and not sense.reading.carried:
            self._best.offer(sense.frame, sense.reading, sense.closure)
        self._stills.follow(sense, good=good, progress=self._window.progress, taken=self._best.has_still)
