"""FaceLandmarker's answer as arrays.

MediaPipe's own reader makes a Python object of each of the 478 points and 52 scores; that, and turning them into an
array, took a thirteenth of the time of finding them, in every frame. The arrays are read from the C structures behind
it. Those names are private: mediapipe is pinned, and tests/vision/test_mesh.py compares with the public answer.
"""

from __future__ import annotations

import ctypes
from dataclasses import dataclass
from typing import Any

import mediapipe as mp
import numpy as np
from mediapipe.tasks.python.vision import FaceLandmarker
from mediapipe.tasks.python.vision.face_landmarker import FaceLandmarkerResultC
from numpy.typing import NDArray


@dataclass(frozen=True)
class Mesh:
    """One face.

    points: (478, 3) float32, x and z in shares of the frame's width, y of its height.
    blendshapes: (52,) float32, 0..1. matrix: (4, 4) float32, from the face to the camera.
    """

    points: NDArray[np.float32]
    blendshapes: NDArray[np.float32]
    matrix: NDArray[np.float32]


def detect(landmarker: FaceLandmarker, image: mp.Image, t_ms: int | None) -> list[Mesh]:
    """The faces of one picture. t_ms: its time, later than the last one's; None in IMAGE mode.

    `landmarker` must have been asked for blendshapes and matrices. Raises ValueError and RuntimeError as it does.
    """
    result = FaceLandmarkerResultC()
    lib, asked = landmarker._lib, (landmarker._handle, image._image_ptr, None)
    if t_ms is None:
        lib.MpFaceLandmarkerDetectImage(*asked, ctypes.byref(result))
    else:
        lib.MpFaceLandmarkerDetectForVideo(*asked, t_ms, ctypes.byref(result))
    try:
        return [_mesh(result, index) for index in range(result.face_landmarks_count)]
    finally:
        lib.MpFaceLandmarkerCloseResult(ctypes.byref(result))


def _mesh(result: FaceLandmarkerResultC, index: int) -> Mesh:
    found, scores = result.face_landmarks[index], result.face_blendshapes[index]
    return Mesh(
        _floats(found.landmarks, found.landmarks_count)[:, :3].copy(),  # x, y, z come first
        _floats(scores.categories, scores.categories_count)[:, 1].copy(),  # the score comes second
        result.facial_transformation_matrixes[index].to_numpy(),
    )


def _floats(first: Any, count: int) -> NDArray[np.float32]:
    """An array of C structures as (count, size) float32, not copied; what is no float in them is nonsense there."""
    size = ctypes.sizeof(first.contents) // ctypes.sizeof(ctypes.c_float)
    return np.ctypeslib.as_array(ctypes.cast(first, ctypes.POINTER(ctypes.c_float)), (count, size))
