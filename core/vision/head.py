"""MediaPipe's model of a face, fitted to a mesh: the matrix that its landmarker gives, from the landmarks alone.

The points are weighted (Akca, "Generalized Procrustes analysis and its applications in photogrammetry", 2003). How far
away the face is follows from its size: it is found twice, for perspective changes the size of what is nearer.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

_FIELD = math.radians(63.0)  # of the camera that MediaPipe assumes, from its upper to its lower edge
# Point of the right half, its counterpart on the left, x of the latter, y, z (cm), weight: the canonical face model's
# points that MediaPipe fits by (Apache-2.0). Those on the middle line are their own counterpart.
_HALF = np.array(
    [
        (4, 4, 0.0, -0.4632, 7.5866, 0.07091),
        (6, 6, 0.0, 2.4733, 5.7886, 0.03210),
        (10, 10, 0.0, 8.2618, 4.4815, 0.00845),
        (33, 263, 4.4459, 2.6640, 3.1734, 0.05872),
        (54, 284, 6.2793, 6.6154, 1.4259, 0.00767),
        (67, 297, 3.5240, 8.0060, 3.7292, 0.00908),
        (117, 346, 5.2587, 0.9458, 2.9743, 0.00979),
        (119, 348, 3.3007, 0.8616, 3.8728, 0.01457),
        (121, 350, 1.8207, 1.4680, 4.2241, 0.01859),
        (127, 356, 7.7431, 2.3650, -2.0052, 0.00520),
        (129, 358, 1.7858, -0.9783, 4.8505, 0.12063),
        (132, 361, 7.2709, -2.8909, -2.2525, 0.00556),
        (133, 362, 1.8564, 2.5852, 3.7579, 0.05329),
        (136, 365, 5.0853, -7.1786, 0.7147, 0.06689),
        (143, 372, 6.4076, 2.2360, 1.5608, 0.01482),
        (147, 376, 6.2349, -1.9444, 1.6635, 0.01426),
        (198, 420, 1.2468, 0.2303, 5.6810, 0.02546),
        (205, 425, 3.8329, -1.5373, 4.1377, 0.04725),
    ]
)
_PAIRS = _HALF[_HALF[:, 0] != _HALF[:, 1]]
_AT = np.concatenate([_HALF[:, 1], _PAIRS[:, 0]]).astype(int)
_MODEL = np.concatenate([_HALF[:, 2:5], _PAIRS[:, 2:5] * (-1, 1, 1)])
_WEIGHTS = np.concatenate([_HALF[:, 5], _PAIRS[:, 5]])
_WEIGHTS /= _WEIGHTS.sum()
_CENTER = _WEIGHTS @ _MODEL
_CENTERED = (_MODEL - _CENTER) * _WEIGHTS[:, None]
_SIZE = float((_CENTERED * _MODEL).sum())


def fit(landmarks: NDArray[np.float32], size: tuple[int, int]) -> Points:
    """(4, 4), from the model (cm) to the camera, x right, y up, z to the viewer.

    landmarks: (478, 3) in pixels of the frame, whose (width, height) is `size`.
    """
    width, height = size
    points = landmarks[_AT].astype(np.float64) - (width / 2, height / 2, float(landmarks[:, 2].mean()))
    points *= np.array([1, -1, 1]) * (2 * math.tan(_FIELD / 2) / height)  # on a plane one unit away
    scale = _scale(points * (1, 1, -1))
    scale *= _scale(_seen(points, scale))
    return _fitted(_seen(points, scale))


def _seen(points: Points, scale: float) -> Points:
    """Where points of the plane are in space, if the face is so much smaller on it than the model."""
    depth = (points[:, 2] + 1) / scale
    return np.column_stack([points[:, 0] * depth, points[:, 1] * depth, -depth])


def _scale(points: Points) -> float:
    return float(np.linalg.norm(_fitted(points)[:3, 0]))


def _fitted(points: Points) -> Points:
    """The similarity (4, 4) that takes the model to `points`."""
    moments = points.T @ _CENTERED
    left, _, right = np.linalg.svd(moments)
    if np.linalg.det(left) * np.linalg.det(right) < 0:
        left[:, 2] *= -1
    turn = left @ right
    matrix = np.eye(4)
    matrix[:3, :3] = turn * (float((turn * moments).sum()) / _SIZE)
    matrix[:3, 3] = _WEIGHTS @ points - matrix[:3, :3] @ _CENTER
    return matrix
