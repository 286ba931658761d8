"""Further faces beside the main one, also those that the frame's edge cuts in half.

FaceLandmarker can be asked for more than one face, but it then detects in every frame, and its mesh fits no half face:
of people a quarter of whose face is hidden by the edge it sees three in four, of half faces one in sixteen. The
detector alone, on a frame with a margin around it, sees nine in ten and one in two.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import FaceDetector, FaceDetectorOptions, RunningMode

from core.regions import FACE_OVAL
from core.settings import OtherFaceSettings
from core.vision.reading import Box, Face, Frame, Image

_DETECTOR = "face_detector.tflite"
_SIDE = 192  # px, of the detector's own input
# An ellipse around the main face, in widths and heights of its outline: its hair, its ears, its forehead. Round things
# in there pass for small faces.
_HEAD_UP, _HEAD_X, _HEAD_Y = 0.2, 0.75, 0.9


class OtherFaces:
    """Looks for further faces every so often. One per live session: it remembers when it last looked."""

    def __init__(self, model: Path, settings: OtherFaceSettings, *, live: bool) -> None:
        """model: FaceLandmarker's, which holds the detector. live: frames follow one another, not all are looked at."""
        with zipfile.ZipFile(model) as bundle:
            detector = bundle.read(_DETECTOR)
        options = FaceDetectorOptions(
            base_options=BaseOptions(model_asset_buffer=detector),
            running_mode=RunningMode.IMAGE,
            min_detection_confidence=settings.min_confidence,
        )
        self._detector = FaceDetector.create_from_options(options)
        self._settings = settings
        self._live = live
        self._looked: float | None = None
        self._found: tuple[Box, ...] = ()

    def find(self, frame: Frame, face: Face) -> tuple[Box, ...]:
        """Where further faces are, in pixels of the frame; between two looks what was there at the last one.

        `face` is the main one. As long as there are others, every frame is looked at.
        """
        rested = self._looked is None or not 0 <= frame.t - self._looked < self._settings.every_s
        if not self._live or self._found or rested:
            self._looked = frame.t
            self._found = tuple(box for box in self._detect(frame.rgb) if not _of_the_head(box, face))
        return self._found

    def close(self) -> None:
        """Free the graph's memory (4 MB)."""
        self._detector.close()

    def _detect(self, rgb: Image) -> list[Box]:
        height, width = rgb.shape[:2]
        zoom = _SIDE / (max(width, height) * (1 + 2 * self._settings.margin))
        left, top = (_SIDE - zoom * width) / 2, (_SIDE - zoom * height) / 2
        matrix = np.array([[zoom, 0, left], [0, zoom, top]])
        square = cv2.warpAffine(rgb, matrix, (_SIDE, _SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        found = self._detector.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=square)).detections
        return [
            Box(
                (box.origin_x - left) / zoom,
                (box.origin_y - top) / zoom,
                (box.origin_x + box.width - left) / zoom,
                (box.origin_y + box.height - top) / zoom,
            )
            for box in (detection.bounding_box for detection in found)
        ]


def _of_the_head(box: Box, face: Face) -> bool:
    oval = face.landmarks[list(FACE_OVAL), :2]
    low, high = oval.min(axis=0), oval.max(axis=0)
    width, height = np.maximum(high - low, 1.0)
    x, y = (low + high) / 2
    off_x = (box.left + box.right) / 2 - x
    off_y = (box.top + box.bottom) / 2 - (y - _HEAD_UP * height)
    return bool((off_x / (_HEAD_X * width)) ** 2 + (off_y / (_HEAD_Y * height)) ** 2 < 1)
