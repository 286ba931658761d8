"""A photo or frame of a person, and what was found on it; the classes of what may be before a camera. No torch here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
Sides = tuple[float, float, float, float]
"""(left, top, right, bottom), px."""

PERSON, SCREEN, PRINT = 0, 1, 2
CLASSES = ("person", "screen", "print")
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


@dataclass(frozen=True)
class Portrait:
    """A photo and what was found on it. points (478, 2), or none; face: the outline's sides; source: folder/file."""

    rgb: Rgb
    points: NDArray[np.float32]
    face: Sides
    source: str

    @property
    def airy(self) -> bool:
        """Whether there is room round the head, so that it can be cut out."""
        left, top, right, _ = self.face
        margin = 0.15 * (right - left)
        return left > margin and self.rgb.shape[1] - right > margin and top > margin

    @property
    def origin(self) -> str:
        """The clip, or the folder and the person: what one camera saw on one day."""
        folder, name, *_ = self.source.split("/")
        return f"{folder}/{name}" if folder in ("videos", "clips") else f"{folder}/{name.split('_')[0]}"


@dataclass(frozen=True)
class Scene:
    """A picture as a camera gives it. label: of CLASSES; sources: a line each, whose frame, whose picture it shows."""

    rgb: Rgb
    label: int
    face: Sides
    sources: str

    @property
    def in_view(self) -> float:
        """Share of the face's outline that lies in the picture."""
        left, top, right, bottom = self.face
        height, width = self.rgb.shape[:2]
        across, tall = min(right, width) - max(left, 0.0), min(bottom, height) - max(top, 0.0)
        return max(across, 0.0) * max(tall, 0.0) / max((right - left) * (bottom - top), 1e-6)


def sources_of(name: str) -> set[str]:
    """What the pictures of a scene are left out with; `name` as `Scene.sources`."""
    parts = [word.split("/") for word in name.rstrip("+").split("\n")]
    return {group_of(folder, file) for folder, file, *_ in parts if folder in FOLDERS or folder in ("clips", "videos")}


def group_of(folder: str, stem: str) -> str:
    """What is left out together: the pictures of one camera and one set of people. stem: of the file, or its name."""
    if folder == "clips":
        return stem.rsplit("_", 1)[0]
    if folder == "videos":
        return stem.rsplit(".", 1)[0]
    if folder.startswith("crops_"):
        return stem.split("_")[0]
    return folder if folder == "phone_frames" else folder.split("_")[0]
