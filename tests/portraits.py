"""Photographs of a face that may be shown, and where the face lies in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray

from core.regions import FACE_OVAL
from core.settings import LandmarkSettings
from core.vision import assets
from core.vision.geometry import eye_centers
from core.vision.landmarks import FaceFinder
from core.vision.reading import Frame, Image

Points = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Portrait:
    """A photograph of one face. rgb (H, W, 3) uint8; landmarks (478, 3) float32 in its pixels."""

    rgb: Image
    landmarks: Points

    @classmethod
    def find(cls, rgb: Image) -> Portrait:
        """With landmarks found by FaceLandmarker. Raises ValueError when there is no face."""
        with FaceFinder(assets.ensure_face_model(), LandmarkSettings()) as finder:
            faces = finder.find(Frame(rgb, 0.0))
        if not faces:
            raise ValueError("there is no face in this picture")
        return cls(rgb, faces[0].landmarks)

    @property
    def eyes(self) -> Points:
        """(2, 2): centres of the eyes, left first, in pixels."""
        return eye_centers(self.landmarks)

    @property
    def inter_eye_px(self) -> float:
        return float(np.hypot(*(self.eyes[0] - self.eyes[1])))

    def warped(self, matrix: NDArray[np.float64], size: tuple[int, int]) -> Portrait:
        """Through a (2, 3) similarity into a picture of `size` (width, height)."""
        rgb = cv2.warpAffine(self.rgb, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
        # Outside the photograph its edge goes on, out of focus.
        inside = cv2.warpAffine(np.ones(self.rgb.shape[:2], np.uint8), matrix, size)[..., None]
        if not inside.all():
            rgb = np.where(inside, rgb, cv2.GaussianBlur(rgb, (0, 0), min(size) / 20))
        scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
        flat = self.landmarks[:, :2] @ matrix[:, :2].T + matrix[:, 2]
        return Portrait(rgb, np.column_stack([flat, self.landmarks[:, 2] * scale]).astype(np.float32))

    def placed(self, size: tuple[int, int], inter_eye_px: float) -> Portrait:
        """Upright, the face in the middle of a picture of `size`, with the given inter-eye distance."""
        width, height = size
        left, right = self.eyes
        angle = np.degrees(np.arctan2(*(left - right)[::-1]))
        middle = self.landmarks[list(FACE_OVAL), :2]
        center = (middle.min(axis=0) + middle.max(axis=0)) / 2
        matrix = cv2.getRotationMatrix2D(center.tolist(), angle, inter_eye_px / self.inter_eye_px)
        matrix[:, 2] += (width / 2, height / 2) - center
        return self.warped(matrix, size)

    def onto(self, other: Portrait, size: tuple[int, int]) -> Portrait:
        """Moved so that its eyes lie where the other's are."""
        source, target = self.eyes.astype(np.float32), other.eyes.astype(np.float32)
        matrix, _ = cv2.estimateAffinePartial2D(source, target)
        return self.warped(matrix, size)


@lru_cache(maxsize=1)
def astronaut() -> Portrait:
    """scikit-image's astronaut (Eileen Collins, NASA): public domain."""
    return Portrait.find(skimage.data.astronaut())


@lru_cache(maxsize=1)
def stranger() -> Portrait:
    """Another face: the astronaut mirrored, with other proportions, darker skin, black hair and another room.

    It is a drawn person, not a photographed one: far from the astronaut in shape and colour, close in texture.
    """
    rgb = np.ascontiguousarray(astronaut().rgb[:, ::-1])
    face = Portrait.find(rgb)
    center, unit = face.eyes.mean(axis=0), face.inter_eye_px
    y, x = np.mgrid[0 : rgb.shape[0], 0 : rgb.shape[1]].astype(np.float32)
    u, v = (x - center[0]) / unit, (y - center[1]) / unit
    near = np.exp(-(((u / 1.6) ** 2 + ((v - 0.5) / 1.9) ** 2) ** 2))
    # Backward map: a wider jaw and nose, eyes closer to the brows, a longer chin.
    wide = 1 - near * (0.05 + 0.13 * np.clip(v, -0.3, 1.4))
    high = 1 - near * 0.16 * np.clip(v, 0, 1.5)
    bulge = np.exp(-((u / 0.35) ** 2 + ((v - 0.6) / 0.4) ** 2))
    source_x = center[0] + u * unit * (wide - 0.18 * bulge)
    source_y = center[1] + v * unit * high
    rgb = cv2.remap(rgb, source_x, source_y.astype(np.float32), cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT_101)
    tone = (rgb / 255.0) ** np.array([1.25, 1.55, 1.7]) * np.array([0.74, 0.62, 0.55])
    return Portrait.find((tone * 255).round().astype(np.uint8))
