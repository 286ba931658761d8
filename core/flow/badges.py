"""The regions' states, smoothed: single frames don't flicker, what lasts shows at once."""

from __future__ import annotations

from dataclasses import dataclass

from core.flow.smoothing import smoothed, switched
from core.regions import EYES, Region
from core.settings import BadgeSettings
from core.vision.reading import Reading, State


@dataclass
class _Belief:
    """Running shares of the time in which a region was blocked and, for an eye, closed."""

    state: State
    blocked: float = 0.0
    closed: float = 0.0


class Badges:
    """One smoothed state a region."""

    def __init__(self, settings: BadgeSettings) -> None:
        self.settings = settings
        self._beliefs: dict[Region, _Belief] = {}
        self._t = 0.0
        self._seen = 0.0

    @property
    def states(self) -> dict[Region, State]:
        """The present states; empty when no face has been seen for a moment."""
        return {region: belief.state for region, belief in self._beliefs.items()}

    def update(self, reading: Reading, *, turned: bool = False) -> list[tuple[Region, State]]:
        """Take one reading; the regions whose state changed with it.

        turned: the head has been turned aside for a moment. From the side nobody can tell well what hides a region, so
        all count as free meanwhile.
        """
        dt, self._t = max(reading.t - self._t, 0.0), reading.t
        if not reading.regions:
            if reading.t - self._seen > self.settings.keep_s:
                self._beliefs = {}
            return []
        self._seen = reading.t
        if not self._beliefs:
            self._beliefs = {region: _Belief(_free(region)) for region in Region}
        changes = []
        for region, belief in self._beliefs.items():
            before = belief.state
            if turned:
                belief.blocked = 0.0
            self._believe(belief, region, _free(region) if turned else reading.regions[region].state, dt)
            if belief.state is not before:
                changes.append((region, belief.state))
        return changes

    def _believe(self, belief: _Belief, region: Region, state: State, dt: float) -> None:
        limits = self.settings
        belief.blocked = smoothed(belief.blocked, float(state is State.BLOCKED), dt, limits.blocked_tau_s)
        belief.closed = smoothed(belief.closed, float(state is State.CLOSED), dt, limits.closed_tau_s)
        levels = limits.on_above, limits.off_below
        if switched(belief.state is State.BLOCKED, belief.blocked, *levels):
            belief.state = State.BLOCKED
        elif switched(belief.state is State.CLOSED, belief.closed, *levels):
            belief.state = State.CLOSED
        else:
            belief.state = _free(region)


def _free(region: Region) -> State:
    return State.OPEN if region in EYES else State.CLEAR
