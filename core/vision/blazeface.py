"""MediaPipe's face detector (BlazeFace, Bazarevsky et al. 2019): from the numbers of its network to faces.

The network tells of 896 anchors how likely a face is there, and its box and points as shifts from the anchor. Boxes
that overlap are one face, their mean weighted by how sure each is ("blending" in the paper).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.vision.lite import LiteNet
from core.vision.reading import Image

SIDE_PX = 128
"""Of the network's input."""

_GRIDS = ((16, 2), (8, 6))  # cells a side, anchors a cell
_EYES = slice(4, 8)  # of a row: x, y of the right eye, then of the left one; before them x, y, width, height


@dataclass(frozen=True)
class Found:
    """One face, in pixels of the network's input.

    box: (4,) left, top, right, bottom. eyes: (2, 2) x, y, the subject's right one first. score: 0..1.
    """

    box: NDArray[np.float32]
    eyes: NDArray[np.float32]
    score: float


class BlazeFace:
    """Finds faces in squares."""

    def __init__(self, net: LiteNet) -> None:
        self._net = net
        self._anchors = np.concatenate([_centers(*grid) for grid in _GRIDS])

    def find(self, square: Image, lowest: float, same: float) -> list[Found]:
        """The faces of a (128, 128, 3) RGB square, the surest first.

        lowest: score, 0..1, below which nothing counts; what is above it has a say in where a face is.
        same: intersection over union, 0..1, from which two boxes are one face.
        """
        boxes, logits = self._net.run((square * np.float32(2 / 255) - np.float32(1))[None])
        scores = np.asarray(1 / (1 + np.exp(-np.clip(logits[0, :, 0], -60, 60))), np.float32)
        (there,) = np.nonzero(scores >= lowest)
        there = there[np.argsort(-scores[there], kind="stable")]
        rows, scores = boxes[0, there], scores[there]
        middle, half = rows[:, :2] + self._anchors[there], rows[:, 2:4] / 2
        corners = np.hstack([middle - half, middle + half])
        eyes = rows[:, _EYES] + np.tile(self._anchors[there], 2)
        return _blended(corners, eyes, scores, same)


def _blended(
    corners: NDArray[np.float32], eyes: NDArray[np.float32], scores: NDArray[np.float32], same: float
) -> list[Found]:
    found = []
    left = np.arange(len(scores))
    while len(left):
        joined = _overlap(corners[left], corners[left[0]]) > same
        one = left[joined]
        if not len(one):  # a box without area, which overlaps nothing, not even itself
            left = left[1:]
            continue
        weights = scores[one] / scores[one].sum()
        found.append(Found(weights @ corners[one], (weights @ eyes[one]).reshape(2, 2), float(scores[left[0]])))
        left = left[~joined]
    return found


def _overlap(boxes: NDArray[np.float32], box: NDArray[np.float32]) -> NDArray[np.float32]:
    """Intersection over union of each box (N, 4) with one (4,)."""
    sides = np.minimum(boxes[:, 2:], box[2:]) - np.maximum(boxes[:, :2], box[:2])
    common = np.maximum(sides, 0).prod(axis=1)
    union = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) + (box[2:] - box[:2]).prod() - common
    return np.asarray(common / np.maximum(union, 1e-9), np.float32)


def _centers(cells: int, anchors: int) -> NDArray[np.float32]:
    """(cells * cells * anchors, 2) x, y of the anchors of one grid, row by row, in pixels of the input."""
    at = (np.arange(cells, dtype=np.float32) + 0.5) * (SIDE_PX / cells)
    grid = np.stack(np.meshgrid(at, at), axis=-1).reshape(-1, 2)
    return np.repeat(grid, anchors, axis=0)
