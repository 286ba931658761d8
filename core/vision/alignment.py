"""Cuts the face and the eyes out of a frame, upright and at a fixed scale.

Everything that a model sees, at run time and in training, is cut here and nowhere else.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import EYE_CORNERS, EYES, MOUTH_CORNERS, Region
from core.settings import AlignmentSettings
from core.vision.geometry import eye_centers
from core.vision.reading import Aligned, Image
from core.vision.roi import Roi

# Mean position of the anchors over 255 near-frontal portraits, in inter-eye distances, origin between the eyes
# (measured with FaceLandmarker on training photographs).
_ANCHORS = [*EYE_CORNERS[Region.RIGHT_EYE], *EYE_CORNERS[Region.LEFT_EYE], *MOUTH_CORNERS]
_TEMPLATE = np.array(
    [[-0.722, -0.020], [-0.278, 0.020], [0.278, 0.020], [0.722, -0.020], [-0.440, 1.041], [0.440, 1.041]]
)


class FaceAligner:
    """Cuts faces to `settings.face_px` and eyes to `settings.eye_px`."""

    def __init__(self, settings: AlignmentSettings) -> None:
        self.settings = settings
        scale = settings.face_px / settings.face_side
        origin = np.array([settings.face_side / 2, settings.face_side / 2 - settings.face_center_y])
        self._target = (_TEMPLATE + origin) * scale

    def align(self, rgb: Image, landmarks: NDArray[np.float32]) -> Aligned:
        """Cut the face whose mesh is `landmarks` (478, 2 or 3), in pixels of `rgb`.

        Outside the frame the edge pixels are repeated.
        """
        size = self.settings.face_px
        matrix = _similarity(landmarks[_ANCHORS, :2], self._target)
        scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
        cut = warp(rgb, matrix, scale, size)
        placed = (landmarks[:, :2] @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
        return Aligned(cut, matrix, placed, scale)

    def eye(self, rgb: Image, aligned: Aligned, region: Region) -> Image:
        """(E, E, 3) uint8 RGB: one eye, upright, centred between its corners.

        The subject's left eye is mirrored, so that the outer corner is on the image's left for both.
        """
        side = self.settings.eye_side * self.settings.face_px / self.settings.face_side
        center = eye_centers(aligned.landmarks)[EYES.index(region)]
        zoom = self.settings.eye_px / side
        matrix = aligned.matrix * zoom
        matrix[:, 2] += (self.settings.eye_px - 1) / 2 - center * zoom
        if region is Region.LEFT_EYE:
            matrix[0] *= -1
            matrix[0, 2] += self.settings.eye_px - 1
        return warp(rgb, matrix, aligned.scale * zoom, self.settings.eye_px)


def _similarity(source: NDArray[np.float32], target: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least-squares similarity from source to target points, (2, 3). Closed form of Umeyama (1991) in the plane."""
    a = source.astype(np.float64)
    mean_a, mean_b = a.mean(axis=0), target.mean(axis=0)
    a, b = a - mean_a, target - mean_b
    norm = max(float((a * a).sum()), 1e-9)
    cos = float((a * b).sum()) / norm
    sin = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / norm
    linear = np.array([[cos, -sin], [sin, cos]])
    return np.hstack([linear, (mean_b - linear @ mean_a)[:, None]])


def warp(rgb: Image, matrix: NDArray[np.float64], scale: float, size: int) -> Image:
    """Sample a (size, size) square of a picture, grey or not, through `matrix` (source -> square), without aliasing."""
    source, matrix = _reduced(rgb, matrix, scale, size) if scale < 0.5 else (rgb, matrix)
    return cv2.warpAffine(source, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _reduced(rgb: Image, matrix: NDArray[np.float64], scale: float, size: int) -> tuple[Image, NDArray[np.float64]]:
    """The part of a picture that the square shows, halved until its scale is half or more, and the matrix from there.

    warpAffine does not average.
    """
    corners = np.array([[0, 0], [size, 0], [0, size], [size, size]]) - matrix[:, 2]
    corners = corners @ np.linalg.inv(matrix[:, :2]).T
    height, width = rgb.shape[:2]
    left, top = np.clip(np.floor(corners.min(axis=0)).astype(int) - 2, 0, (width - 2, height - 2))
    right, bottom = np.clip(np.ceil(corners.max(axis=0)).astype(int) + 2, (left + 2, top + 2), (width, height))
    source = rgb[top:bottom, left:right]
    matrix = np.hstack([matrix[:, :2], (matrix[:, 2] + matrix[:, :2] @ (left, top))[:, None]])
    while scale < 0.5 and min(source.shape[:2]) >= 4:
        height, width = source.shape[0] // 2, source.shape[1] // 2
        # OpenCV takes twenty times as long where an odd pixel is left over.
        source = cv2.resize(source[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
        # Pixel centres: full = (half + 0.5) * 2 - 0.5
        matrix = np.hstack([matrix[:, :2] * 2, (matrix[:, 2] + matrix[:, :2] @ (0.5, 0.5))[:, None]])
        scale *= 2
    return source, matrix


def cut(rgb: Image, roi: Roi, px: int, border: int) -> Image:
    """(px, px, 3): what a region shows of a picture. border: OpenCV's, for what lies outside.

    As MediaPipe cuts for its networks: by whole pixels' corners, without averaging.
    """
    matrix, flags = roi.matrix(px), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    # OpenCV cuts four colours in half of the time that it takes for three, to the same values.
    four = cv2.cvtColor(rgb, cv2.COLOR_RGB2RGBA)
    return cv2.cvtColor(cv2.warpAffine(four, matrix, (px, px), flags=flags, borderMode=border), cv2.COLOR_RGBA2RGB)
