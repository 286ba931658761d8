"""The challenge: one blink or, in strict mode, blinks on cue at moments that nobody can know before."""

from __future__ import annotations

import random
from enum import Enum

from core.flow.blink import Blink
from core.settings import ChallengeSettings


class Outcome(str, Enum):
    """What the challenge says after a frame. The first three go on; MISSED and UNCUED are a failed try."""

    WAITING = "waiting"
    CUED = "cued"
    ANSWERED = "answered"
    PASSED = "passed"
    MISSED = "missed"
    UNCUED = "uncued"


class Challenge:
    """Takes the blinks of one try. `blinks` holds those that counted."""

    def __init__(self, settings: ChallengeSettings, rng: random.Random) -> None:
        self.settings = settings
        self._rng = rng
        self.restart()

    def restart(self, failed: int = 0) -> None:
        """A new try. failed: tries before it; each makes strict mode ask for one cue more."""
        self.blinks: list[Blink] = []
        self.needed = self.settings.cues + failed if self.settings.strict else 1
        self._early = 0
        self._delays: list[float] = []
        self._cue: float | None = None
        self._next: float | None = None

    @property
    def progress(self) -> float:
        """Share of the blinks that have been given, 0..1."""
        return min(len(self.blinks) / self.needed, 1.0)

    @property
    def cued(self) -> bool:
        """Whether a cue stands and waits for its answer."""
        return self._cue is not None

    def update(self, t: float, blink: Blink | None, closing: float | None, *, ready: bool) -> Outcome:
        """One frame at `t` seconds.

        blink: the one this frame completed; one that does not count is no answer, but no refusal either: the cue is
        given again. closing: start of a closure under way (`BlinkDetector.closing`).
        ready: whether the face is placed well and free; no cue is given to a face that is not.
        """
        if not self.settings.strict:
            return self._any(blink)
        if self._cue is None:
            return self._wait(t, blink, closing, ready)
        return self._answer(t, blink, closing, self._cue)

    def _any(self, blink: Blink | None) -> Outcome:
        if blink is None or not blink.counts:
            return Outcome.WAITING
        self.blinks.append(blink)
        return Outcome.PASSED

    def _wait(self, t: float, blink: Blink | None, closing: float | None, ready: bool) -> Outcome:
        if blink is not None and blink.counts:
            return self._uncued(t)
        if self._next is None:
            self._schedule(t)
        elif closing is None and ready and t >= self._next:
            self._cue = t
            return Outcome.CUED
        return Outcome.WAITING

    def _answer(self, t: float, blink: Blink | None, closing: float | None, cue: float) -> Outcome:
        limits = self.settings
        if blink is not None:
            delay = blink.start - cue
            if not blink.counts:
                self._schedule(t)
                return Outcome.WAITING
            if delay < limits.min_answer_s:
                return self._uncued(t)
            if delay <= limits.max_answer_s:
                return self._take(t, blink, delay)
        if t - cue > limits.max_answer_s and (closing is None or closing - cue > limits.max_answer_s):
            return Outcome.MISSED
        return Outcome.WAITING

    def _take(self, t: float, blink: Blink, delay: float) -> Outcome:
        self.blinks.append(blink)
        self._delays.append(delay)
        if max(self._delays) - min(self._delays) > self.settings.max_spread_s:
            # A person answers in much the same time; blinks that come by themselves do not.
            self.needed += 1
            self._delays = [delay]
        self._schedule(t)
        return Outcome.PASSED if len(self.blinks) >= self.needed else Outcome.ANSWERED

    def _uncued(self, t: float) -> Outcome:
        self._early += 1
        self.needed += 1
        self._schedule(t)
        return Outcome.UNCUED if self._early > self.settings.max_uncued else Outcome.WAITING

    def _schedule(self, t: float) -> None:
        self._cue = None
        self._next = t + self._rng.uniform(self.settings.min_wait_s, self.settings.max_wait_s)
