"""How fast a head moves, from the rigid points of its mesh."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.vision.reading import Face

# Eye corners, nose bridge and tip, temples: they hardly move with an expression, nor with a blink.
RIGID = (33, 133, 362, 263, 168, 6, 197, 4, 127, 356)


class HeadMotion:
    """Speed of the rigid points from frame to frame."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Another face: the next frame has no predecessor."""
        self._points: NDArray[np.float32] | None = None
        self._t = 0.0

    def update(self, t: float, face: Face) -> float:
        """Mean displacement since the last frame in inter-eye distances per second; 0 for the first frame."""
        points = face.landmarks[list(RIGID), :2]
        last, dt = self._points, t - self._t
        self._points, self._t = points, t
        if last is None or dt <= 0:
            return 0.0
        moved = float(np.hypot(*(points - last).T).mean())
        return moved / max(face.inter_eye_px, 1.0) / dt
