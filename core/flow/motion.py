"""How fast a head moves, from the rigid points of its mesh."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from core.vision.reading import Face

# Eye corners, nose bridge and tip, temples: they hardly move with an expression, nor with a blink.
RIGID = (33, 133, 362, 263, 168, 6, 197, 4, 127, 356)


class HeadMotion:
    """Speed of the rigid points."""

    def __init__(self, base_s: float) -> None:
        """base_s: seconds over which it is measured, at the least. Over less, the mesh's own tremor looks like speed:
        some phones give two frames a millisecond apart.
        """
        self._base_s = base_s
        self._seen: deque[tuple[float, NDArray[np.float32]]] = deque()

    def update(self, t: float, face: Face) -> float:
        """Mean displacement in inter-eye distances per second; 0 for the first frame."""
        points = face.landmarks[list(RIGID), :2]
        while len(self._seen) > 1 and t - self._seen[1][0] >= self._base_s:
            self._seen.popleft()
        self._seen.append((t, points))
        since, there = self._seen[0]
        if t <= since:
            return 0.0
        moved = float(np.hypot(*(points - there).T).mean())
        return moved / max(face.inter_eye_px, 1.0) / max(t - since, self._base_s)
