"""A closer look at photos: small faces in large ones, and whole faces beside a main one.

The detector sees a picture reduced to 192 pixels, and there no face of less than a tenth of its width. Square windows
that overlap show such faces larger. What it finds must look like a face in three more views.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import product

import cv2
import numpy as np

from core.settings import CloserLookSettings
from core.vision.detector import SIDE_PX, SquareDetector, center, score_at
from core.vision.geometry import outline_box
from core.vision.reading import Box, Face, Image
from core.vision.scene import of_the_head

_REDUCE_TO = 2 * SIDE_PX  # px of a window's side: warping averages nothing, so large pictures are reduced before


class CloserLook:
    """Looks through windows. Holds nothing of a picture once it has answered."""

    def __init__(self, detector: SquareDetector, settings: CloserLookSettings) -> None:
        self._detector = detector
        self._settings = settings

    def faces(self, rgb: Image) -> list[Box]:
        """Faces anywhere, the largest first."""
        found = self._through_windows(rgb, min(self._settings.side_px, max(rgb.shape[:2])), lambda box: True)
        return sorted(found, key=lambda box: box.left - box.right)

    def beside(self, rgb: Image, face: Face) -> list[Box]:
        """Whole faces beside the main one, about half as large or more.

        Empty where the main one fills so much of the picture that a look at the whole shows faces half as large.
        """
        limits, outline = self._settings, outline_box(face)
        width = outline.right - outline.left
        side = max(limits.main_faces * width, SIDE_PX / 2)
        if side >= max(rgb.shape[:2]):
            return []

        def counts(box: Box) -> bool:
            return box.right - box.left >= limits.min_share * width and not of_the_head(*center(box), face)

        return list(self._through_windows(rgb, side, counts))

    def _through_windows(self, rgb: Image, side: float, counts: Callable[[Box], bool]) -> Iterator[Box]:
        limits = self._settings
        zoom = min(1.0, _REDUCE_TO / side)
        if zoom < 1:
            rgb = cv2.resize(rgb, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
        height, width = rgb.shape[:2]
        side *= zoom
        seen: list[Box] = []
        for top, left in product(_starts(height, side, limits.step), _starts(width, side, limits.step)):
            for box, score in self._detector.square(rgb, left, top, side):
                placed = Box(*(edge / zoom for edge in (box.left, box.top, box.right, box.bottom)))
                if score < limits.candidate or not counts(placed) or score_at(box, [(other, 1.0) for other in seen]):
                    continue
                if self._is_face(rgb, box, score):
                    seen.append(box)
                    yield placed

    def _is_face(self, rgb: Image, box: Box, score: float) -> bool:
        """By the mean of the first view and three more: nearer, mirrored and wider."""
        (x, y), size = center(box), box.right - box.left
        scores = [score]
        for faces, mirrored in ((2.5, False), (3.2, True), (4.5, False)):
            side = faces * size
            view = self._detector.cut(rgb, x - side / 2, y - side / 2, side)
            found = self._detector.faces(np.ascontiguousarray(view[:, ::-1]) if mirrored else view)
            scores.append(score_at(Box(*(SIDE_PX * (0.5 + edge / faces) for edge in (-0.5, -0.5, 0.5, 0.5))), found))
        return float(np.mean(scores)) >= self._settings.min_confidence


def _starts(length: float, side: float, step: float) -> list[float]:
    """Where windows begin so that they cover the length; the last one ends where it does."""
    if length <= side:
        return [(length - side) / 2]
    count = int(np.ceil((length - side) / (step * side))) + 1
    return [float(start) for start in np.linspace(0, length - side, count)]
