"""Views of a face that can be compared, whatever the light, the pose and the expression.

The face's texture is laid out on the mean mesh (a shape-free texture, Cootes et al., "Active appearance models", 1998),
its light is taken out (local contrast normalisation, Jarrett et al., 2009) and so is what all faces have in common.
What is left is the person's own.
"""

from __future__ import annotations

import cv2
import numpy as np

from core.vision.likeness import DATA, SIDE, Likeness, Plane, likeness_of
from core.vision.reading import Aligned

_SIGMA = 4.0  # px; light varies more slowly than this, features faster
_FLOOR = 3.0  # luma; what is fainter is noise and stays faint


class LikenessMeter:
    """Takes views of faces."""

    def __init__(self) -> None:
        with np.load(DATA) as data:
            self._corners = data["corners"].astype(np.int64)
            self._weights = data["weights"].astype(np.float32)
            self._at = data["at"].astype(np.int64)
            self._common = data["mean"].astype(np.float32)
        self._face = np.zeros((SIDE, SIDE), np.float32)
        self._face.flat[self._at] = 1.0
        self._near = cv2.GaussianBlur(self._face, (0, 0), _SIGMA) + 1e-3

    def measure(self, aligned: Aligned) -> Likeness:
        """What is kept of a face."""
        return likeness_of(self.detail(aligned) - self._common)

    def detail(self, aligned: Aligned) -> Plane:
        """(SIDE, SIDE): the texture with the light taken out, 0 outside the face."""
        source = np.einsum("pc,pcd->pd", self._weights, aligned.landmarks[self._corners])
        # The texture is coarser than the aligned face.
        gray = cv2.cvtColor(aligned.rgb, cv2.COLOR_RGB2GRAY)
        smooth = cv2.GaussianBlur(gray, (0, 0), len(gray) / (2.5 * SIDE))
        picked = cv2.remap(smooth, source[None, :, 0], source[None, :, 1], cv2.INTER_LINEAR, None, cv2.BORDER_REPLICATE)
        texture = np.zeros((SIDE, SIDE), np.float32)
        texture.flat[self._at] = picked[0]
        high = (texture - cv2.GaussianBlur(texture, (0, 0), _SIGMA) / self._near) * self._face
        spread = np.sqrt(cv2.GaussianBlur(high * high, (0, 0), _SIGMA) / self._near)
        return (high / (spread + _FLOOR)).astype(np.float32)
