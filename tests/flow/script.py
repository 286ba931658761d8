"""Readings made by hand: a person before the camera, without a pixel of a real face."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

import cv2
import numpy as np

from core.flow.processor import CaptureProcessor
from core.flow.snapshot import Snapshot
from core.regions import EYES, LOWER_LIDS, UPPER_LIDS, Region
from core.settings import Settings
from core.vision.alignment import FaceAligner
from core.vision.likeness import DATA
from core.vision.pixel_components import measure
from core.vision.reading import (
    Box,
    EyeScores,
    Face,
    Frame,
    Image,
    Need,
    Pose,
    Presentation,
    Quality,
    Reading,
    RegionReading,
    State,
)
from core.vision.texture import LikenessMeter

SIZE = (320, 240)
INTER_EYE_PX = 60.0
_ALIGNER = FaceAligner(Settings().alignment)
_METER = LikenessMeter()


@dataclass(frozen=True)
class Look:
    """What one frame shows. shut: 0..1 of the left and the right eye. who: which face; light: gain of the picture.

    shown: how much like a screen or a print it looks.
    """

    shut: tuple[float, float] = (0.0, 0.0)
    blocked: frozenset[Region] = frozenset()
    glare: frozenset[Region] = frozenset()
    who: int = 0
    faces: int = 1
    at: tuple[float, float] = (0.0, 0.0)
    scale: float = 1.0
    yaw: float = 0.0
    light: float = 1.0
    sharpness: float = 100.0
    shown: Presentation | None = None


Change = Callable[[Look, float], Look]


@dataclass
class Script:
    """A person who sits still, but for the changes; each is a function of the look and the time."""

    fps: float = 20.0
    changes: list[Change] = field(default_factory=list)

    def then(self, *changes: Change) -> Script:
        """The same person with more happening."""
        return replace(self, changes=[*self.changes, *changes])

    def readings(self, seconds: float, start: float = 0.0) -> Iterable[Reading]:
        """The readings of that time."""
        for index in range(round(seconds * self.fps)):
            t = start + index / self.fps
            look = Look()
            for change in self.changes:
                look = change(look, t)
            yield reading(look, t)


def blink(at: float, seconds: float = 0.25, eyes: tuple[Region, ...] = EYES, depth: float = 1.0) -> Change:
    """The eyes shut and open, a third and half of the time on the way."""

    def change(look: Look, t: float) -> Look:
        x = (t - at) / seconds
        if not 0 < x < 1:
            return look
        way = depth * min(x / 0.33, 1.0, (1 - x) / 0.5)
        return replace(look, shut=tuple(max(s, way * (e in eyes)) for e, s in zip(EYES, look.shut, strict=True)))  # type: ignore[arg-type]

    return change


def during(start: float, end: float, **fields: object) -> Change:
    """Some fields of the look are so from `start` to `end`."""
    return lambda look, t: replace(look, **fields) if start <= t < end else look  # type: ignore[arg-type]


def reading(look: Look, t: float) -> Reading:
    """The reading of one look."""
    if look.faces == 0:
        return Reading(t, SIZE, 100.0 * look.light)
    face = Face(_landmarks(look), Pose(look.yaw, 0.0, 0.0), _shapes(look), INTER_EYE_PX * look.scale)
    quality = Quality(
        eye_share=INTER_EYE_PX * look.scale / min(SIZE),
        center=(0.5 + look.at[0] / SIZE[0], 0.5 + look.at[1] / SIZE[1]),
        inside=1.0,
        brightness=130.0 * look.light,
        highlight=200.0 * look.light,
        clipped=0.0,
        sharpness=look.sharpness,
    )
    regions = {region: _region(look, region) for region in Region}
    picture = (texture(look.who) * look.light).clip(0, 255).astype(np.uint8)
    aligned = replace(_ALIGNER.align(np.zeros((SIZE[1], SIZE[0], 3), np.uint8), face.landmarks), rgb=picture)
    others = (Box(0.0, 0.0, 90.0, 90.0),) * (look.faces - 1)
    likeness = _METER.measure(aligned)
    return Reading(t, SIZE, 100.0 * look.light, face, others, regions, quality, aligned, likeness, look.shown)


@lru_cache(maxsize=8)
def texture(who: int) -> Image:
    """A picture that stands for a face: like itself, and like no other."""
    noise = np.random.default_rng(who).normal(0, 1, (160, 160)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 4.0)
    gray = 128 + 40 * smooth / smooth.std()
    return np.repeat(gray[..., None], 3, axis=2).clip(0, 255).astype(np.uint8)


@lru_cache(maxsize=1)
def _mesh() -> np.ndarray:
    with np.load(DATA) as data:
        mesh = data["mesh"].astype(np.float32)
    eyes = mesh[[33, 133, 362, 263]].mean(axis=0)
    unit = float(np.hypot(*(mesh[[33, 133]].mean(axis=0) - mesh[[362, 263]].mean(axis=0))))
    return np.vstack([(mesh - eyes) / unit, np.zeros((10, 2), np.float32)])


def _landmarks(look: Look) -> np.ndarray:
    center = np.array([SIZE[0] / 2, SIZE[1] * 0.42]) + look.at
    mesh = _mesh().copy()
    for eye, shut in zip(EYES, look.shut, strict=True):
        upper, lower = list(UPPER_LIDS[eye][1:-1]), list(LOWER_LIDS[eye][1:-1])
        mesh[upper] += 0.85 * shut * (mesh[lower] - mesh[upper])
    flat = mesh * INTER_EYE_PX * look.scale + center
    return np.column_stack([flat, np.zeros(len(flat))]).astype(np.float32)


def _shapes(look: Look) -> dict[Region, float]:
    return {eye: 0.1 + 0.5 * shut for eye, shut in zip(EYES, look.shut, strict=True)}


def _region(look: Look, region: Region) -> RegionReading:
    blocked = region in look.blocked
    if region not in EYES:
        return RegionReading(State.BLOCKED if blocked else State.CLEAR, 0.9 if blocked else 0.0)
    if blocked:
        return RegionReading(State.BLOCKED, 0.9, EyeScores(0.05, 0.05, 0.9, 0.0))
    if region in look.glare:
        return RegionReading(State.BLOCKED, 0.0, EyeScores(0.05, 0.05, 0.0, 0.9), glare=True)
    shut = dict(zip(EYES, look.shut, strict=True))[region]
    closed = 1 / (1 + np.exp(-12 * (shut - 0.65)))  # of real lids two thirds down the eye model says 0.5
    return RegionReading(State.CLOSED if closed > 0.5 else State.OPEN, 0.0, EyeScores(1 - closed, closed, 0.0, 0.0))


class Reader:
    """A reader for a processor that is only ever handed readings."""

    def take(self, frame: Frame, *, needed: Need) -> list[tuple[Frame, Reading]]:
        raise AssertionError("the readings are made by hand")

    def rest(self) -> list[tuple[Frame, Reading]]:
        raise AssertionError("the readings are made by hand")

    def now(self, last: Reading) -> Reading:
        raise AssertionError("the readings are made by hand")

    def close(self) -> None:
        """Nothing to free."""


def processor(settings: Settings | None = None, seed: int = 1) -> CaptureProcessor:
    """A new one."""
    return CaptureProcessor(Reader(), settings or Settings(), seed, measure)


def play(script: Script, seconds: float, on: CaptureProcessor | None = None, start: float = 0.0) -> list[Snapshot]:
    """What the processor says to each reading."""
    machine = on or processor()
    return [machine.advance(frame_of(reading), reading) for reading in script.readings(seconds, start)]


def frame_of(reading: Reading) -> Frame:
    """A frame that can be told by its first pixel: the time in hundredths of a second. The rest is as sharp as read."""
    value = round(reading.t * 100)
    rgb = np.full((SIZE[1], SIZE[0], 3), 150, np.uint8)
    sharpness = reading.quality.sharpness if reading.quality else 0.0
    rgb[..., 2] = _GRAIN * min(sharpness / 1000, 1.0)
    rgb[0, 0] = (value // 256 % 256, value % 256, 7)
    return Frame(rgb, reading.t)


_GRAIN = 255 * (np.indices((SIZE[1], SIZE[0])).sum(axis=0) % 2)
