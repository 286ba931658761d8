"""Where in a picture a network looks: a turned rectangle."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_REACH = 1.5  # MediaPipe's: how much larger than the face what its mesh network sees is
_RIGHT_EYE, _LEFT_EYE = 33, 263  # outer corners, by which it turns the rectangle


@dataclass(frozen=True)
class Roi:
    """A region of interest: its middle and sides in pixels of the picture, its angle in radians, clockwise."""

    x: float
    y: float
    width: float
    height: float
    angle: float = 0.0

    def matrix(self, px: int) -> NDArray[np.float64]:
        """(2, 3): from a square of `px` pixels a side to the picture."""
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        across, down = self.width / px, self.height / px
        linear = np.array([[cos * across, -sin * down], [sin * across, cos * down]])
        return np.column_stack([linear, (self.x, self.y) - linear @ (px / 2, px / 2)])

    def moved(self, movement: NDArray[np.float64]) -> Roi:
        """Where it is after a similarity, (2, 3), of the picture."""
        x, y = (float(v) for v in movement @ (self.x, self.y, 1.0))
        zoom, turn = math.hypot(movement[0, 0], movement[1, 0]), math.atan2(movement[1, 0], movement[0, 0])
        return Roi(x, y, self.width * zoom, self.height * zoom, self.angle + turn)

    def overlap(self, other: Roi) -> float:
        """Intersection over union of both, their angles left aside, 0..1."""
        across = min(self.x + self.width / 2, other.x + other.width / 2)
        across -= max(self.x - self.width / 2, other.x - other.width / 2)
        down = min(self.y + self.height / 2, other.y + other.height / 2)
        down -= max(self.y - self.height / 2, other.y - other.height / 2)
        common = max(across, 0.0) * max(down, 0.0)
        return common / (self.width * self.height + other.width * other.height - common)


def around(box: NDArray[np.floating], eyes: NDArray[np.floating]) -> Roi:
    """What the mesh network must see of a face. box: (4,) left, top, right, bottom; eyes: (2, 2) x, y, right one first.

    As MediaPipe has it after its detector.
    """
    left, top, right, bottom = (float(edge) for edge in box)
    width, height = _REACH * (right - left), _REACH * (bottom - top)
    return Roi((left + right) / 2, (top + bottom) / 2, width, height, _angle(eyes))


def after(landmarks: NDArray[np.floating]) -> Roi:
    """What it must see in the next frame, where the face has `landmarks` (478, 2 or 3). Again as MediaPipe has it."""
    (left, top), (right, bottom) = landmarks[:, :2].min(axis=0), landmarks[:, :2].max(axis=0)
    side = _REACH * float(max(right - left, bottom - top))
    middle = float(left + right) / 2, float(top + bottom) / 2
    return Roi(*middle, side, side, _angle(landmarks[[_RIGHT_EYE, _LEFT_EYE], :2]))


def _angle(eyes: NDArray[np.floating]) -> float:
    across, down = eyes[1] - eyes[0]
    return math.atan2(float(down), float(across))
