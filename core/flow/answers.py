"""Whether blinks answer cues, or come by themselves: a sequential test."""

from __future__ import annotations

import math

from core.settings import ChallengeSettings


class AnswerTest:
    """Weighs each blink of one try: for a person who answers, or for a film whose blinks fall into the cues by chance.

    Wald's sequential probability ratio test ("Sequential Analysis", 1947). Of a film only is known that its blinks come
    at some rate: it is taken at the rate at which it would most likely have blinked so. A person answers most cues,
    always about as late, and now and then blinks unasked.
    """

    def __init__(self, settings: ChallengeSettings) -> None:
        self.settings = settings
        self._watched_s = 0.0
        self._blinks = 0
        self._delays: list[float] = []
        self._person = 0.0

    def watch(self, seconds: float) -> None:
        """Time went by in which a blink would have been seen."""
        self._watched_s += seconds

    def answered(self, delay: float) -> None:
        """A blink came `delay` seconds after a cue, in time."""
        limits = self.settings
        anywhere = 1.0 / (limits.max_answer_s - limits.min_answer_s)
        density = anywhere
        if self._delays:
            usual = sum(self._delays) / len(self._delays)
            off = (delay - usual) / limits.scatter_s
            near = math.exp(-0.5 * off * off) / (limits.scatter_s * math.sqrt(2 * math.pi))
            density = limits.astray * anywhere + (1 - limits.astray) * near
        self._person += math.log(limits.heeded * density)
        self._delays.append(delay)
        self._blinks += 1

    def uncued(self) -> None:
        """A blink came without a cue."""
        self._person += math.log(self.settings.own_rate)
        self._blinks += 1

    @property
    def evidence(self) -> float:
        """Natural logarithm of how much likelier a person is than a film."""
        limits, seconds = self.settings, self._watched_s
        rate = min(self._blinks / max(seconds, 1e-3), limits.max_rate)
        film = self._blinks * math.log(rate) - rate * seconds if self._blinks else 0.0
        return self._person - limits.own_rate * seconds - film
