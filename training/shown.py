"""Real photographs and clips for the look for screens and prints: what each folder holds, how it is read. No torch."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.files.clip import read_clip
from core.settings import Settings
from training import degrade
from training.portrait import CLASSES, PERSON, PRINT, SCREEN, Portrait
from training.presented import Presentations, Viewer
from training.sources import IMAGES, read_rgb

Rgb = NDArray[np.uint8]

FOLDERS = {
    "nuaa_real": PERSON,
    "nuaa_print": PRINT,
    "triplets_real": PERSON,
    "triplets_replay": SCREEN,
    "triplets_print": PRINT,
    "phone_frames": SCREEN,
    "crops_real": PERSON,
    "crops_replay": SCREEN,
}
"""Folder of `pad` -> what its pictures show."""
PEOPLE = ("faces_clean", "faces_open", "faces_closed", "faces_masked")
CLIP_SUFFIXES = {".mp4", ".webm", ".avi", ".mov"}
_COPIES = {"triplets_real": 10, "triplets_replay": 10, "triplets_print": 10}
_FRAMES = 60  # of a clip, evenly spread
_PHOTOS = 450  # of a folder of people, evenly spread
_PERSON_FRAMES = 24  # of a clip of a person


@dataclass(frozen=True)
class Picture:
    """One real picture. label: of CLASSES; group: what is left out together; name: folder and file."""

    rgb: Rgb
    label: int
    group: str
    name: str


def pad_pictures(data: Path) -> Iterator[Picture]:
    """Everything in `data`/pad: photos and frames of clips."""
    for folder, label in FOLDERS.items():
        for path in _images(data / "pad" / folder):
            yield Picture(read_rgb(path), label, group_of(folder, path.stem), f"{folder}/{path.name}")
    for path in sorted((data / "pad" / "clips").glob("*")):
        label = SCREEN if "replay" in path.stem else PERSON
        for number, rgb in enumerate(frames(path)):
            yield Picture(rgb, label, path.stem.rsplit("_", 1)[0], f"clips/{path.name}/{number}")


def people_pictures(data: Path, folders: Sequence[str] = PEOPLE) -> Iterator[Picture]:
    """Real people: photos of these folders, and frames of clips."""
    for folder in folders:
        for path in _images(data / folder, _PHOTOS):
            yield Picture(read_rgb(path), PERSON, folder, f"{folder}/{path.name}")
    for path in sorted((data / "videos").glob("*")):
        if path.suffix in CLIP_SUFFIXES:
            for number, rgb in enumerate(frames(path, _PERSON_FRAMES)):
                yield Picture(rgb, PERSON, f"video_{path.stem}", f"videos/{path.name}/{number}")


def camera_frames(data: Path) -> Iterator[Picture]:
    """People before cameras, as whole frames that a picture may be shown in: some of each clip, of `videos` and `pad`,
    and every third of the webcam's pictures."""
    for picture in people_pictures(data, ()):
        if int(picture.name.rsplit("/", 1)[1]) % 2 == 0:
            yield picture
    people = (picture for picture in pad_pictures(data) if picture.label == PERSON)
    for number, picture in enumerate(people):
        if picture.name.startswith("nuaa") and number % 3 == 0:
            yield picture
        if picture.name.startswith("clips/") and int(picture.name.rsplit("/", 1)[1]) % 5 == 0:
            yield picture


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


def sources_of(name: str) -> set[str]:
    """What the pictures of a composed scene are left out with; `name` as `training.webcam.Webcam.scene` gives it."""
    parts = [word.split("/") for word in name.split("\n")]
    return {
        file.rsplit("_", 1)[0] if folder == "clips" else group_of(folder, file)
        for folder, file, *_ in parts
        if folder in FOLDERS or folder == "clips"
    }


def group_of(folder: str, stem: str) -> str:
    """What is left out together: the pictures of one camera and one set of people."""
    if folder.startswith("crops_"):
        return stem.split("_")[0]
    return folder if folder == "phone_frames" else folder.split("_")[0]


def frames(path: Path, count: int = _FRAMES) -> Iterator[Rgb]:
    """Some frames of a clip, upright, evenly spread."""
    taken = [frame.rgb for number, frame in enumerate(read_clip(path, Settings().files)) if number % 2 == 0]
    for index in np.unique(np.linspace(0, len(taken) - 1, count).astype(int)):
        yield taken[index]


def portraits(pictures: Iterator[Picture], viewer: Viewer, limit: int = 640) -> list[Portrait]:
    """Those with a face, reduced to `limit` pixels."""
    found = (viewer.portrait(_reduced(picture.rgb, limit), picture.name) for picture in pictures)
    return [portrait for portrait in found if portrait is not None]


def presentations(pictures: Iterator[Picture], viewer: Viewer, seed: int, copies: int) -> Presentations:
    """The views of each picture as it is, and of `copies` more as other cameras and lights would give it."""
    rng = np.random.default_rng(seed)
    views, label, group, name = [], [], [], []
    for picture in pictures:
        count = max(copies, _COPIES.get(picture.name.split("/")[0], 0) if copies else 0)
        for rgb in (picture.rgb, *(_varied(rng, picture.rgb) for _ in range(count))):
            seen = viewer.views(rgb)
            if seen is not None:
                views.append(seen)
                label.append(picture.label)
                group.append(picture.group)
                name.append(picture.name if rgb is picture.rgb else f"{picture.name}+")
    return Presentations(np.stack(views), np.array(label), np.array(group), np.array(name))


def _varied(rng: np.random.Generator, rgb: Rgb) -> Rgb:
    """Another size, a part of the surroundings cut off, another light, another codec."""
    height, width = rgb.shape[:2]
    low = rng.uniform(0, 0.12, 4) if rng.random() < 0.5 else np.zeros(4)
    rgb = rgb[int(low[0] * height) : height - int(low[1] * height), int(low[2] * width) : width - int(low[3] * width)]
    zoom = rng.uniform(0.45, 1.25) * min(1.0, 720 / max(rgb.shape[:2]))
    size = (max(round(rgb.shape[1] * zoom), 64), max(round(rgb.shape[0] * zoom), 64))
    mode = [cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC][rng.integers(3)]
    rgb = cv2.resize(rgb, size, interpolation=mode)
    gain = np.clip(rng.normal(1, 0.07, 3) * rng.normal(1, 0.12), 0.5, 1.6)
    curve = 255 * (np.arange(256)[:, None] / 255) ** rng.uniform(0.75, 1.3) * gain
    rgb = cv2.LUT(rgb, np.clip(curve, 0, 255).astype(np.uint8)[None])
    side = min(rgb.shape[:2])
    if rng.random() < 0.5:  # `degrade.camera` takes squares
        y, x = (int(rng.integers(0, extent - side + 1)) for extent in rgb.shape[:2])
        rgb = degrade.camera(rng, rgb[y : y + side, x : x + side])
    return np.ascontiguousarray(rgb[:, ::-1] if rng.random() < 0.5 else rgb)


def _reduced(rgb: Rgb, limit: int) -> Rgb:
    zoom = limit / max(rgb.shape[:2])
    if zoom >= 1:
        return rgb
    return cv2.resize(rgb, (round(rgb.shape[1] * zoom), round(rgb.shape[0] * zoom)), interpolation=cv2.INTER_AREA)


def _images(folder: Path, most: int | None = None) -> list[Path]:
    paths = sorted(path for path in folder.glob("*") if path.suffix.lower() in IMAGES)
    if most is None or len(paths) <= most:
        return paths
    return [paths[index] for index in np.linspace(0, len(paths) - 1, most).astype(int)]
