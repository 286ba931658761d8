"""Points of the mesh that several measures share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.regions import EYE_CORNERS, EYES

_CORNERS = np.array([EYE_CORNERS[eye] for eye in EYES])


def eye_centers(landmarks: NDArray[np.float32]) -> NDArray[np.float32]:
    """(2, 2): the middle between the corners of each eye, left first. landmarks: (478, 2 or 3)."""
    return landmarks[_CORNERS, :2].mean(axis=1)
