"""The photographs and cut-outs that training starts from, and their split into training and validation.

The split is by face and by occluder: look-alikes (copies, retouched versions, neighbours of one sequence) form one
group, and a group is on one side only.
"""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import Region
from training.faces.curated import NOT_CLEAN, NOT_MASKED

IMAGES = {".jpg", ".jpeg", ".png", ".bmp", ".webp"}

# Cut-outs that are neither clearly foreign nor clearly harmless: clear sports shields, and furniture.
_SKIPPED = ("crop_glasses_16.", "crop_glasses_67.", "1f453", "1f452", "1f9e2", "bench", "couch", "car-bmw")
_SHADES = ("crop_glasses_", "occ_sunglass", "1f576", "1f97d")
_SPECTACLES = ("crop_eyeglasses", "occ_glass.")
_MASKS = ("KN95", "N95", "cloth", "gas", "surgical", "occ_mask")


@dataclass(frozen=True)
class Source:
    """One file. kind: its folder or kind of cut-out; group: look-alikes share it; held: validation, not training."""

    path: Path
    kind: str
    group: str
    held: bool


@dataclass(frozen=True)
class Label:
    """What is known of one photo: regions blocked, regions nobody may score; all others are clear."""

    path: Path
    blocked: frozenset[Region]
    unsure: frozenset[Region]


def read_rgb(path: Path) -> NDArray[np.uint8]:
    """(H, W, 3) uint8 RGB. Raises ValueError for what is no picture."""
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError(f"{path.name} is not a picture that can be read")
    return cv2.cvtColor(image, cv2.COLOR_BGR2RGB)


def read_rgba(path: Path) -> NDArray[np.uint8]:
    """(H, W, 4) uint8 RGBA. A hand on black gets its opacity from a threshold; an RGB texture is opaque."""
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if image is None:
        raise ValueError(f"{path.name} is not a picture that can be read")
    if image.shape[2] == 4:
        rgba = cv2.cvtColor(image, cv2.COLOR_BGRA2RGBA)
    else:
        rgba = cv2.cvtColor(image, cv2.COLOR_BGR2RGBA)
        if path.parent.name == "hands":
            rgba[..., 3] = hand_mask(rgba[..., :3])
    return trim(rgba)


def hand_mask(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W) uint8 0 or 255: the hand of a picture on black, holes of dark skin closed, the dark rim shaved off."""
    bright = (cv2.GaussianBlur(rgb.max(axis=2), (3, 3), 0) > 38).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(bright)
    if count > 1:
        bright = (labels == 1 + np.argmax(stats[1:, cv2.CC_STAT_AREA])).astype(np.uint8)
    bright = cv2.morphologyEx(bright, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    # Small holes are shadows on the palm; large ones are real, as between finger and thumb.
    count, labels, stats, _ = cv2.connectedComponentsWithStats(1 - bright)
    for hole in range(1, count):
        if stats[hole, cv2.CC_STAT_AREA] < 0.03 * bright.sum():
            bright[labels == hole] = 1
    return cv2.erode(bright, np.ones((3, 3), np.uint8)) * np.uint8(255)


def trim(rgba: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The part that is not transparent."""
    ys, xs = np.nonzero(rgba[..., 3] > 8)
    if len(ys) == 0:
        return rgba
    return rgba[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]


def kind_of(path: Path) -> str | None:
    """The kind of cut-out: hand, shades, spectacles, mask, scarf, texture, object; None for one that is left out."""
    name = path.name
    if any(part in name for part in _SKIPPED):
        return None
    if path.parent.name == "hands":
        return "hand"
    if any(part in name for part in _SPECTACLES):
        return "spectacles"
    if any(part in name for part in _SHADES):
        return "shades"
    if "textures" in name:
        return "texture"
    if any(part in name for part in _MASKS) and "kisspng" not in name:
        return "mask"
    return "scarf" if "scarf" in name else "object"


def cutouts(data: Path, held_share: float = 0.18) -> list[Source]:
    """Every usable occluder. Hands are grouped by their person: `hand3` is the one held back."""
    sources = []
    for path in sorted([*data.glob("hands/*"), *data.glob("occluders/*/*")]):
        kind = kind_of(path) if path.suffix.lower() in IMAGES else None
        if kind is None:
            continue
        if kind == "hand":
            group = path.name.split("_")[0]
            held = group == "hand3"
        else:
            group = next((part for part in _MASKS if part in path.name), path.name) if kind == "mask" else path.name
            held = _share(kind + group) < held_share
        sources.append(Source(path, kind, group, held))
    return sources


def faces(data: Path, folder: str, held_share: float = 0.15) -> list[Source]:
    """The photos of one folder, look-alikes grouped."""
    paths = sorted(p for p in (data / folder).rglob("*") if p.suffix.lower() in IMAGES)
    paths = [path for path in paths if path.name not in NOT_CLEAN | NOT_MASKED]
    groups = look_alikes(paths)
    return [
        Source(path, folder, group, _share(folder + group) < held_share)
        for path, group in zip(paths, groups, strict=True)
    ]


def look_alikes(paths: list[Path], alike: float = 0.9) -> list[str]:
    """The group of each picture: those whose small grey versions correlate above `alike` are one group."""
    if not paths:
        return []
    small = []
    for path in paths:
        grey = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
        if grey is None:
            grey = np.zeros((24, 24), np.uint8)
        flat = cv2.resize(grey, (24, 24), interpolation=cv2.INTER_AREA).astype(np.float32).ravel()
        flat -= flat.mean()
        small.append(flat / (np.linalg.norm(flat) + 1e-6))
    matrix = np.stack(small)
    parent = list(range(len(paths)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    for i, j in np.argwhere(np.triu(matrix @ matrix.T > alike, 1)):
        parent[root(int(j))] = root(int(i))
    return [paths[root(i)].stem for i in range(len(paths))]


def look_alike_split(paths: list[Path], held_share: float = 0.25) -> list[bool]:
    """Which pictures are held back: whole groups of look-alikes, chosen by their name."""
    return [_share("extra" + group) < held_share for group in look_alikes(paths)]


def labels(folder: Path) -> list[Label]:
    """labels.csv of a folder: file, blocked, unsure; regions separated by spaces.

    Raises ValueError naming the line for a region that does not exist or a file that is not there.
    """
    found = []
    table = folder / "labels.csv"
    if not table.exists():
        raise ValueError(f"{folder.name} has no labels.csv (columns: file, blocked, unsure)")
    with table.open(newline="") as handle:
        for number, row in enumerate(csv.DictReader(handle), start=2):
            try:
                blocked = frozenset(Region(name) for name in re.split(r"[ ;]+", row.get("blocked") or "") if name)
                unsure = frozenset(Region(name) for name in re.split(r"[ ;]+", row.get("unsure") or "") if name)
            except ValueError as error:
                raise ValueError(f"{table.name}, line {number}: {error}") from None
            path = folder / (row.get("file") or "")
            if not path.is_file():
                raise ValueError(f"{table.name}, line {number}: no file {row.get('file')!r}")
            found.append(Label(path, blocked, unsure))
    return found


def _share(key: str) -> float:
    """A fixed number 0..1 for a name, the same on every machine."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
