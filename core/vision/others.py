"""Further faces beside the main one, also those that the frame's edge cuts in half.

FaceLandmarker's mesh fits no half face: of people a quarter of whose face is hidden by the edge it sees three in four,
of half faces one in sixteen. The detector alone sees them when the frame is mirrored at its edges, which makes a whole
face of a half one. It makes faces of other things too: what is found must look like one in four views that differ a
little.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.settings import OtherFaceSettings
from core.vision.detector import SquareDetector, center, score_at
from core.vision.geometry import outline_box
from core.vision.reading import Box, Face, Frame, Image

_OUTSIDE = 0.1  # of its width, that a face's centre may lie outside the frame; what is further out is a mirror image
# An ellipse around the main face, in widths and heights of its outline: its hair, its ears, its forehead. Round things
# in there pass for small faces.
_HEAD_UP, _HEAD_X, _HEAD_Y = 0.2, 0.75, 0.9
_CELLS = (20, 15)  # columns and rows of the coarse picture that tells whether anything has changed


class OtherFaces:
    """Looks for further faces, in a live stream only where one may have come. One per live session: it remembers."""

    def __init__(self, detector: SquareDetector, settings: OtherFaceSettings, *, live: bool) -> None:
        """live: frames follow one another, not all are looked at."""
        self._detector = detector
        self._settings = settings
        self._live = live
        self._looked = -np.inf
        self._scene = np.zeros(0)
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
        scene = _coarse(frame.rgb)
        if self._found or self._due(rested, scene, frame, face):
            self._looked, self._scene = frame.t, scene
            self._found = tuple(self._look(frame.rgb, face))
        return self._found

    def _due(self, rested: float, scene: NDArray[np.float64], frame: Frame, face: Face) -> bool:
        limits = self._settings
        return not 0 <= rested < limits.at_least_every_s or _changed(self._scene, scene, frame, face) >= limits.change

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


def of_the_head(x: NDArray[np.float64] | float, y: NDArray[np.float64] | float, face: Face) -> Any:
    """Whether points lie on the main head, as an array where x and y are."""
    outline = outline_box(face)
    width, height = max(outline.right - outline.left, 1.0), max(outline.bottom - outline.top, 1.0)
    middle_x, middle_y = center(outline)
    off_x, off_y = x - middle_x, y - (middle_y - _HEAD_UP * height)
    return (off_x / (_HEAD_X * width)) ** 2 + (off_y / (_HEAD_Y * height)) ** 2 < 1


def _coarse(rgb: Image) -> NDArray[np.float64]:
    """(rows, columns, 3) 0..255: the mean colours of the cells, from every fourth pixel."""
    size = (max(rgb.shape[1] // 4, _CELLS[0]), max(rgb.shape[0] // 4, _CELLS[1]))
    picked = cv2.resize(rgb, size, interpolation=cv2.INTER_NEAREST)
    return cv2.resize(picked, _CELLS, interpolation=cv2.INTER_AREA).astype(np.float64)


def _changed(before: NDArray[np.float64], scene: NDArray[np.float64], frame: Frame, face: Face) -> float:
    """The largest change of a cell outside the main head from one coarse picture to the next, 0..255."""
    (columns, rows), (width, height) = _CELLS, frame.size
    x, y = (np.arange(columns) + 0.5) * width / columns, (np.arange(rows) + 0.5) * height / rows
    outside = ~of_the_head(x, y[:, None], face)
    return float(np.abs(scene - before).max(axis=2)[outside].max(initial=0.0))
