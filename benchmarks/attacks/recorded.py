"""Clips that are read once and played often: their readings meet many seeds of the cues, from any start.

Recordings with natural blinks, forwards and backwards, against strict mode; filmed replays, round and round, against
standard mode.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from benchmarks.attacks.attempt import Outcome
from benchmarks.attacks.camera import Camera
from benchmarks.attacks.people import Person, Sitter
from benchmarks.attacks.sources import Clip, Film, Sources
from core.flow.processor import CaptureProcessor
from core.flow.snapshot import Phase
from core.settings import Settings
from core.vision.reader import FaceReader
from core.vision.reading import Frame, Reading

_EMPTY = np.zeros((2, 2, 3), np.uint8)
_FILM_S = 40.0  # of a face from a photo that blinks by itself, where there are no clips
_LIMIT_S = 90.0
_FILMED_S = 30.0
STARTS = 10
"""Of each filmed replay."""


def recorded(sources: Sources, start: int, end: int) -> Iterator[Outcome]:
    """The attempts number `start` to `end`; the clips take turns."""
    films: dict[str, list[Reading]] = {}
    for index in range(start, end):
        rng = np.random.default_rng([7, index])
        if sources.clips:
            clip = sources.clips[index % len(sources.clips)]
            readings = films.setdefault(clip.name, []) or films[clip.name]
            if not readings:
                readings.extend(_read_clip(clip))
        else:
            readings = films.setdefault("drawn", [])
            if not readings:
                readings.extend(_read_person(Sitter(sources.portrait(rng), rng)))
        yield _play(readings, rng, strict=True, limit_s=_LIMIT_S)


def filmed(sources: Sources, start: int, end: int) -> Iterator[Outcome]:
    """The attempts number `start` to `end` of the filmed replays, `STARTS` of each."""
    films: dict[str, list[Reading]] = {}
    for index in range(start, end):
        film = sources.filmed[index // STARTS]
        if film.name not in films:
            films = {film.name: list(_read_film(film))}
        outcome = _play(films[film.name], np.random.default_rng([31, index]), strict=False, limit_s=_FILMED_S)
        outcome.condition = film.name
        yield outcome


def _read_film(film: Film) -> Iterator[Reading]:
    """Looked at for screens and prints in every frame, since it is not known which of them a play will look at."""
    settings = Settings()
    settings = replace(settings, presentation=replace(settings.presentation, every_s=0.0))
    with FaceReader(settings, live=True) as reader:
        for number, rgb in enumerate(film.pictures):
            yield reader.read(Frame(rgb, number / film.fps))


def _read_clip(clip: Clip) -> Iterator[Reading]:
    """Both ways, so that the film can go round without a jump."""
    length = clip.times[-1]
    with FaceReader(Settings(), live=True) as reader:
        there = [reader.read(Frame(rgb, t)) for rgb, t in zip(clip.pictures, clip.times, strict=True)]
    yield from there
    for reading in there[-2:0:-1]:
        yield replace(reading, t=2 * length - reading.t)


def _read_person(person: Person) -> Iterator[Reading]:
    rng = np.random.default_rng(0)
    camera = Camera(15.0)
    with FaceReader(Settings(), live=True) as reader:
        for t in camera.times(rng, _FILM_S):
            yield reader.read(Frame(camera.take(person.look(t, None), rng, t), t))


def _play(readings: list[Reading], rng: np.random.Generator, *, strict: bool, limit_s: float) -> Outcome:
    settings = Settings()
    settings = replace(settings, challenge=replace(settings.challenge, strict=strict))
    processor = CaptureProcessor(None, settings, seed=int(rng.integers(1 << 30)))  # type: ignore[arg-type]
    step = (readings[-1].t - readings[0].t) / (len(readings) - 1)
    length = readings[-1].t - readings[0].t + step
    first = int(rng.integers(len(readings)))
    t, index, offset = 0.0, first, -readings[first].t
    restarts: list[tuple[float, str]] = []
    looked = float("-inf")
    while t < limit_s:
        t = readings[index].t + offset
        reading = replace(readings[index], t=t)
        if t - looked < settings.presentation.every_s:
            reading = replace(reading, presentation=None)
        looked = looked if reading.presentation is None else t
        seen = processor.advance(Frame(_EMPTY, t), reading)
        restarts += [(round(t, 3), seen.restart.value)] if seen.events and seen.restart else []
        if seen.phase.final:
            break
        index += 1
        if index == len(readings):
            index, offset = 0, offset + length
    suspected = [(round(found.t, 3), found.sign.value) for found in seen.suspicions]
    return Outcome(seen.phase is Phase.CAPTURED, seen.phase.value, round(t, 3), None, restarts, suspected=suspected)
