"""MediaPipe's face detector by itself, on any square of a picture, also one that reaches beyond its edges."""

from __future__ import annotations

import weakref
import zipfile
from abc import ABC, abstractmethod
from pathlib import Path

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import FaceDetector, FaceDetectorOptions, RunningMode

from core.vision.alignment import cut
from core.vision.blazeface import SIDE_PX as _INPUT_PX
from core.vision.blazeface import BlazeFace
from core.vision.lite import DETECTOR, bundled
from core.vision.reading import Box, Image
from core.vision.roi import Roi, around

_LOWEST = 0.1  # what the detector is less sure of counts as not seen
# Intersection over union from which two boxes are one face: the defaults of MediaPipe's FaceDetector and Landmarker.
_SAME_SPOT, _SAME_FACE = 0.3, 0.5

SIDE_PX = 192
"""Of the squares that are cut for it out of photos."""

Spot = tuple[Box, float]
"""Where a face may be, in pixels of the picture, and how sure the detector is, 0..1."""


class SquareDetector(ABC):
    """Finds what may be faces, of 8 % of the square's width and more. Knows no mesh and no time.

    side_px: of the squares that it looks at.
    """

    side_px = SIDE_PX

    def __init__(self) -> None:
        self._last: tuple[weakref.ref[Image], float, list[Spot]] | None = None

    def whole(self, rgb: Image, margin: float) -> list[Spot]:
        """In the whole picture. margin: laid around it, as a share of its longer side.

        Whoever asks the same of the same array right afterwards is given the same answer without another run.
        """
        if self._last is not None and self._last[0]() is rgb and self._last[1] == margin:
            return self._last[2]
        height, width = rgb.shape[:2]
        side = max(width, height) * (1 + 2 * margin)
        found = self.square(rgb, (width - side) / 2, (height - side) / 2, side)
        self._last = (weakref.ref(rgb), margin, found)
        return found

    def square(self, rgb: Image, left: float, top: float, side: float) -> list[Spot]:
        """In one square; beyond its edges the picture is mirrored, which makes a whole face of a half one."""
        return self.faces(self.cut(rgb, left, top, side), left, top, side)

    def cut(self, rgb: Image, left: float, top: float, side: float) -> Image:
        """(side_px, side_px, 3): a square of a picture as it is looked at."""
        zoom = self.side_px / side
        matrix = np.array([[zoom, 0, -left * zoom], [0, zoom, -top * zoom]])
        size = (self.side_px, self.side_px)
        return cv2.warpAffine(rgb, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)

    @abstractmethod
    def faces(self, square: Image, left: float = 0.0, top: float = 0.0, side: float | None = None) -> list[Spot]:
        """In a square cut out already, that was at `left`, `top` and had `side` pixels (None: as many as it has)."""


class PhotoDetector(SquareDetector):
    """By MediaPipe's own graph. Must not be shared by threads."""

    def __init__(self, model: Path) -> None:
        """model: FaceLandmarker's, which holds the detector."""
        super().__init__()
        with zipfile.ZipFile(model) as bundle:
            detector = bundle.read(DETECTOR)
        options = FaceDetectorOptions(
            base_options=BaseOptions(model_asset_buffer=detector),
            running_mode=RunningMode.IMAGE,
            min_detection_confidence=_LOWEST,
            min_suppression_threshold=_SAME_SPOT,
        )
        self._detector = FaceDetector.create_from_options(options)

    def faces(self, square: Image, left: float = 0.0, top: float = 0.0, side: float | None = None) -> list[Spot]:
        scale = 1.0 if side is None else side / self.side_px
        spots = []
        for found in self._detector.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=square)).detections:
            box = found.bounding_box
            x, y = left + box.origin_x * scale, top + box.origin_y * scale
            spots.append((Box(x, y, x + box.width * scale, y + box.height * scale), found.categories[0].score or 0.0))
        return spots

    def close(self) -> None:
        """Free the graph's memory (4 MB)."""
        self._detector.close()


class StreamDetector(SquareDetector):
    """By the same network without the graph; any thread may use it.

    Its scores differ by about 0.005 for the same square, for MediaPipe's own OpenCV interpolates otherwise.
    """

    side_px = _INPUT_PX

    def __init__(self, model: Path) -> None:
        """model: FaceLandmarker's, which holds the detector."""
        super().__init__()
        self._detector = BlazeFace(bundled(model, DETECTOR))

    def regions(self, rgb: Image, lowest: float) -> list[Roi]:
        """Where the mesh's network must look for faces, the surest first; what is below `lowest` counts as not seen.

        The whole picture, surrounded by black, as FaceLandmarker has its detector look at it.
        """
        height, width = rgb.shape[:2]
        side = max(width, height)
        whole = Roi(width / 2, height / 2, side, side)
        square = cut(rgb, whole, _INPUT_PX, cv2.BORDER_CONSTANT)
        scale, start = side / _INPUT_PX, ((width - side) / 2, (height - side) / 2)
        found = self._detector.find(square, lowest, _SAME_FACE)
        return [around(face.box * scale + np.tile(start, 2), face.eyes * scale + start) for face in found]

    def faces(self, square: Image, left: float = 0.0, top: float = 0.0, side: float | None = None) -> list[Spot]:
        scale, start = 1.0 if side is None else side / self.side_px, np.array([left, top, left, top])
        found = self._detector.find(square, _LOWEST, _SAME_SPOT)
        return [(Box(*(float(edge) for edge in face.box * scale + start)), face.score) for face in found]


def center(box: Box) -> tuple[float, float]:
    """x, y of its middle."""
    return (box.left + box.right) / 2, (box.top + box.bottom) / 2


def score_at(box: Box, found: list[Spot]) -> float:
    """The highest score of what lies where `box` is; 0 where nothing does."""
    reach = (box.right - box.left) / 2
    x, y = center(box)
    near = [score for other, score in found if max(abs(center(other)[0] - x), abs(center(other)[1] - y)) < reach]
    return max(near, default=0.0)
