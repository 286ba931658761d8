"""Does a face look like one that is shown on a screen or on paper? One small network on three views of it.

The face tells by its colours and its flatness; a patch of it at the camera's own resolution by what scaling down loses,
a screen's pixels, moire, a print's raster; the surroundings by the edge of a phone or of paper, and fingers on it. In a
stream the way in which it turns tells, too (core.vision.plane).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.settings import PlaneSettings, PresentationSettings
from core.vision.geometry import outline_box
from core.vision.occlusion import one_thread_session
from core.vision.plane import PlaneMotion
from core.vision.reading import Aligned, Box, Face, Frame, Image, Presentation, Sign

VIEWS = 3  # face, detail, surroundings
OUTSIDE = 127  # grey level of what lies outside the frame


class ViewCutter:
    """Cuts the views out of a frame, upright as the frame is. Training cuts with it, too."""

    def __init__(self, settings: PresentationSettings) -> None:
        self.settings = settings

    def cut(self, rgb: Image, face: Face) -> NDArray[np.uint8]:
        """(3, S, S, 3) uint8 RGB: face, detail, surroundings. Outside the frame they are grey."""
        return self.cut_round(rgb, outline_box(face))

    def cut_round(self, rgb: Image, box: Box) -> NDArray[np.uint8]:
        """As `cut`, of a face whose outline fills `box`, px."""
        limits = self.settings
        middle = np.array([(box.left + box.right) / 2, (box.top + box.bottom) / 2])
        side = max(box.right - box.left, box.bottom - box.top, 8.0)
        views = np.empty((VIEWS, limits.view_px, limits.view_px, 3), np.uint8)
        views[0] = _square(rgb, middle, side * limits.face_side, limits.view_px)
        views[1] = _patch(rgb, middle, limits.view_px)
        views[2] = _square(rgb, middle, side * limits.surroundings_side, limits.view_px)
        return views


@dataclass(frozen=True)
class PresentationThresholds:
    """Chosen on people whom training did not see, written to models/manifest.toml.

    suspect: score of all views, edge: of the surroundings alone, from which a single picture looks shown.
    """

    suspect: float
    edge: float

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Mapping[str, Mapping[str, float]]]) -> PresentationThresholds:
        """From the table [presentation.thresholds]. Raises KeyError when it is missing."""
        limits = manifest["presentation"]["thresholds"]
        return cls(float(limits["suspect"]), float(limits["edge"]))

    def signs(self, screen: float, paper: float, edge: float) -> tuple[Sign, ...]:
        """The network's signs of one picture, from its probabilities 0..1."""
        shown = Sign.SCREEN if screen >= paper else Sign.PRINT
        found = ((shown, screen + paper >= self.suspect), (Sign.EDGE, edge >= self.edge))
        return tuple(sign for sign, there in found if there)


class PresentationModel:
    """An ONNX network: views (N, 3, S, S, 3) uint8 RGB -> (N, 2, 3) probabilities of person, screen, print.

    The first row is the word of all views, the second that of the surroundings.
    """

    def __init__(self, path: Path) -> None:
        """Raises onnxruntime's own error when the file is no model."""
        self._session = one_thread_session(path)
        self._input = self._session.get_inputs()[0].name

    def scores(self, views: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Of many faces at once: (N, 3, S, S, 3), as `ViewCutter.cut` gives them -> (N, 2, 3)."""
        return np.asarray(self._session.run(None, {self._input: views})[0])


class PresentationLook:
    """Looks at the main face of a photo, or of a few frames a second of a stream. One per live session."""

    def __init__(
        self,
        path: Path,
        thresholds: PresentationThresholds,
        settings: PresentationSettings,
        plane: PlaneSettings,
        *,
        live: bool,
    ) -> None:
        self.settings = settings
        self._cutter = ViewCutter(settings)
        self._model = PresentationModel(path)
        self._thresholds = thresholds
        self._plane = PlaneMotion(plane) if live else None
        self._flat = plane.flat
        self._looked = float("-inf")

    def look(self, frame: Frame, face: Face, aligned: Aligned) -> Presentation | None:
        """How shown the face looks; None for a frame of a stream whose turn it is not."""
        if self._plane and 0 <= frame.t - self._looked < self.settings.every_s:
            return None
        self._looked = frame.t
        together, alone = self._model.scores(self._cutter.cut(frame.rgb, face)[None])[0]
        screen, paper, edge = float(together[1]), float(together[2]), 1.0 - float(alone[0])
        turned = self._plane.measure(frame.t, aligned) if self._plane else None
        flat = turned is not None and turned <= self._flat
        signs = (*self._thresholds.signs(screen, paper, edge), *([Sign.PLANE] if flat else []))
        return Presentation(screen, paper, edge, signs, turned)


def _square(rgb: Image, middle: NDArray[np.floating], side: float, size: int) -> Image:
    """(size, size, 3): a square of the frame round `middle` (x, y), averaged down or interpolated up."""
    height, width = rgb.shape[:2]
    low = np.round(middle - side / 2).astype(int)
    full = max(round(side), 2)
    left, top = np.clip(low, 0, (width - 1, height - 1))
    right, bottom = np.clip(low + full, (left + 1, top + 1), (width, height))
    cut = rgb[top:bottom, left:right]
    start = np.floor((np.array([left, top]) - low) * size / full).astype(int).clip(0, size - 1)
    end = np.ceil((np.array([right, bottom]) - low) * size / full).astype(int).clip(start + 1, size)
    mode = cv2.INTER_AREA if full > size else cv2.INTER_LINEAR
    view = np.full((size, size, 3), OUTSIDE, np.uint8)
    cut = _halved(cut, *(end - start))
    view[start[1] : end[1], start[0] : end[0]] = cv2.resize(cut, tuple(map(int, end - start)), interpolation=mode)
    return view


def _halved(rgb: Image, width: int, height: int) -> Image:
    """Halved until it is less than four times as large as asked for: OpenCV averages far faster by two than by another
    number. An odd last row or column is dropped on the way."""
    while rgb.shape[1] >= 4 * width and rgb.shape[0] >= 4 * height:
        even = rgb[: rgb.shape[0] // 2 * 2, : rgb.shape[1] // 2 * 2]
        rgb = cv2.resize(even, (even.shape[1] // 2, even.shape[0] // 2), interpolation=cv2.INTER_AREA)
    return rgb


def _patch(rgb: Image, middle: NDArray[np.floating], size: int) -> Image:
    """(size, size, 3): the frame's own pixels round `middle`, moved into the frame where it is large enough."""
    height, width = rgb.shape[:2]
    left, top = np.clip(np.round(middle - size / 2).astype(int), 0, (max(width - size, 0), max(height - size, 0)))
    cut = rgb[top : top + size, left : left + size]
    if cut.shape[:2] == (size, size):
        return cut
    view = np.full((size, size, 3), OUTSIDE, np.uint8)
    view[: cut.shape[0], : cut.shape[1]] = cut
    return view
