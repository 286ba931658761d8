"""MediaPipe's face mesh (Attention Mesh, Grishchenko et al. 2020, with blendshapes) on a region of a picture."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import EYES, Region
from core.vision.alignment import cut
from core.vision.lite import BLENDSHAPES, MESH, bundled
from core.vision.reading import Image
from core.vision.roi import Roi

BLINK_SHAPES = {Region.LEFT_EYE: 9, Region.RIGHT_EYE: 10}
"""Places of eyeBlinkLeft and eyeBlinkRight among the 52 blendshapes."""

_SIDE_PX = 256  # of the mesh network's input
# The points from which MediaPipe's blendshape network tells the face's expression, in its order.
_TOLD_FROM = np.array(
    [0, 1, 4, 5, 6, 7, 8, 10, 13, 14, 17, 21, 33, 37, 39, 40, 46, 52, 53, 54, 55, 58, 61, 63, 65, 66, 67, 70, 78, 80]
    + [81, 82, 84, 87, 88, 91, 93, 95, 103, 105, 107, 109, 127, 132, 133, 136, 144, 145, 146, 148, 149, 150, 152, 153]
    + [154, 155, 157, 158, 159, 160, 161, 162, 163, 168, 172, 173, 176, 178, 181, 185, 191, 195, 197, 234, 246, 249]
    + [251, 263, 267, 269, 270, 276, 282, 283, 284, 285, 288, 291, 293, 295, 296, 297, 300, 308, 310, 311, 312, 314]
    + [317, 318, 321, 323, 324, 332, 334, 336, 338, 356, 361, 362, 365, 373, 374, 375, 377, 378, 379, 380, 381, 382]
    + [384, 385, 386, 387, 388, 389, 390, 397, 398, 400, 402, 405, 409, 415, 454, 466, *range(468, 478)]
)


class FaceMesh:
    """Lays the mesh on faces. Knows no time; any thread may use it."""

    def __init__(self, model: Path) -> None:
        """model: FaceLandmarker's file."""
        self._mesh, self._shapes = bundled(model, MESH), bundled(model, BLENDSHAPES)

    def lay(self, rgb: Image, roi: Roi) -> tuple[NDArray[np.float32], float]:
        """(478, 3) in pixels of the picture, z in the scale of x; and how likely there is a face at all, 0..1."""
        square = cut(rgb, roi, _SIDE_PX, cv2.BORDER_REPLICATE)
        points, presence, _ = self._mesh.run((square * np.float32(1 / 255))[None])
        points, matrix = points.reshape(-1, 3), roi.matrix(_SIDE_PX)
        laid = np.empty_like(points)
        laid[:, :2] = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
        laid[:, 2] = points[:, 2] * (roi.width / _SIDE_PX)
        return laid, 1 / (1 + math.exp(-float(presence.item())))

    def blink(self, landmarks: NDArray[np.float32]) -> dict[Region, float]:
        """The eyeBlink blendshape of each eye, 0 (open) to 1 (shut)."""
        (shapes,) = self._shapes.run(landmarks[_TOLD_FROM, :2][None])
        return {eye: float(shapes[BLINK_SHAPES[eye]]) for eye in EYES}
