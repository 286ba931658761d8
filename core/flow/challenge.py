"""The challenge: one blink or, in strict mode, blinks on cue at moments that nobody can know before."""

from __future__ import annotations

import random
from enum import Enum

from core.flow.answers import AnswerTest
from core.flow.blink import Blink
from core.settings import ChallengeSettings


class Response(str, Enum):
    """Of a face to the challenge, after a frame. The first three go on; MISSED and UNCUED are a failed try."""

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
        """A new try. failed: tries before it; after each, strict mode asks for more evidence."""
        limits = self.settings
        self.blinks: list[Blink] = []
        self._test = AnswerTest(limits)
        self._enough = limits.enough + failed * limits.more_each_try
        self._t: float | None = None
        self._cue: float | None = None
        self._next: float | None = None

    @property
    def progress(self) -> float:
        """How far it has come, 0..1."""
        if not self.settings.strict:
            return float(bool(self.blinks))
        share = min(len(self.blinks) / self.settings.cues, self._test.evidence / self._enough)
        return min(max(share, 0.0), 1.0) if self.blinks else 0.0

    @property
    def cued(self) -> bool:
        """Whether a cue stands and waits for its answer."""
        return self._cue is not None

    def update(self, t: float, blink: Blink | None, closing: float | None, *, ready: bool) -> Response:
        """One frame at `t` seconds.

        blink: the one this frame completed; one that does not count is no answer, but no refusal either: the cue is
        given again. closing: start of a closure under way (`BlinkDetector.closing`).
        ready: whether the face is placed well and free; no cue is given to a face that is not.
        """
        if not self.settings.strict:
            return self._any(blink)
        if self._t is not None:
            self._test.watch(t - self._t)
        self._t = t
        if self._cue is None:
            return self._wait(t, blink, closing, ready)
        return self._answer(t, blink, closing, self._cue)

    def _any(self, blink: Blink | None) -> Response:
        if blink is None or not blink.counts:
            return Response.WAITING
        self.blinks.append(blink)
        return Response.PASSED

    def _wait(self, t: float, blink: Blink | None, closing: float | None, ready: bool) -> Response:
        if blink is not None:
            return self._uncued(t)
        if self._next is None:
            self._schedule(t)
        elif closing is None and ready and t >= self._next:
            self._cue = t
            return Response.CUED
        return Response.WAITING

    def _answer(self, t: float, blink: Blink | None, closing: float | None, cue: float) -> Response:
        limits = self.settings
        if blink is not None:
            delay = blink.start - cue
            if not blink.counts:
                self._schedule(t)
                return Response.WAITING
            if delay < limits.min_answer_s:
                return self._uncued(t)
            if delay <= limits.max_answer_s:
                return self._take(t, blink, delay)
        if t - cue > limits.max_answer_s and (closing is None or closing - cue > limits.max_answer_s):
            return Response.MISSED
        return Response.WAITING

    def _take(self, t: float, blink: Blink, delay: float) -> Response:
        self.blinks.append(blink)
        self._test.answered(delay)
        self._schedule(t)
        enough = len(self.blinks) >= self.settings.cues and self._test.evidence >= self._enough
        return Response.PASSED if enough else Response.ANSWERED

    def _uncued(self, t: float) -> Response:
        self._test.uncued()
        self._schedule(t)
        return Response.UNCUED if self._test.evidence < self.settings.too_little else Response.WAITING

    def _schedule(self, t: float) -> None:
        self._cue = None
        self._next = t + self._rng.uniform(self.settings.min_wait_s, self.settings.max_wait_s)
