"""Keeps the hint calm: one that is shown stays a while, so that it can be read. A cue alone does not wait."""

from __future__ import annotations

from core.flow.snapshot import Advice, Hint, Phase, Snapshot


class HintHold:
    """Holds each hint for a while, unless the phase changes or a cue is given: the answer to it is timed."""

    def __init__(self, hold_s: float) -> None:
        """hold_s: seconds a hint stays before another may replace it."""
        self._hold_s = hold_s
        self._phase: Phase | None = None
        self._advice: Advice | None = None
        self._since = 0.0

    def update(self, snapshot: Snapshot) -> Advice:
        """The advice to show after this frame."""
        fresh = self._advice is None or snapshot.phase is not self._phase or snapshot.advice.hint is Hint.BLINK_NOW
        due = snapshot.t - self._since >= self._hold_s
        if self._advice is None or (snapshot.advice != self._advice and (fresh or due)):
            self._advice, self._since = snapshot.advice, snapshot.t
        self._phase = snapshot.phase
        return self._advice
