"""How alike two views of a face are, block by block: numbers only; `core.vision.texture` takes the views."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.regions import Region

DATA = Path(__file__).with_name("likeness.npz")
"""corners (P, 3) mesh points and weights (P, 3) of each texture pixel; at (P,) its index in the (SIDE, SIDE) texture;
mesh (468, 2) the mean mesh in shares of the aligned square; mean (SIDE, SIDE) the mean face's detail; regions
(10, SIDE, SIDE) where each region lies. Made by training/likeness.py."""

SIDE = 64  # px; finer detail is noise and compression
BLOCK = 16  # px
_STEP = BLOCK // 2
_FIRST = 2  # px; the blocks lie in the middle of the texture
_FULL = 0.7  # share of a block that must lie on the face
_EPS = 0.01  # keeps blocks without any detail from correlating

Plane = NDArray[np.float32]

_STARTS = np.arange(_FIRST, SIDE - BLOCK - 1, _STEP)
_AT = np.arange(SIDE)
# (blocks in a row, SIDE): a share of 1 / BLOCK for each pixel of a block.
_SPANS = np.array(((_STARTS[:, None] <= _AT) & (_STARTS[:, None] + BLOCK > _AT)) / BLOCK, np.float32)


@dataclass(frozen=True)
class Likeness:
    """What is kept of one view: (SIDE, SIDE) float32, and for each block its mean and spread, (N,)."""

    detail: Plane
    mean: Plane
    spread: Plane


def likeness_of(detail: Plane) -> Likeness:
    """A view's likeness from its (SIDE, SIDE) detail."""
    mean = _over_blocks(detail)
    spread = np.sqrt(np.maximum(_over_blocks(detail * detail) - mean * mean, 0.0))
    return Likeness(detail, mean, spread)


def compare(a: Likeness, b: Likeness) -> Plane:
    """(N,) correlation of each block, -1..1."""
    common = _over_blocks(a.detail * b.detail) - a.mean * b.mean
    return common / (a.spread * b.spread + _EPS)


@cache
def block_shares() -> dict[Region, Plane]:
    """For each region, the share of each block that it fills, (N,)."""
    with np.load(DATA) as data:
        planes = data["regions"].astype(np.float32)
    return {region: _over_blocks(plane) for region, plane in zip(Region, planes, strict=True)}


@cache
def _on_face() -> NDArray[np.bool_]:
    """Which of all blocks lie on the face."""
    with np.load(DATA) as data:
        face = np.zeros(SIDE * SIDE, np.float32)
        face[data["at"]] = 1.0
    return _all_blocks(face.reshape(SIDE, SIDE)) >= _FULL


def _over_blocks(plane: Plane) -> Plane:
    """(N,) mean of a (SIDE, SIDE) plane over each block on the face, row by row."""
    return _all_blocks(plane)[_on_face()]


def _all_blocks(plane: Plane) -> Plane:
    """Mean over each block; they lie in rows and columns, so two products with the same matrix average them."""
    return np.asarray(_SPANS @ plane @ _SPANS.T, np.float32)
