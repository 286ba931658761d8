"""The square cut of a photo that things are laid on. No torch here."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.drawing import wear

Rng = np.random.Generator
Rgb = NDArray[np.uint8]
Points = NDArray[np.float32]


@dataclass(frozen=True)
class Canvas:
    """A square cut of a photo: rgb (S, S, 3), points (478, 2) the mesh found on the untouched photo."""

    rgb: Rgb
    points: Points

    @property
    def unit(self) -> float:
        """Inter-eye distance in pixels."""
        return float(np.hypot(*np.diff(wear.eye_centers(self.points), axis=0)[0]))


def cut_canvas(rng: Rng, rgb: Rgb, points: Points, sides: tuple[int, int] = (170, 440)) -> Canvas:
    """A random square round the face: size, turn, shift and a little perspective vary."""
    unit = float(np.hypot(*np.diff(wear.eye_centers(points), axis=0)[0]))
    size = int(np.exp(rng.uniform(*np.log(sides))))
    scale = size / (unit * rng.uniform(3.6, 5.4))
    angle = np.radians(rng.normal(0, 7))
    linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = linear @ np.diag([1.0, rng.uniform(0.94, 1.06)])
    middle = points[[234, 454, 10, 152]].mean(axis=0)
    shift = np.array([size / 2, size / 2]) + rng.normal(0, 0.04, 2) * size - linear @ middle
    matrix = np.vstack([np.hstack([linear, shift[:, None]]), [0, 0, 1]])
    if rng.random() < 0.3:
        matrix = np.array([[1, 0, 0], [0, 1, 0], [*rng.normal(0, 0.12, 2) / size, 1]]) @ matrix
    border = cv2.BORDER_REFLECT_101 if rng.random() < 0.6 else cv2.BORDER_REPLICATE
    blur = 0.35 / scale if scale < 0.8 else 0
    source = cv2.GaussianBlur(rgb, (0, 0), blur) if blur else rgb
    cut = cv2.warpPerspective(source, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=border)
    moved = cv2.perspectiveTransform(points[None].astype(np.float64), matrix)[0]
    return Canvas(cut, moved.astype(np.float32))
