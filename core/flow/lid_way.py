"""How much speaks for lids that moved between open and shut: what tells a blink from an exchange of two pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from core.flow.lids import Lids
from core.settings import BlinkSettings


@dataclass(frozen=True)
class Scale:
    """One measure of the lids: its level with open and with shut eyes, and its noise as a share of the way between."""

    open: float
    shut: float
    noise: float

    def way(self, value: float) -> float:
        """Share of the way from open (0) to shut (1)."""
        return (value - self.open) / (self.shut - self.open)

    def opened_to(self, value: float) -> Scale:
        """The same where the eyes are open further at last, as where the gaze has gone up."""
        return replace(self, open=value) if self.way(value) < 0 else self


class LidWay:
    """Weighs the frames between open and shut: those of a closure, and some before and after it.

    Lids take a tenth of a second to shut and two to open, the last of it slowly: at 12 frames a second, too, one frame
    or more lies between. Exchanged pictures take no time and come back to where they were. A slow shutter may mix them
    in one frame; but then the lashes of both are in it, and the eye model takes it for a shut eye sooner than half shut
    lids.
    """

    def __init__(self, settings: BlinkSettings) -> None:
        self.settings = settings

    def evidence(self, frames: Sequence[Lids], start: float, end: float) -> float:
        """What speaks for lids: 1 for each clear frame, less for a faint one; of the shutting or of the opening.

        frames: in their order, some before the closure and all after it so far. start, end: times of the last frame
        with open eyes before it and of the first one after it.
        """
        limits = self.settings
        gap, shape = self._scales(frames, start, end)
        shut = [f for f in frames if start <= f.t <= end and self._shut(f, gap, shape)]
        if not shut:
            return 0.0
        closing = [f for f in frames if start - limits.margin_s <= f.t < shut[0].t]
        opening = [f for f in frames if shut[-1].t < f.t <= end + limits.tail_s]
        closed = self._weigh(closing[::-1], gap, shape)
        late = [f for f in opening if f.t > end + limits.settle_s][-2:]
        if late:
            gap = gap.opened_to(float(np.median([f.gap for f in late])))
            shape = shape.opened_to(float(np.median([f.shape for f in late])))
        return max(closed, self._weigh(opening, gap, shape))

    def _shut(self, frame: Lids, gap: Scale, shape: Scale) -> bool:
        return min(gap.way(frame.gap), shape.way(frame.shape)) >= self.settings.shut

    def _scales(self, frames: Sequence[Lids], start: float, end: float) -> tuple[Scale, Scale]:
        """Of the gap between the lids and of eyeBlink."""
        limits = self.settings
        before = [f for f in frames if start - limits.before_s <= f.t <= start]
        during = [f for f in frames if start <= f.t <= end]
        # Frames without a mesh show the eyes as they were: they tell no noise, and the eyes may be open further since.
        laid = [f for f in frames if start - limits.noise_s <= f.t <= start and not f.carried]
        calm = [f for f in laid if f.widest < limits.open_below]
        levels = [kept for kept in (before, [f for f in before if not f.carried]) if kept]
        gap = max(float(np.median([f.gap for f in kept])) for kept in levels)
        shape = min(float(np.median([f.shape for f in kept])) for kept in levels)
        gap_shut = min(gap - limits.least_gap, *(f.gap for f in during))
        shape_shut = max(shape + limits.least_shape, *(f.shape for f in during))
        return (
            self._scale([(f.t, f.gap) for f in calm], gap, gap_shut, limits.gap_noise),
            self._scale([(f.t, f.shape) for f in calm], shape, shape_shut, limits.shape_noise),
        )

    def _scale(self, calm: Sequence[tuple[float, float]], open_: float, shut: float, least: float) -> Scale:
        """calm: times and measures of open eyes; least: share of the way by which they stray at the least."""
        limits = self.settings
        # Gazes wander in a longer step, too.
        steps = [abs(b - a) * min(limits.step_s / (late - early), 1.0) for (early, a), (late, b) in pairwise(calm)]
        stray = float(np.median(steps)) if len(steps) > 2 else 0.0
        noise = limits.strays * stray / abs(shut - open_)
        return Scale(open_, shut, min(max(noise, least), limits.max_noise))

    def _weigh(self, frames: Sequence[Lids], gap: Scale, shape: Scale) -> float:
        """Evidence of one side; `frames` from shut to open."""
        total = 0.0
        last: float | None = None
        for index, frame in enumerate(frames[:-1]):
            later = frames[index + 1 :]
            ways = gap.way(frame.gap), shape.way(frame.shape)
            if ways[0] <= gap.noise and ways[1] <= shape.noise:
                break
            # A third picture, of half shut eyes, stays as it is.
            gap_moves = ways[0] > gap.noise and ways[0] - min(gap.way(f.gap) for f in later) >= gap.noise / 2
            shape_moves = ways[1] > shape.noise and ways[1] - min(shape.way(f.shape) for f in later) >= shape.noise / 2
            if not (gap_moves or shape_moves):
                continue
            follows_on = last is not None and last - ways[0] >= gap.noise / 2
            total += self._weight(frame, ways[0], follows_on, first=last is None)
            last = ways[0] if last is None else min(ways[0], last)
        return total

    def _weight(self, frame: Lids, way: float, follows_on: bool, *, first: bool) -> float:
        """Of one frame on the way. follows_on: the lids were further shut in the frame on the way before it."""
        limits = self.settings
        clear = way >= limits.clear_way and self._no_mixture(frame, way)
        if clear or (follows_on and way < limits.shut):
            return 1.0  # two in a row can't come of a shutter
        faint = frame.seen_shut <= limits.faint_seen_shut and (first or follows_on)
        return limits.faint if faint else 0.0

    def _no_mixture(self, frame: Lids, way: float) -> bool:
        limits = self.settings
        most = next((seen for until, seen in limits.max_seen_shut if way < until), 0.0)
        return frame.seen_shut <= most
