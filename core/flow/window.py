"""The check: every required region clear and the eyes open, for a while without a break."""

from __future__ import annotations

from collections.abc import Mapping

from core.flow.snapshot import Advice, Hint
from core.regions import EYES, Region
from core.settings import WindowSettings
from core.vision.reading import Reading, State


class CheckWindow:
    """Counts the good time. What blocks a region sets it back to 0; a blink only makes it wait."""

    def __init__(self, settings: WindowSettings) -> None:
        self.settings = settings
        self.restart()

    def restart(self) -> None:
        """Back to 0."""
        self._good_s = 0.0
        self._t: float | None = None
        self._closed_since: float | None = None
        self.closed_s = 0.0
        self.good = False
        """Whether everything required is clear in this very frame."""

    @property
    def progress(self) -> float:
        """Share of the window, 0..1."""
        return min(self._good_s / self.settings.hold_s, 1.0)

    @property
    def done(self) -> bool:
        """Whether the window is full."""
        return self._good_s >= self.settings.hold_s

    def update(self, reading: Reading, badges: Mapping[Region, State], problem: Hint | None) -> Advice:
        """One frame. badges: the smoothed states. problem: what is wrong with the position, if anything is."""
        limits = self.settings
        dt = 0.0 if self._t is None else reading.t - self._t
        self._t = reading.t
        if dt > limits.max_gap_s:
            self._good_s = dt = 0.0
        self._watch_eyes(reading)
        self.good = False
        if problem is not None:
            self._good_s = 0.0
            return Advice(problem)
        blocked = [region for region in limits.required if badges.get(region) is State.BLOCKED]
        if blocked:
            self._good_s = 0.0
            return blocked_advice(reading, blocked[0])
        if self.closed_s > limits.max_closed_s:
            self._good_s = 0.0
            return Advice(Hint.OPEN_EYES)
        # What blocks a region for a frame or two is the models' doubt; only shut eyes make the window wait at once.
        if self._closed_since is None:
            self._good_s += dt
            self.good = self._clear_now(reading)
        return Advice(Hint.HOLD)

    def _watch_eyes(self, reading: Reading) -> None:
        closed = any(reading.regions[eye].state is State.CLOSED for eye in EYES if eye in reading.regions)
        if not closed:
            self._closed_since = None
        elif self._closed_since is None:
            self._closed_since = reading.t
        self.closed_s = 0.0 if self._closed_since is None else reading.t - self._closed_since

    def _clear_now(self, reading: Reading) -> bool:
        states = [reading.regions[region].state for region in self.settings.required if region in reading.regions]
        return bool(states) and all(state in (State.OPEN, State.CLEAR) for state in states)


def blocked_advice(reading: Reading, region: Region) -> Advice:
    """What to say about a blocked region."""
    found = reading.regions.get(region)
    return Advice(Hint.GLARE if found is not None and found.glare else Hint.REGION_BLOCKED, region)
