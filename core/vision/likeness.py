"""How alike two aligned faces are, whatever the light: the measure behind the continuity guard."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.reading import Image

_SIDE = 64  # px; finer detail is noise and compression
_BLOCK = 16  # px
_STEP = 8  # px
# The part of the aligned square that is face for nearly everyone, as shares of its side (left, top, right, bottom).
_FACE = (0.18, 0.12, 0.82, 0.9)
_SIGMA = 4.0  # px; light varies more slowly than this, features faster
_FLOOR = 3.0  # luma; what is fainter is noise and stays faint


@dataclass(frozen=True)
class Likeness:
    """What is kept of an aligned face: its luma with the light taken out, (64, 64) float32."""

    detail: NDArray[np.float32]


def likeness(aligned: Image) -> Likeness:
    """Of an aligned face (S, S, 3) uint8 RGB.

    Each pixel loses the mean of its surroundings and is divided by their standard deviation (local contrast
    normalisation, Jarrett et al., 2009), so that neither gain nor gamma nor a shadow counts for much.
    """
    small = cv2.resize(aligned, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA)
    gray = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY).astype(np.float32)
    high = gray - cv2.GaussianBlur(gray, (0, 0), _SIGMA)
    spread = np.sqrt(cv2.GaussianBlur(high * high, (0, 0), _SIGMA))
    return Likeness((high / (spread + _FLOOR)).astype(np.float32))


def blocks() -> NDArray[np.int64]:
    """(N, 2): x and y of the top left corner of each compared block, in pixels of `Likeness.detail`."""
    left, top, right, bottom = (round(share * _SIDE) for share in _FACE)
    grid = [(x, y) for y in range(top, bottom - _BLOCK + 1, _STEP) for x in range(left, right - _BLOCK + 1, _STEP)]
    return np.array(grid, np.int64)


_BLOCKS = blocks()


def compare(a: Likeness, b: Likeness) -> NDArray[np.float32]:
    """Correlation of each block, -1..1, in the order of `blocks()`."""
    return np.array(
        [_correlation(a.detail[y : y + _BLOCK, x : x + _BLOCK], b.detail[y : y + _BLOCK, x : x + _BLOCK])
         for x, y in _BLOCKS],
        np.float32,
    )  # fmt: skip


def _correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> float:
    a, b = a - a.mean(), b - b.mean()
    return float((a * b).sum() / (np.sqrt((a * a).sum() * (b * b).sum()) + 1e-6))
