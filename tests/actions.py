"""What can happen in a scene: each action changes the shot at a time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from core.regions import EYES, Region
from tests.drawing import Thing
from tests.portraits import Portrait


@dataclass
class Shot:
    """What one frame shows; actions change it.

    dx, dy: head shift in inter-eye distances; scale; roll in degrees; yaw, pitch in degrees (parallax of the mesh);
    jaw, brow: in inter-eye distances, down; closed: 0..1 for each eye; gain: of the light; pan: of the whole picture.
    things: (thing, region, progress 0..1 of its way in).
    """

    portrait: Portrait
    dx: float = 0.0
    dy: float = 0.0
    scale: float = 1.0
    roll: float = 0.0
    yaw: float = 0.0
    pitch: float = 0.0
    jaw: float = 0.0
    brow: float = 0.0
    closed: dict[Region, float] = field(default_factory=lambda: dict.fromkeys(EYES, 0.0))
    gain: float = 1.0
    pan: tuple[float, float] = (0.0, 0.0)
    things: list[tuple[Thing, Region, float]] = field(default_factory=list)
    second: tuple[Portrait, float] | None = None


class Action(Protocol):
    """Something that happens: it changes the shot at time `t`, in seconds from the scene's start."""

    def apply(self, shot: Shot, t: float) -> None: ...


def _ramp(t: float, start: float, end: float, edge: float) -> float:
    """0 before `start`, 1 between, 0 after `end`, with smooth edges of `edge` seconds inside."""
    x = min((t - start) / edge, (end - t) / edge)
    x = min(max(x, 0.0), 1.0)
    return x * x * (3 - 2 * x)


@dataclass(frozen=True)
class Blink:
    """Both eyes, or one (a wink), shut and open again in `seconds`: a third to shut, half to open.

    The last of the way lids open slowly: 0.1, 0.17 and 0.3 s after they were shut, those of 13 people in 33 blinks
    still had a quarter, a seventh and a fourteenth of it before them (medians).
    """

    at: float
    seconds: float = 0.25
    eyes: tuple[Region, ...] = EYES
    depth: float = 1.0

    def apply(self, shot: Shot, t: float) -> None:
        x = (t - self.at) / self.seconds
        if x <= 0:
            return
        way = max(min(x / 0.33, 1.0, (1 - x) / 0.5), 0.0)
        opening_s = (x - 0.5) * self.seconds
        rest = 0.35 * np.exp(-opening_s / 0.16) if 0 < opening_s < 0.6 else 0.0
        closed = self.depth * max(way * way * (3 - 2 * way), float(rest))
        for eye in self.eyes:
            shot.closed[eye] = max(shot.closed[eye], closed)


@dataclass(frozen=True)
class EyesShut:
    """Eyes kept shut from `start` to `end`."""

    start: float
    end: float
    eyes: tuple[Region, ...] = EYES
    depth: float = 1.0

    def apply(self, shot: Shot, t: float) -> None:
        for eye in self.eyes:
            shot.closed[eye] = max(shot.closed[eye], self.depth * _ramp(t, self.start, self.end, 0.1))


@dataclass(frozen=True)
class Cover:
    """A thing over a region; it takes `slide` seconds to come and to go."""

    thing: Thing
    region: Region
    start: float
    end: float
    slide: float = 0.25

    def apply(self, shot: Shot, t: float) -> None:
        if self.start <= t < self.end:
            shot.things.append((self.thing, self.region, _ramp(t, self.start, self.end, max(self.slide, 1e-6))))


@dataclass(frozen=True)
class Swap:
    """Another face from `at` on, by a hard cut, its eyes where the first one's were."""

    other: Portrait
    at: float

    def apply(self, shot: Shot, t: float) -> None:
        if t >= self.at:
            shot.portrait = self.other


@dataclass(frozen=True)
class Light:
    """Light times `gain` from `start` to `end`; 0 is a black frame."""

    start: float
    end: float
    gain: float = 0.0
    edge: float = 0.1

    def apply(self, shot: Shot, t: float) -> None:
        shot.gain *= 1 + (self.gain - 1) * _ramp(t, self.start, self.end, self.edge)


@dataclass(frozen=True)
class Leave:
    """The person moves out of the picture, to the image's right, and comes back."""

    start: float
    end: float
    edge: float = 0.4

    def apply(self, shot: Shot, t: float) -> None:
        shot.pan = (shot.pan[0] + _ramp(t, self.start, self.end, self.edge), shot.pan[1])


@dataclass(frozen=True)
class Turn:
    """The head moved by the given amounts from `start` to `end` (units as in Shot)."""

    start: float
    end: float
    yaw: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    dx: float = 0.0
    dy: float = 0.0
    scale: float = 1.0
    edge: float = 0.4

    def apply(self, shot: Shot, t: float) -> None:
        way = _ramp(t, self.start, self.end, self.edge)
        for name in ("yaw", "pitch", "roll", "dx", "dy"):
            setattr(shot, name, getattr(shot, name) + way * getattr(self, name))
        shot.scale *= 1 + (self.scale - 1) * way


@dataclass(frozen=True)
class Talk:
    """The jaw goes up and down about four times a second."""

    start: float
    end: float
    amount: float = 0.06

    def apply(self, shot: Shot, t: float) -> None:
        beat = np.sin(2 * np.pi * 4.1 * t) ** 2 * (0.6 + 0.4 * np.sin(2 * np.pi * 1.3 * t))
        shot.jaw += self.amount * float(beat) * _ramp(t, self.start, self.end, 0.2)


@dataclass(frozen=True)
class SecondFace:
    """Another person beside the first, a little smaller, who leans in from the image's left."""

    other: Portrait
    start: float
    end: float

    def apply(self, shot: Shot, t: float) -> None:
        if self.start <= t < self.end:
            shot.second = (self.other, _ramp(t, self.start, self.end, 0.3))
