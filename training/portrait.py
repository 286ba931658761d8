"""A photo or frame of a person, and what was found on it; the classes of what may be before a camera. No torch here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]

PERSON, SCREEN, PRINT = 0, 1, 2
CLASSES = ("person", "screen", "print")


@dataclass(frozen=True)
class Portrait:
    """A photo and what was found on it. points (478, 2); face: (left, top, right, bottom); source: folder/file."""

    rgb: Rgb
    points: NDArray[np.float32]
    face: tuple[float, float, float, float]
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
