"""How alike two views of a face are, whatever the light, the pose and the expression.

The face's texture is laid out on the mean mesh (a shape-free texture, Cootes et al., "Active appearance models", 1998),
its light is taken out (local contrast normalisation, Jarrett et al., 2009) and so is what all faces have in common.
What is left is the person's own; it is compared block by block.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import OUTLINES, Region
from core.vision.reading import Aligned

DATA = Path(__file__).with_name("likeness.npz")
"""corners (P, 3) mesh points and weights (P, 3) of each texture pixel; at (P,) its index in the (SIDE, SIDE) texture;
mesh (468, 2) the mean mesh in shares of the aligned square; mean (SIDE, SIDE) the mean face's detail.
Made by training/likeness.py."""

SIDE = 64  # px; finer detail is noise and compression
BLOCK = 16  # px
_STEP = 8  # px
_SIGMA = 4.0  # px; light varies more slowly than this, features faster
_FLOOR = 3.0  # luma; what is fainter is noise and stays faint
_FULL = 0.7  # share of a block that must lie on the face
_EPS = 0.01  # keeps blocks without any detail from correlating

Plane = NDArray[np.float32]


@dataclass(frozen=True)
class Likeness:
    """What is kept of one view: (SIDE, SIDE) float32, and for each block its mean and spread."""

    detail: Plane
    mean: Plane
    spread: Plane


class LikenessMeter:
    """Takes views of faces and compares them."""

    def __init__(self) -> None:
        with np.load(DATA) as data:
            self._corners = data["corners"].astype(np.int64)
            self._weights = data["weights"].astype(np.float32)
            self._at = data["at"].astype(np.int64)
            self._common = data["mean"].astype(np.float32)
            mesh = data["mesh"].astype(np.float32)
        self._face = np.zeros((SIDE, SIDE), np.float32)
        self._face.flat[self._at] = 1.0
        self._near = cv2.GaussianBlur(self._face, (0, 0), _SIGMA) + 1e-3
        self._x, self._y = _blocks(self._face)
        self.shares = {region: self._share(mesh, region) for region in Region}
        """For each region, the share of each block that it fills, (N,)."""

    def measure(self, aligned: Aligned) -> Likeness:
        """What is kept of a face."""
        detail = self.detail(aligned) - self._common
        mean = self._over_blocks(detail)
        spread = np.sqrt(np.maximum(self._over_blocks(detail * detail) - mean * mean, 0.0))
        return Likeness(detail, mean, spread)

    def compare(self, a: Likeness, b: Likeness) -> Plane:
        """(N,) correlation of each block, -1..1."""
        common = self._over_blocks(a.detail * b.detail) - a.mean * b.mean
        return common / (a.spread * b.spread + _EPS)

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

    def _over_blocks(self, plane: Plane) -> Plane:
        sums = cv2.boxFilter(plane, cv2.CV_32F, (BLOCK, BLOCK), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
        return np.asarray(sums[self._y, self._x], np.float32)

    def _share(self, mesh: NDArray[np.float32], region: Region) -> Plane:
        plane = np.zeros((SIDE, SIDE), np.float32)
        cv2.fillPoly(plane, [(mesh[list(OUTLINES[region])] * SIDE).round().astype(np.int32)], 1.0)
        return self._over_blocks(plane)


def _blocks(face: Plane) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """x and y of the top left corners of the blocks that lie on the face."""
    starts = range(2, SIDE - BLOCK - 1, _STEP)
    found = [(x, y) for y in starts for x in starts if face[y : y + BLOCK, x : x + BLOCK].mean() >= _FULL]
    return np.array([x for x, _ in found]), np.array([y for _, y in found])
