"""Everything that the look for screens and prints is trained and measured on, made once and kept in a cache folder.

No torch here.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from tqdm import tqdm

from training.datasets import load_patches
from training.held_up import forearm
from training.portrait import Portrait
from training.presented import Presentations, Stage, Viewer, compose
from training.shown import PEOPLE, Picture, camera_frames, pad_pictures, people_pictures, portraits, presentations
from training.sources import cutouts, faces
from training.webcam import Webcam

_BLOCK = 500  # composed scenes in one file of the cache
_HELD_SEED = 77
_WHOLE = 0.6  # share of the composed scenes that are whole frames of a camera
_WHOLE_SEED = 5
_T = TypeVar("_T")


@dataclass(frozen=True)
class Rehearsed:
    """composed, held_composed: scenes of training's and of the held people. people, held_people: real ones as they are.

    pad: attacks that were really shown to a camera, and people before the same cameras. Frames of those people are
    composed with, too; the names of the scenes say so (`training.shown.sources_of`).
    """

    composed: Presentations
    held_composed: Presentations
    people: Presentations
    held_people: Presentations
    pad: Presentations


def gather(data: Path, cache: Path, samples: int, held: int, seed: int) -> Rehearsed:
    """Compose `samples` and `held` scenes, or read what an earlier run left in `cache`.

    Raises ValueError when `data` holds no faces.
    """
    cv2.setNumThreads(1)
    cache.mkdir(parents=True, exist_ok=True)
    photos = {f"{folder}/{source.path.name}": source.held for folder in PEOPLE for source in faces(data, folder)}
    if not photos:
        raise ValueError(f"{data} holds no faces: it needs the folders {', '.join(PEOPLE)}")
    people = _cached(cache / "people.pkl", lambda: presentations(_shown(people_pictures(data)), Viewer(), 1, 0))
    pad = _cached(cache / "pad.pkl", lambda: presentations(_shown(pad_pictures(data)), Viewer(), 2, 1))
    stages = {side: _Stages(data, cache, photos, side) for side in (False, True)}
    whole = round(_WHOLE * samples / _BLOCK)
    composed = [stages[False].block(seed * 1000 + number) for number in range(-(-samples // _BLOCK) - whole)]
    composed += [stages[False].whole(seed * 1000 + number) for number in range(whole)]
    held_composed = [stages[True].block(_HELD_SEED * 1000 + number) for number in range(-(-held // _BLOCK))]
    back = np.array([_held(name, photos) for name in people.name])
    return Rehearsed(
        Presentations.join(composed).take(np.arange(samples)),
        Presentations.join(held_composed).take(np.arange(held)),
        people.take(~back),
        people.take(back),
        pad,
    )


class _Stages:
    """Blocks of composed scenes of one side of the split, made only where the cache lacks them."""

    def __init__(self, data: Path, cache: Path, photos: dict[str, bool], held: bool) -> None:
        self._data, self._cache, self._photos, self._held = data, cache, photos, held
        self._stage: Stage | None = None
        self._webcam: Webcam | None = None

    def block(self, seed: int) -> Presentations:
        return _cached(self._cache / f"composed-{seed}.pkl", lambda: compose(self._ready(), Viewer(), _BLOCK, seed))

    def whole(self, seed: int) -> Presentations:
        """As `block`, of whole frames."""
        return _cached(
            self._cache / f"whole-{seed}.pkl",
            lambda: compose(self._before_cameras(), Viewer(), _BLOCK, seed + 1000 * _WHOLE_SEED),
        )

    def _before_cameras(self) -> Webcam:
        if self._webcam is None:
            frames = _cached(self._cache / "frames.pkl", self._frames)
            hands = load_patches(cutouts(self._data), self._held).get("hand", ())[::8]
            drawn = [forearm(np.random.default_rng(1), hand) for hand in hands]
            self._webcam = Webcam(frames, [portrait for portrait in self._known() if portrait.airy], drawn)
        return self._webcam

    def _frames(self) -> list[Portrait]:
        pictures = (p for p in _shown(camera_frames(self._data)) if _held(p.name, self._photos) == self._held)
        return portraits(pictures, Viewer())

    def _known(self) -> list[Portrait]:
        return _cached(self._cache / f"portraits{int(self._held)}.pkl", self._portraits)

    def _ready(self) -> Stage:
        if self._stage is None:
            known = self._known()
            patches = load_patches(cutouts(self._data), self._held)
            self._stage = Stage(known, [portrait.rgb for portrait in known], patches)
        return self._stage

    def _portraits(self) -> list[Portrait]:
        pictures = (p for p in _shown(people_pictures(self._data)) if not p.name.startswith("videos/"))
        return portraits((p for p in pictures if _held(p.name, self._photos) == self._held), Viewer())


def _held(name: str, photos: dict[str, bool]) -> bool:
    """Of photos the split by look-alikes; of clips every fifth; photos that `faces` leaves out stay in training."""
    name = name.rstrip("+")
    if name.startswith("videos/"):
        return sum(map(ord, name.split("/")[1])) % 5 == 0
    return photos.get(name, False)


def _shown(pictures: Iterator[Picture]) -> Iterator[Picture]:
    return iter(tqdm(pictures, desc="read", unit="picture", mininterval=10))


def _cached(path: Path, make: Callable[[], _T]) -> _T:
    if not path.exists():
        made = make()
        part = path.with_suffix(".part")
        part.write_bytes(pickle.dumps(made))
        part.replace(path)
    return pickle.loads(path.read_bytes())
