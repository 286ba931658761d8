from __future__ import annotations

import mediapipe as mp
import numpy as np
import pytest
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions

from core.vision import assets
from core.vision.head import fit
from core.vision.mesh import detect
from tests.portraits import astronaut


@pytest.mark.parametrize("shift", [(0, 0), (150, 0), (-120, 60)])
@pytest.mark.parametrize("size", [(640, 480), (480, 640)])
def test_should_fit_as_mediapipe_does(size: tuple[int, int], shift: tuple[int, int]) -> None:
    options = FaceLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(assets.ensure_face_model())),
        output_face_blendshapes=True,
        output_facial_transformation_matrixes=True,
    )
    rgb = np.roll(astronaut().placed(size, 70.0).rgb, shift, axis=(1, 0))
    with FaceLandmarker.create_from_options(options) as landmarker:
        (mesh,) = detect(landmarker, mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb)), None)
    landmarks = mesh.points * np.array([size[0], size[1], size[0]], np.float32)
    np.testing.assert_allclose(fit(landmarks, size), mesh.matrix, atol=0.01)
