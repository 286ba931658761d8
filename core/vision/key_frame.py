"""A frame on which the mesh was laid, and where its face is in a later one: there it need not be laid anew.

The head is followed by rigid points of its mesh (optical flow: Lucas and Kanade 1981; in pyramids: Bouguet 2001) and
cut out as it was then. Where nothing changes within it, no lids, no hand, no light, no turn of the head, there
is nothing new to read at all.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import EYES, Region
from core.settings import KeyFrameSettings
from core.vision.alignment import warp
from core.vision.quality import luma
from core.vision.reading import EyeScores, Face, Frame, Image, Need, Reading

# Corners of the eyes, bridge, tip and wings of the nose, inner brows, cheeks, forehead.
_RIGID = [33, 133, 362, 263, 168, 6, 197, 4, 1, 2, 98, 327, 55, 285, 205, 425, 151]
_SIDE_PX = 80  # of the face as it is compared
_WINDOW, _LEVELS = (11, 11), 2  # px of it, and of its pyramid above it
_STOP = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 10, 0.03)
_LEAST_POINTS = 6
_CELLS = 20  # a side, by which it is compared
_EYES = np.s_[5:8, [*range(4, 9), *range(11, 16)]]  # the cells around the eyes, which alignment puts there
_ROWS, _COLUMNS = np.mgrid[:_CELLS, :_CELLS] + 0.5 - _CELLS / 2
_FACE = (_COLUMNS / (0.32 * _CELLS)) ** 2 + (_ROWS / (0.4 * _CELLS)) ** 2 < 1


@dataclass(frozen=True)
class Compared:
    """A later frame. face: where the head is now; None where it can't be followed."""

    need: Need
    face: Face | None


class KeyFrame:
    """What is kept of such a frame."""

    def __init__(self, reading: Reading, settings: KeyFrameSettings) -> None:
        """`reading` must have a face."""
        face, aligned = reading.face, reading.aligned
        assert face is not None and aligned is not None
        self.settings = settings
        self.reading = reading
        self._face = face
        scale = _SIDE_PX / len(aligned.rgb)
        self._matrix = aligned.matrix * scale
        self._matrix[:, 2] += (scale - 1) / 2  # pixel centres
        self._unit = aligned.scale * scale * face.inter_eye_px  # px of an inter-eye distance
        self._points = ((aligned.landmarks[_RIGID] + 0.5) * scale - 0.5).astype(np.float32)[:, None]
        self._gray = cv2.resize(luma(aligned.rgb), (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
        self._cells = _cells(self._gray)
        self._level = max(float(self._cells[_FACE].mean()), 1.0)

    def compare(self, frame: Frame) -> Compared:
        """`frame` must have the same size."""
        limits, there = self.settings, self._cut(frame.rgb)
        back = self._movement(there)
        if back is None:
            return Compared(Need.MESH, None)
        size = (_SIDE_PX, _SIDE_PX)
        cells = _cells(cv2.warpAffine(there, back, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
        gain = float(cells[_FACE].mean()) / self._level
        change = np.abs(cells / gain - self._cells) / self._level
        if abs(gain - 1) > limits.max_gain or change[_FACE].mean() > limits.max_other:
            return Compared(Need.MESH, None)
        return Compared(self._need(change), self._moved(back))

    @property
    def eyes(self) -> dict[Region, EyeScores]:
        """What the eye model said."""
        scores = {eye: self.reading.regions[eye].eye for eye in EYES}
        return {eye: score for eye, score in scores.items() if score is not None}

    def _need(self, change: NDArray[np.float32]) -> Need:
        """change: of each cell of a face that can be followed."""
        limits, face = self.settings, change[_FACE]
        if face.mean() > limits.max_change or face.max() > limits.max_cell_change:
            return Need.REGIONS
        small = self._face.inter_eye_px < limits.min_inter_eye_px
        return Need.EYES if small or change[_EYES].max() > limits.max_lid_change else Need.NOTHING

    def _cut(self, rgb: Image) -> Image:
        """(80, 80) uint8: the luma of what is where the face was."""
        scale = float(np.hypot(self._matrix[0, 0], self._matrix[1, 0]))
        return warp(luma(rgb), self._matrix, scale, _SIDE_PX)

    def _movement(self, there: Image) -> NDArray[np.float64] | None:
        """From where the head is now to where it was, in pixels of the cut, (2, 3).

        None where its points don't go together.
        """
        flowed, known, _ = cv2.calcOpticalFlowPyrLK(
            self._gray, there, self._points, None, winSize=_WINDOW, maxLevel=_LEVELS, criteria=_STOP
        )
        seen = known[:, 0] > 0
        now, then = (points[seen, 0] @ np.array([1, 1j]) for points in (flowed, self._points))
        if len(now) < _LEAST_POINTS:
            return None
        turn, shift = _similarity(now, then)
        stray = np.abs(turn * now + shift - then)
        near = stray <= 2 * np.median(stray)
        turn, shift = _similarity(now[near], then[near])
        if np.median(np.abs(turn * now + shift - then)) > self.settings.max_stray * self._unit:
            return None
        return np.array([[turn.real, -turn.imag, shift.real], [turn.imag, turn.real, shift.imag]])

    def _moved(self, back: NDArray[np.float64]) -> Face:
        # From the frame that was read to the cut, from there to where that is now, and back to the later frame.
        forth, away = self._matrix, cv2.invertAffineTransform(back)
        home = cv2.invertAffineTransform(forth)
        linear = home[:, :2] @ away[:, :2] @ forth[:, :2]
        shift = home[:, :2] @ (away[:, :2] @ forth[:, 2] + away[:, 2]) + home[:, 2]
        landmarks = self._face.landmarks.copy()
        landmarks[:, :2] = landmarks[:, :2] @ linear.T.astype(np.float32) + shift.astype(np.float32)
        roi = self._face.roi
        return replace(self._face, landmarks=landmarks, roi=roi and roi.moved(np.column_stack([linear, shift])))


def _similarity(source: NDArray[np.complex128], target: NDArray[np.complex128]) -> tuple[complex, complex]:
    """Least squares: the number by which points of the plane are multiplied, x + iy, and what is added then."""
    a, b = source - source.mean(), target - target.mean()
    turn = complex(np.vdot(a, b) / max(np.vdot(a, a).real, 1e-9))
    return turn, complex(target.mean() - turn * source.mean())


def _cells(gray: Image) -> NDArray[np.float32]:
    return cv2.resize(gray, (_CELLS, _CELLS), interpolation=cv2.INTER_AREA).astype(np.float32)
