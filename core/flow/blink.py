"""Blinks: both eyes open -> closed -> open, told from hands, winks, head movements and exchanged pictures."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from itertools import pairwise

from core.flow.lid_way import LidWay
from core.flow.lids import LidMeter, Lids
from core.flow.snapshot import Uncounted
from core.regions import EYES
from core.settings import BlinkSettings
from core.vision.reading import Reading


@dataclass(frozen=True)
class Blink:
    """One blink. start: time of the last frame with open eyes before it; end: of the first one after it; in seconds.

    seconds: how long the eyes were not open, between the frames by interpolation.
    why: it may not answer a challenge; None: it may.
    """

    start: float
    end: float
    seconds: float
    why: Uncounted | None = None

    @property
    def counts(self) -> bool:
        """Whether it may answer a challenge."""
        return self.why is None


class BlinkDetector:
    """Follows the eyes over time. Feed every frame; time comes from the readings alone."""

    def __init__(self, settings: BlinkSettings) -> None:
        self.settings = settings
        self._meter = LidMeter(settings)
        self._way = LidWay(settings)
        self._frames: deque[Lids] = deque()
        self._keep_s = settings.slow_s + 2 * settings.margin_s + settings.noise_s + settings.tail_s
        self._last_open: Lids | None = None
        self._closed = False
        self._pending: Blink | None = None
        self._enough = settings.enough
        self.closure: float | None = None
        self.moving = False

    @property
    def closing(self) -> float | None:
        """Time of the last open frame before a closure that is under way or not yet judged; None without one."""
        if self._pending is not None:
            return self._pending.start
        if not self._closed or self._last_open is None:
            return None
        lasts = self._frames[-1].t - self._last_open.t
        return None if lasts > self.settings.max_s + self.settings.margin_s else self._last_open.t

    def update(self, reading: Reading, follows: float = 1.0) -> Blink | None:
        """The blink that this frame decides, if it does: the one it completes, or one just before it.

        follows: correlation of the face outside the eyes with the frame before, -1..1; 1 where nothing is known.
        """
        if reading.face is None or any(eye not in reading.regions for eye in EYES):
            return self._break()
        lids = self._meter.measure(reading, follows)
        broken = self._break() if self._frames and lids.t - self._frames[-1].t > self.settings.max_gap_s else None
        self.closure, self.moving = lids.closure, lids.speed > self.settings.max_speed
        self._frames.append(lids)
        while lids.t - self._frames[0].t > self._keep_s:
            self._frames.popleft()
        return broken or self._settle(lids) or self._follow(lids)

    def _break(self) -> Blink | None:
        """What was under way can't be judged any more."""
        blink, self._pending = self._pending, None
        self._frames.clear()
        self._last_open = None
        self._closed = False
        self.closure = None
        return blink

    def _follow(self, lids: Lids) -> Blink | None:
        limits = self.settings
        if not self._closed:
            if lids.closure >= limits.closed_above:
                # Nothing is known of a closure that began before the eyes were seen open.
                self._closed = self._last_open is not None
            elif lids.widest < limits.open_below:
                self._last_open = lids
            return None
        if lids.widest >= limits.open_below:
            if self._last_open and lids.t - self._last_open.t > limits.slow_s + limits.margin_s:
                self._closed, self._last_open = False, None
            return None
        start, self._closed, self._last_open = self._last_open, False, lids
        return None if start is None else self._judge(start, lids)

    def _judge(self, start: Lids, end: Lids) -> Blink | None:
        limits = self.settings
        seconds = self._seconds(start.t)
        # Between two frames the lids may have moved at any moment.
        if end.t - start.t < limits.min_s or seconds > limits.slow_s:
            return None
        around = [frame.covered for frame in self._frames if frame.t >= start.t - limits.margin_s]
        covered = sum(around) / len(around)
        during = [frame for frame in self._frames if start.t < frame.t <= end.t]
        follows = min(frame.follows for frame in during)
        hidden = all(frame.hidden for frame in during if frame.closure >= limits.closed_above and frame.t < end.t)
        if covered > limits.max_covered or hidden or follows < limits.min_follows:
            return None
        blink = Blink(start.t, end.t, seconds)
        if seconds > limits.max_s:
            return replace(blink, why=Uncounted.TOO_LONG)
        if max(frame.speed for frame in (start, *during)) > limits.max_speed:
            return replace(blink, why=Uncounted.MOVING)
        if follows < limits.min_follows_in_doubt:
            return replace(blink, why=Uncounted.CHANGED)
        doubt = Uncounted.EYES_COVERED if covered > limits.max_covered_to_count else None
        doubt = Uncounted.CHANGED if follows < limits.min_follows_to_count else doubt
        self._pending = replace(blink, why=doubt or Uncounted.LIDS_NOT_SEEN)
        self._enough = limits.enough_in_doubt if doubt else limits.enough
        return self._settle(end)

    def _settle(self, lids: Lids) -> Blink | None:
        """Judge the lids as soon as enough speaks for them, or nothing more can."""
        blink, limits = self._pending, self.settings
        if blink is None:
            return None
        if self._way.evidence(self._frames, blink.start, blink.end) >= self._enough:
            blink = replace(blink, why=None)
        elif lids.t - blink.end < limits.tail_s and lids.closure < limits.closed_above:
            return None
        self._pending = None
        return blink

    def _seconds(self, start: float) -> float:
        """Time for which the eyes were not open, by linear interpolation between frames."""
        frames = [frame for frame in self._frames if frame.t >= start]
        level = self.settings.half_open * max(frame.closure for frame in frames)
        pairs = list(pairwise(frames))
        rise = next((_cross(a, b, level) for a, b in pairs if a.closure < level <= b.closure), start)
        fall = next((_cross(a, b, level) for a, b in reversed(pairs) if b.closure < level <= a.closure), frames[-1].t)
        return float(fall - rise)


def _cross(a: Lids, b: Lids, level: float) -> float:
    rise = b.closure - a.closure
    return a.t + (b.t - a.t) * (level - a.closure) / rise if rise else a.t
