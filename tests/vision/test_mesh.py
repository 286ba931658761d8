from __future__ import annotations

import mediapipe as mp
import numpy as np
import pytest
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions, RunningMode

from core.vision import assets
from core.vision.mesh import detect
from tests.portraits import astronaut


def _landmarker(mode: RunningMode) -> FaceLandmarker:
    return FaceLandmarker.create_from_options(
        FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(assets.ensure_face_model())),
            running_mode=mode,
            num_faces=2,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
    )


def _portrait() -> mp.Image:
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=astronaut().rgb)


def test_should_read_what_mediapipe_itself_reads() -> None:
    image = _portrait()
    with _landmarker(RunningMode.IMAGE) as landmarker:
        public, meshes = landmarker.detect(image), detect(landmarker, image, None)
    (mesh,) = meshes
    points = [(point.x, point.y, point.z) for point in public.face_landmarks[0]]
    assert mesh.points.shape == (478, 3)
    np.testing.assert_array_equal(mesh.points, np.array(points, np.float32))
    scores = [shape.score for shape in public.face_blendshapes[0]]
    np.testing.assert_array_equal(mesh.blendshapes, np.array(scores, np.float32))
    np.testing.assert_array_equal(mesh.matrix, public.facial_transformation_matrixes[0])


def test_should_keep_its_arrays_when_the_next_picture_comes() -> None:
    image = _portrait()
    blank = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.zeros((480, 640, 3), np.uint8))
    with _landmarker(RunningMode.VIDEO) as landmarker:
        first = detect(landmarker, image, 0)[0]
        before = first.points.copy(), first.blendshapes.copy(), first.matrix.copy()
        assert detect(landmarker, blank, 33) == []
        for kept, array in zip(before, (first.points, first.blendshapes, first.matrix), strict=True):
            np.testing.assert_array_equal(array, kept)


def test_should_refuse_a_time_that_does_not_grow() -> None:
    image = _portrait()
    with _landmarker(RunningMode.VIDEO) as landmarker:
        detect(landmarker, image, 5)
        with pytest.raises(ValueError, match="monotonically"):
            detect(landmarker, image, 5)
