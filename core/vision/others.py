"""Further faces beside the main one, also those that the frame's edge cuts in half.

FaceLandmarker's mesh fits no half face: of people a quarter of whose face is hidden by the edge it sees three in four,
of half faces one in sixteen. The detector alone sees them when the frame is mirrored at its edges, which makes a whole
face of a half one. It makes faces of other things too: what is found must look like one in four views that differ a
little.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from core.settings import OtherFaceSettings
from core.vision.detector import SquareDetector, center, score_at
from core.vision.reading import Box, Face, Frame, Image
from core.vision.scene import coarse, largest_change, of_the_head, surroundings

_OUTSIDE = 0.1  # of its width, that a face's centre may lie outside the frame; what is further out is a mirror image


class OtherFaces:
    """Looks for further faces, in a live stream only where one may have come. One per live session: it remembers."""

    def __init__(self, detector: SquareDetector, settings: OtherFaceSettings, *, live: bool) -> None:
        """live: frames follow one another, not all are looked at."""
        self._detector = detector
        self._settings = settings
        self._live = live
        self._looked = -np.inf
        self._scene = np.zeros(0, np.float32)
        self._found: tuple[Box, ...] = ()

    def find(self, frame: Frame, face: Face) -> tuple[Box, ...]:
        """Where further faces are, in pixels of the frame; between two looks what was there at the last one.

        `face` is the main one. As long as there are others, every frame is looked at.
        """
        if not self._live:
            return tuple(self._look(frame.rgb, face))
        rested = frame.t - self._looked
        if 0 <= rested < self._settings.every_s and not self._found:
            return ()
        scene = coarse(frame.rgb)
        if self._found or self._due(rested, scene, frame, face):
            self._looked, self._scene = frame.t, scene
            self._found = tuple(self._look(frame.rgb, face))
        return self._found

    def _due(self, rested: float, scene: NDArray[np.float32], frame: Frame, face: Face) -> bool:
        limits = self._settings
        if not 0 <= rested < limits.at_least_every_s:
            return True
        return largest_change(self._scene, scene, surroundings(frame.size, face)) >= limits.change

    def _look(self, rgb: Image, face: Face) -> Iterator[Box]:
        limits = self._settings
        first, *more = limits.margins
        for box, score in self._detector.whole(rgb, first):
            if score < limits.candidate or _outside(box, rgb) or of_the_head(*center(box), face):
                continue
            width = rgb.shape[1]
            flipped = Box(width - box.right, box.top, width - box.left, box.bottom)
            scores = [score, score_at(flipped, self._detector.whole(np.ascontiguousarray(rgb[:, ::-1]), first))]
            scores += [score_at(box, self._detector.whole(rgb, margin)) for margin in more]
            if np.mean(scores) >= limits.min_confidence:
                yield box


def _outside(box: Box, rgb: Image) -> bool:
    (x, y), slack = center(box), _OUTSIDE * (box.right - box.left)
    return not (-slack < x < rgb.shape[1] + slack and -slack < y < rgb.shape[0] + slack)
