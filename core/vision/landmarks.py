"""Faces in a photo, by MediaPipe FaceLandmarker."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import (
    FaceLandmarker,
    FaceLandmarkerOptions,
    RunningMode,
)
from numpy.typing import NDArray

from core.regions import EYES, Region
from core.settings import LandmarkSettings
from core.vision.face_mesh import BLINK_SHAPES
from core.vision.geometry import eye_centers
from core.vision.mesh import Mesh, detect
from core.vision.pose import pose
from core.vision.reading import Face, Frame


class FaceFinder:
    """Finds faces and their meshes. Each frame stands alone. Must not be shared by threads."""

    def __init__(self, model: Path, settings: LandmarkSettings) -> None:
        options = FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(model)),
            running_mode=RunningMode.IMAGE,
            num_faces=settings.max_faces,
            min_face_detection_confidence=settings.min_confidence,
            min_face_presence_confidence=settings.min_confidence,
            min_tracking_confidence=settings.min_confidence,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
        self._landmarker = FaceLandmarker.create_from_options(options)

    def find(self, frame: Frame, expected: Face | None = None) -> tuple[Face, ...]:
        """The faces of one frame, the largest first. expected: tells it nothing."""
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(frame.rgb))
        faces = (_face(mesh, frame.size) for mesh in detect(self._landmarker, image, None))
        return largest_first(faces)

    def close(self) -> None:
        """Free the graph's memory (25-28 MB)."""
        self._landmarker.close()

    def __enter__(self) -> FaceFinder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def face_of(landmarks: NDArray[np.float32], matrix: NDArray[np.floating], blink: Mapping[Region, float]) -> Face:
    """landmarks: (478, 3) in pixels. matrix: (4, 4) from the face to the camera. blink: eyeBlink of each eye."""
    left, right = eye_centers(landmarks)
    return Face(landmarks, pose(matrix), blink, inter_eye_px=float(np.hypot(*(left - right))))


def largest_first(faces: Iterable[Face]) -> tuple[Face, ...]:
    """The order in which faces are told: the first one is the main one."""
    return tuple(sorted(faces, key=lambda face: -face.inter_eye_px))


def _face(mesh: Mesh, size: tuple[int, int]) -> Face:
    width, height = size
    blink = {eye: float(mesh.blendshapes[BLINK_SHAPES[eye]]) for eye in EYES}
    return face_of(mesh.points * np.array([width, height, width], np.float32), mesh.matrix, blink)
