"""Does a face that turns do so as one flat thing? A print that is tilted does; a head does not, for its nose moves
against its cheeks.

The landmarks can't tell: they are drawn with a head in mind, on a print too. The picture itself is followed instead.
"""

from __future__ import annotations

from collections import deque

import cv2
import numpy as np
from numpy.typing import NDArray

from core.settings import PlaneSettings
from core.vision.quality import luma
from core.vision.reading import Aligned, Image

Points = NDArray[np.float32]
"""(N, 2), px of the aligned face."""

_MESH = 468  # points of the mesh without the irises, which move by themselves


class PlaneMotion:
    """Compares a stream's face with how it stood shortly before. One per live session."""

    def __init__(self, settings: PlaneSettings) -> None:
        self.settings = settings
        self._before: deque[tuple[float, Image, Points]] = deque()
        self._flow = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_ULTRAFAST)

    def measure(self, t: float, aligned: Aligned) -> float | None:
        """The share of the face's turn that no flat thing could make, 0..1; None where it has hardly turned.

        The turn, since the face stood most differently within the last seconds, is what the best similarity leaves of
        its movement. A plane moves by a homography (Hartley and Zisserman, Multiple View Geometry, 2004).
        """
        limits, now = self.settings, luma(aligned.rgb)
        mesh = aligned.landmarks[:_MESH]
        while self._before and not 0 <= t - self._before[0][0] <= limits.memory_s:
            self._before.popleft()
        turns = [_rms(_beside_similarity(then, mesh)) for _, _, then in self._before]
        earlier = self._before[int(np.argmax(turns))][1] if turns else now
        self._before.append((t, now, mesh))
        side = now.shape[0]
        if max(turns, default=0.0) < limits.least_mesh * side:
            return None
        start = _inside(side)
        end = start + self._flow.calc(earlier, now, None)[start[:, 1].astype(int), start[:, 0].astype(int)]  # type: ignore[call-overload]
        turned = _rms(_beside_similarity(start, end))
        if turned < limits.least_turn * side:
            return None
        return min(_rms(_beside_plane(start, end)) / turned, 1.0)


def _inside(side: int) -> Points:
    """Points on the face, a twentieth of the side apart."""
    grid = np.arange(0.075, 0.95, 0.05) * side
    x, y = (axis.ravel() for axis in np.meshgrid(grid, grid))
    oval = ((x / side - 0.5) / 0.32) ** 2 + ((y / side - 0.52) / 0.4) ** 2 < 1
    return np.stack([x[oval], y[oval]], axis=1).astype(np.float32)


def _beside_similarity(start: Points, end: Points) -> NDArray[np.float64]:
    """(N,) px: how far the points end from where the best similarity takes them (least squares, closed form)."""
    a, b = (points[:, 0] + 1j * points[:, 1] for points in (start, end))
    a, b = a - a.mean(), b - b.mean()
    return np.asarray(np.abs(b - np.vdot(a, b) / np.vdot(a, a) * a))


def _beside_plane(start: Points, end: Points) -> NDArray[np.float64]:
    """(N,) px: the same of the best homography, found again without the tenth that fits worst."""
    kept = np.ones(len(start), bool)
    for _ in range(2):
        homography, _ = cv2.findHomography(start[kept], end[kept], 0)
        if homography is None:
            return np.full(len(start), np.inf)
        apart = np.linalg.norm(cv2.perspectiveTransform(start[None], homography)[0] - end, axis=1)
        kept = apart <= np.percentile(apart, 90)
    return np.asarray(apart)


def _rms(apart: NDArray[np.float64]) -> float:
    """Root mean square, without the tenth that is farthest out."""
    near = np.sort(apart)[: int(0.9 * len(apart))]
    return float(np.sqrt((near**2).mean()))
