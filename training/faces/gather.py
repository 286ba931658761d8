"""Everything that training and validation read, made once and kept in a cache folder outside the project. No torch."""

from __future__ import annotations

import functools
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from tqdm import tqdm

from training.faces import real
from training.faces.curated import EYES_UNSURE, NOT_CLEAN
from training.faces.datasets import (
    CLEAR_EYE,
    CLOSED,
    EYES_OF,
    OPEN,
    Base,
    Cutter,
    EyeCrops,
    Samples,
    find_bases,
    load_patches,
)
from training.faces.sources import Label, cutouts, faces, labels, look_alike_split
from training.faces.studio import compose_many

T = TypeVar("T")

HELD_SEED = 7


@dataclass(frozen=True)
class Gathered:
    """train, held: composites and real masks of the two sides of the split, and in `held` clean photos as they are.

    eyes, held_eyes: eye crops beside those of the faces.
    clips: eyes of the videos, which no training sees: the source held out whole.
    """

    train: Samples
    held: Samples
    eyes: EyeCrops
    held_eyes: EyeCrops
    clips: EyeCrops


def gather(data: Path, cache: Path, samples: int, held: int, seed: int, workers: int) -> Gathered:
    """Compose `samples` and `held` samples from the folder `data`, or read what an earlier run left in `cache`.

    Raises ValueError when `data` holds no faces.
    """
    cache.mkdir(parents=True, exist_ok=True)
    parts = {}
    wanted = {"held": (held, HELD_SEED, True), "train": (samples, seed, False)}
    for name, (count, own_seed, side) in wanted.items():
        path = cache / f"{name}-{count}-{own_seed}.npz"
        if not path.exists():
            _prepare(data, cache)
            compose_many(functools.partial(load_side, cache, side), count, own_seed, workers).save(path)
        parts[name] = without_spoiled(Samples.load(path))
    masks = {side: cached(cache / f"masks{int(side)}.pkl", functools.partial(_masks, data, side)) for side in (0, 1)}
    folder = cached(cache / "eyes.pkl", lambda: real.eye_folder(data / "eyes", copies=4))
    # Neighbours in this collection look alike: every seventh block of ten is held back.
    block = np.array([int(name.split("/")[1]) // 10 % 7 == 0 for name in folder.source])
    return Gathered(
        Samples.join([parts["train"], masks[0]]),
        Samples.join([parts["held"], masks[1], without_spoiled(cached(cache / "photos.pkl", lambda: _photos(data)))]),
        folder.take(~block),
        folder.take(block),
        cached(cache / "clips.pkl", lambda: _clips(data)),
    )


def without_spoiled(samples: Samples) -> Samples:
    """Without the faces and the eye states that `curated` has ruled out since the samples were composed."""
    names = np.array([source.split("/", 1)[1] for source in samples.source])
    kept = samples.take(~np.isin(names, list(NOT_CLEAN)))
    unsure = np.isin(names[~np.isin(names, list(NOT_CLEAN))], list(EYES_UNSURE))
    kept.eye_class[unsure[:, None] & np.isin(kept.eye_class, (OPEN, CLOSED))] = CLEAR_EYE
    return kept


def load_side(cache: Path, held: bool) -> tuple[list[Base], dict[str, list[np.ndarray]]]:
    """Photos with their meshes, and cut-outs, of one side of the split."""
    with (cache / f"bases{int(held)}.pkl").open("rb") as handle:
        return pickle.load(handle)


def extra(folder: Path, copies: int = 6) -> tuple[Samples | None, Samples | None]:
    """(train, held) of a labelled folder: look-alikes on one side, each training photo mirrored and repeated."""
    known = labels(folder)
    held = look_alike_split([label.path for label in known])
    cutter = Cutter()
    sides: tuple[list[Samples], list[Samples]] = ([], [])
    for label, back in zip(tqdm(known, desc="extra", unit="photo"), held, strict=True):
        for flip in (False,) if back else (False, True):
            sample = real.labelled_sample(cutter, label, "extra", CLEAR_EYE, flip)
            if sample is not None:
                sides[back].extend([sample] * (1 if back else copies))
    train, kept = (Samples.join(side) if side else None for side in sides)
    return train, kept


def _prepare(data: Path, cache: Path) -> None:
    if (cache / "bases1.pkl").exists():
        return
    cutter, bases = Cutter(), []
    for folder, eyes in EYES_OF.items():
        sources = faces(data, folder)
        bases += list(tqdm(find_bases(sources, eyes, cutter), desc=folder, total=2 * len(sources), unit="face"))
    if not bases:
        raise ValueError(f"{data} holds no faces: it needs the folders {', '.join(EYES_OF)}")
    things = cutouts(data)
    for held in (False, True):
        with (cache / f"bases{int(held)}.pkl").open("wb") as handle:
            pickle.dump(([b for b in bases if b.source.held == held], load_patches(things, held)), handle)


def _masks(data: Path, held: int) -> Samples:
    cutter, parts = Cutter(), []
    for source, label in real.masked_labels([s for s in faces(data, "faces_masked") if s.held == bool(held)]):
        for flip in (False,) if held else (False, True):
            if real.one_large_face(cutter, source.path):
                sample = real.labelled_sample(cutter, label, "real_mask", OPEN, flip)
                parts += [sample] if sample is not None else []
    return Samples.join(parts)


def _photos(data: Path) -> Samples:
    """The clean photos held back, as they are."""
    cutter, parts = Cutter(), []
    for folder, eyes in EYES_OF.items():
        for source in faces(data, folder):
            if source.held:
                known = CLEAR_EYE if source.path.name in EYES_UNSURE else eyes
                label = Label(source.path, frozenset(), frozenset())
                sample = real.labelled_sample(cutter, label, "photo", known)
                parts += [sample] if sample is not None else []
    return Samples.join(parts)


def _clips(data: Path) -> EyeCrops:
    cutter = Cutter()
    return EyeCrops.join([real.clip_eyes(cutter, clip) for clip in sorted((data / "videos").glob("*.mp4"))])


def cached(path: Path, make: Callable[[], T]) -> T:
    if not path.exists():
        made = make()
        with path.open("wb") as handle:
            pickle.dump(made, handle)
    with path.open("rb") as handle:
        return pickle.load(handle)
