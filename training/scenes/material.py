"""What the look for screens and prints is trained on, found once and packed small: pictures with the faces on them.

Packing keeps a screen's pixels, moire and a print's raster: what was really shown to a camera stays as its file has
it, or all but. The file goes wherever it is composed and trained; nothing there needs a face finder. No torch here.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.scenes.portrait import PERSON, Portrait, Sides

Rgb = NDArray[np.uint8]

_FINE = 8  # parts of a pixel in which points are kept


@dataclass(frozen=True)
class Found:
    """A picture and its largest face. packed: of a picture file; points (478, 2) int16, eighths of a pixel, or (0, 2);
    label: of CLASSES; group: what is left out together; name: folder and file; held: kept for validation."""

    packed: bytes
    points: NDArray[np.int16]
    face: Sides
    label: int
    group: str
    name: str
    held: bool = False

    def portrait(self) -> Portrait:
        """The picture, unpacked."""
        rgb = cv2.cvtColor(cv2.imdecode(np.frombuffer(self.packed, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)
        return Portrait(rgb, np.asarray(self.points / np.float32(_FINE), np.float32), self.face, self.name)


@dataclass(frozen=True)
class Material:
    """people: photos and clips of people; shown: what was really shown to a camera, and people before the same one.

    patches: held back or not -> kind -> packed RGBA cut-outs, see `training.drawing.compose.Composer`.
    """

    people: tuple[Found, ...]
    shown: tuple[Found, ...]
    patches: dict[bool, dict[str, list[bytes]]]

    def save(self, path: Path) -> None:
        """Write it, whole or not at all."""
        part = path.with_suffix(".part")
        part.write_bytes(pickle.dumps(self))
        part.replace(path)

    @staticmethod
    def load(path: Path) -> Material:
        """What `save` wrote. The file must be one's own: unpickling runs what it holds."""
        loaded: Material = pickle.loads(path.read_bytes())
        return loaded

    def photos(self, held: bool) -> list[Portrait]:
        """The photos of people of one side of the split."""
        return [one.portrait() for one in self.people if one.held == held and len(one.points)]

    def frames(self, held: bool) -> list[Portrait]:
        """People before cameras, as whole frames that a picture may be shown in."""
        cameras = ("videos/", "clips/", "nuaa_real/")
        people = (one for one in (*self.people, *self.shown) if one.label == PERSON and one.held == held)
        return [one.portrait() for one in people if one.name.startswith(cameras)]

    def cutouts(self, held: bool) -> dict[str, list[NDArray[np.uint8]]]:
        """RGBA cut-outs of one side of the split."""
        return {kind: [_unpacked(packed) for packed in all_] for kind, all_ in self.patches[held].items()}


def pack(rgb: Rgb, quality: int) -> bytes:
    """WebP up to 100, which keeps every pixel as it is (from 101 on, to OpenCV)."""
    flags = [cv2.IMWRITE_WEBP_QUALITY, quality if quality < 100 else 101]
    return bytes(cv2.imencode(".webp", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), flags)[1])


def pack_cutout(rgba: NDArray[np.uint8], limit: int) -> bytes:
    """An RGBA picture, reduced to `limit` px."""
    zoom = min(1.0, limit / max(rgba.shape[:2]))
    size = (max(round(rgba.shape[1] * zoom), 1), max(round(rgba.shape[0] * zoom), 1))
    small = cv2.resize(rgba, size, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".webp", cv2.cvtColor(small, cv2.COLOR_RGBA2BGRA), [cv2.IMWRITE_WEBP_QUALITY, 92])[1])


def kept_points(points: NDArray[np.floating]) -> NDArray[np.int16]:
    """As `Found` keeps them."""
    return np.round(points[:, :2] * _FINE).astype(np.int16)


def _unpacked(packed: bytes) -> NDArray[np.uint8]:
    return cv2.cvtColor(cv2.imdecode(np.frombuffer(packed, np.uint8), cv2.IMREAD_UNCHANGED), cv2.COLOR_BGRA2RGBA)
