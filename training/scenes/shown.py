"""Real photographs and clips for the look for screens and prints: what each folder holds, how it is read. No torch."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.files.clip import read_clip
from core.settings import Settings
from training.faces.sources import IMAGES, read_rgb
from training.scenes.portrait import CLASSES, FOLDERS, PERSON, SCREEN, group_of

Rgb = NDArray[np.uint8]

PEOPLE = ("faces_clean", "faces_open", "faces_closed", "faces_masked")
CLIP_SUFFIXES = {".mp4", ".webm", ".avi", ".mov"}
_MANY = 100  # photos of a folder, from which on some may be left out
_FRAMES = 60  # of a clip, evenly spread


@dataclass(frozen=True)
class Picture:
    """One real picture. label: of CLASSES; group: what is left out together; name: folder and file."""

    rgb: Rgb
    label: int
    group: str
    name: str


def pad_pictures(data: Path, frames_of_each: int = _FRAMES, every: int = 1) -> Iterator[Picture]:
    """What `data`/pad holds: of the folders one photo in `every`, where they have many; frames of the clips."""
    for folder, label in FOLDERS.items():
        paths = _images(data / "pad" / folder)
        for path in paths[:: every if len(paths) > _MANY else 1]:
            yield Picture(read_rgb(path), label, group_of(folder, path.stem), f"{folder}/{path.name}")
    for path in sorted((data / "pad" / "clips").glob("*")):
        label = SCREEN if "replay" in path.stem else PERSON
        for number, rgb in enumerate(frames(path, frames_of_each)):
            yield Picture(rgb, label, group_of("clips", path.stem), f"clips/{path.name}/{number}")


def people_pictures(data: Path, photos: int, frames_of_each: int) -> Iterator[Picture]:
    """Real people: at most so many photos of each folder, and frames of each clip, evenly spread."""
    for folder in PEOPLE:
        for path in _images(data / folder, photos):
            yield Picture(read_rgb(path), PERSON, folder, f"{folder}/{path.name}")
    for path in sorted((data / "videos").glob("*")):
        if path.suffix in CLIP_SUFFIXES:
            for number, rgb in enumerate(frames(path, frames_of_each)):
                yield Picture(rgb, PERSON, group_of("videos", path.stem), f"videos/{path.name}/{number}")


def extra_pictures(folder: Path) -> Iterator[Picture]:
    """A folder of photos and clips with labels.csv (columns: file, shown: person, screen or print).

    Raises ValueError naming the line for a file that is not there or a word that is none of the three.
    """
    table = folder / "labels.csv"
    if not table.exists():
        raise ValueError(f"{folder.name} has no labels.csv (columns: file, shown)")
    with table.open(newline="") as handle:
        for number, row in enumerate(csv.DictReader(handle), start=2):
            path = folder / (row.get("file") or "")
            if not path.is_file():
                raise ValueError(f"{table.name}, line {number}: no file {row.get('file')!r}")
            if row.get("shown") not in CLASSES:
                raise ValueError(f"{table.name}, line {number}: {row.get('shown')!r} is none of {', '.join(CLASSES)}")
            label = CLASSES.index(str(row["shown"]))
            pictures = frames(path) if path.suffix in CLIP_SUFFIXES else [read_rgb(path)]
            for index, rgb in enumerate(pictures):
                yield Picture(rgb, label, "extra", f"extra/{path.name}/{index}")


def frames(path: Path, count: int = _FRAMES) -> Iterator[Rgb]:
    """Some frames of a clip, upright, evenly spread."""
    taken = [frame.rgb for number, frame in enumerate(read_clip(path, Settings().files)) if number % 2 == 0]
    for index in np.unique(np.linspace(0, len(taken) - 1, count).astype(int)):
        yield taken[index]


def _images(folder: Path, most: int | None = None) -> list[Path]:
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in IMAGES)
    if most is None or len(paths) <= most:
        return paths
    return [paths[index] for index in np.linspace(0, len(paths) - 1, most).astype(int)]
