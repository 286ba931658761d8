"""Faces in a frame, by MediaPipe FaceLandmarker."""

from __future__ import annotations

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

from core.regions import EYES, Region
from core.settings import LandmarkSettings
from core.vision.geometry import eye_centers
from core.vision.mesh import Mesh, detect
from core.vision.pose import pose
from core.vision.reading import Face, Frame

_BLINK_INDEX = {Region.LEFT_EYE: 9, Region.RIGHT_EYE: 10}  # eyeBlinkLeft, eyeBlinkRight of the 52 blendshapes


class FaceFinder:
    """Finds faces and their meshes. One instance per live session: it tracks, and must not be shared by threads."""

    def __init__(self, model: Path, settings: LandmarkSettings, *, live: bool) -> None:
        """`live`: frames follow one another; otherwise each frame stands alone (photos)."""
        mode = RunningMode.VIDEO if live else RunningMode.IMAGE
        options = FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(model)),
            running_mode=mode,
            num_faces=settings.max_faces,
            min_face_detection_confidence=settings.min_detection_live if live else settings.min_confidence,
            min_face_presence_confidence=settings.min_confidence,
            min_tracking_confidence=settings.min_confidence,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
        self._landmarker = FaceLandmarker.create_from_options(options)
        self._live = live
        self._last_ms = -1

    def find(self, frame: Frame) -> tuple[Face, ...]:
        """The faces of one frame, the largest first."""
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(frame.rgb))
        t_ms = None
        if self._live:
            # MediaPipe refuses a time stamp that does not increase; two frames may share a millisecond.
            t_ms = self._last_ms = max(self._last_ms + 1, round(frame.t * 1000))
        faces = (_face(mesh, frame.size) for mesh in detect(self._landmarker, image, t_ms))
        return tuple(sorted(faces, key=lambda face: -face.inter_eye_px))

    def close(self) -> None:
        """Free the graph's memory (25-28 MB)."""
        self._landmarker.close()

    def __enter__(self) -> FaceFinder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _face(mesh: Mesh, size: tuple[int, int]) -> Face:
    width, height = size
    landmarks = mesh.points * np.array([width, height, width], np.float32)
    left, right = eye_centers(landmarks)
    return Face(
        landmarks=landmarks,
        pose=pose(mesh.matrix),
        blink={eye: float(mesh.blendshapes[_BLINK_INDEX[eye]]) for eye in EYES},
        inter_eye_px=float(np.hypot(*(left - right))),
    )
