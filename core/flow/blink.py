"""Blinks: both eyes open -> closed -> open, told from hands, winks, head movements and exchanged pictures."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from core.flow.motion import HeadMotion
from core.flow.smoothing import smoothed
from core.regions import EYES, Region
from core.settings import BlinkSettings
from core.vision.reading import Reading, State


@dataclass(frozen=True)
class Blink:
    """One blink. start: time of the last frame with open eyes before it; end: of the first one after it; in seconds.

    seconds: how long the eyes were not open, between the frames by interpolation.
    counts: whether the head was still enough and the lids were seen on their way, so that it may answer a challenge.
    """

    start: float
    end: float
    seconds: float
    counts: bool = True


@dataclass(frozen=True)
class _Sample:
    t: float
    closure: float  # of the eye that is less shut: a wink is no blink
    widest: float  # of the eye that is more shut
    shape: float  # mean eyeBlink
    obstructed: bool
    speed: float


class BlinkDetector:
    """Follows the eyes over time. Feed every frame; time comes from the readings alone."""

    def __init__(self, settings: BlinkSettings) -> None:
        self.settings = settings
        self._motion = HeadMotion()
        self.forget()

    def forget(self) -> None:
        """Start anew, for another face or another stream."""
        self._motion.forget()
        self._baseline = {eye: Baseline(self.settings) for eye in EYES}
        self._samples: deque[_Sample] = deque()
        self._open_since: float | None = None
        self._last_open: _Sample | None = None
        self._closed = False
        self.closure: float | None = None
        self.moving = False

    @property
    def closing(self) -> float | None:
        """Time of the last open frame before the closure that is under way; None while the eyes are open."""
        return self._last_open.t if self._closed and self._last_open else None

    def update(self, reading: Reading) -> Blink | None:
        """The blink that this frame completes, if it does."""
        if reading.face is None or any(eye not in reading.regions for eye in EYES):
            self._break()
            return None
        sample = self._sample(reading)
        last = self._samples[-1] if self._samples else None
        if last is not None and sample.t - last.t > self.settings.max_gap_s:
            self._break()
        self.closure, self.moving = sample.closure, sample.speed > self.settings.max_speed
        self._samples.append(sample)
        while self._samples[0].t < sample.t - self.settings.max_s - self.settings.margin_s - self.settings.before_s:
            self._samples.popleft()
        return self._follow(sample)

    def _break(self) -> None:
        """What was under way can't be judged any more."""
        self._samples.clear()
        self._open_since = self._last_open = None
        self._closed = False
        self.closure = None

    def _follow(self, sample: _Sample) -> Blink | None:
        limits = self.settings
        if not self._closed:
            if sample.closure >= limits.closed_above:
                # Nothing is known of a closure that began before the eyes were seen open.
                self._closed = self._last_open is not None
            elif sample.widest < limits.open_below:
                if self._open_since is None:
                    self._open_since = sample.t
                self._last_open = sample
            return None
        if sample.widest >= limits.open_below:
            if self._last_open and sample.t - self._last_open.t > limits.max_s + limits.margin_s:
                self._closed, self._open_since, self._last_open = False, None, None
            return None
        start, self._closed = self._last_open, False
        self._last_open = sample
        return None if start is None else self._judge(start, sample)

    def _judge(self, start: _Sample, end: _Sample) -> Blink | None:
        limits = self.settings
        seconds = self._seconds(start.t)
        if not limits.min_s <= seconds <= limits.max_s:
            return None
        around = [s.obstructed for s in self._samples if s.t >= start.t - limits.margin_s]
        if sum(around) > limits.max_obstructed * len(around):
            return None
        during = [s for s in self._samples if start.t <= s.t <= end.t]
        still = max(s.speed for s in during) <= limits.max_speed
        return Blink(start.t, end.t, seconds, still and self._on_the_way(during))

    def _on_the_way(self, during: list[_Sample]) -> bool:
        """Whether the lids were seen between open and shut, where they should be: at either end of the closure.

        Lids take a tenth of a second and more each way; exchanged pictures take no time.
        """
        limits = self.settings
        since, until = during[0].t - limits.before_s, during[0].t
        before = [s.shape for s in self._samples if since <= s.t < until and s.widest < limits.open_below]
        open_ = float(np.median(before)) if len(before) > 1 else during[0].shape
        stray = float(np.std(before)) if len(before) > 1 else limits.open_noise
        closed = sorted(s.shape for s in during if s.closure >= limits.closed_above)
        shut = closed[len(closed) // 2]
        way = shut - open_
        # What is within the score's own noise of open or shut is no way at all.
        low = open_ + max(limits.on_the_way[0] * way, limits.open_noise, limits.strays * stray)
        high = shut - max((1 - limits.on_the_way[1]) * way, limits.shut_noise)
        return any(low <= s.shape <= high for s in (*during[:2], *during[-2:]))

    def _seconds(self, start: float) -> float:
        """Time for which the eyes were not open, by linear interpolation between frames."""
        samples = [s for s in self._samples if s.t >= start]
        level = self.settings.half_open * max(s.closure for s in samples)
        pairs = list(pairwise(samples))
        rise = next((_cross(a, b, level) for a, b in pairs if a.closure < level <= b.closure), start)
        fall = next((_cross(a, b, level) for a, b in reversed(pairs) if b.closure < level <= a.closure), samples[-1].t)
        return float(fall - rise)

    def _sample(self, reading: Reading) -> _Sample:
        assert reading.face is not None
        closures = [self._closure(reading, eye) for eye in EYES]
        obstructed = any(reading.regions[eye].state is State.BLOCKED or reading.regions[eye].glare for eye in EYES)
        speed = self._motion.update(reading.t, reading.face)
        shape = sum(reading.face.blink[eye] for eye in EYES) / len(EYES)
        return _Sample(reading.t, min(closures), max(closures), shape, obstructed, speed)

    def _closure(self, reading: Reading, eye: Region) -> float:
        """How shut an eye is, 0..1: the eye model's word and the blendshape's above the person's own open level.

        Where the eye model sees neither an open nor a closed eye, its word weighs as little.
        """
        assert reading.face is not None
        limits = self.settings
        scores = reading.regions[eye].eye
        shape = reading.face.blink[eye]
        base = self._baseline[eye]
        lifted = min(max((shape - base.level) / (limits.full_shape - base.level), 0.0), 1.0)
        if scores is None:
            base.update(reading.t, shape)
            return lifted
        seen = scores.closed / max(scores.closed + scores.open, 1e-6)
        if seen < 0.5 and reading.regions[eye].state is State.OPEN:
            base.update(reading.t, shape)
        weight = limits.model_weight * min(scores.open + scores.closed, 1.0)
        return weight * seen + (1 - weight) * lifted


class Baseline:
    """The blendshape of one open eye: it follows quickly down, slowly up, and within limits only."""

    def __init__(self, settings: BlinkSettings) -> None:
        self._settings = settings
        self._last: float | None = None
        self.level = settings.open_shape

    def update(self, t: float, shape: float) -> None:
        """shape: eyeBlink of an eye that is seen open."""
        dt = 0.0 if self._last is None else min(max(t - self._last, 0.0), 0.2)
        self._last = t
        tau = self._settings.baseline_down_s if shape < self.level else self._settings.baseline_up_s
        self.level = min(max(smoothed(self.level, shape, dt, tau), 0.0), self._settings.max_open_shape)


def _cross(a: _Sample, b: _Sample, level: float) -> float:
    rise = b.closure - a.closure
    return a.t + (b.t - a.t) * (level - a.closure) / rise if rise else a.t
