"""Points of the mesh that several measures share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.regions import EYE_CORNERS, EYES, FACE_OVAL, LOWER_LIDS, UPPER_LIDS
from core.vision.reading import Box, Face

_CORNERS = np.array([EYE_CORNERS[eye] for eye in EYES])
# Not the points next to the corners: they hardly move.
_UPPER, _LOWER = (np.array([lids[eye][2:-2] for eye in EYES]) for lids in (UPPER_LIDS, LOWER_LIDS))


def outline_box(face: Face) -> Box:
    """The smallest box around a face's outline."""
    oval = face.landmarks[list(FACE_OVAL), :2]
    (left, top), (right, bottom) = oval.min(axis=0), oval.max(axis=0)
    return Box(float(left), float(top), float(right), float(bottom))


def eye_centers(landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
    """(2, 2): the middle between the corners of each eye, left first. landmarks: (478, 2 or 3)."""
    return landmarks[_CORNERS, :2].mean(axis=1)


def eye_gaps(landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
    """(2,): the gap between the lids of each eye as a share of its width, left first. landmarks: (478, 2 or 3).

    The eye aspect ratio (Soukupova and Cech, 2016) with five pairs of points in place of two.
    """
    gaps = np.linalg.norm(landmarks[_UPPER, :2] - landmarks[_LOWER, :2], axis=2).mean(axis=1)
    widths = np.linalg.norm(landmarks[_CORNERS[:, 0], :2] - landmarks[_CORNERS[:, 1], :2], axis=1)
    return np.asarray(gaps / np.maximum(widths, 1.0), np.float32)
