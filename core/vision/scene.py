"""What is around the main face, as a coarse picture: where nothing changes, nobody comes in."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.geometry import outline_box
from core.vision.reading import Face, Image

# An ellipse around the main face, in widths and heights of its outline: its hair, its ears, its forehead. Round things
# in there pass for small faces.
_HEAD_UP, _HEAD_X, _HEAD_Y = 0.2, 0.75, 0.9
_CELLS = (20, 15)  # columns and rows of the coarse picture


def surroundings(size: tuple[int, int], face: Face) -> NDArray[np.bool_]:
    """(rows, columns): the cells of a coarse picture outside the main head. size: (width, height) of the frame."""
    (columns, rows), (width, height) = _CELLS, size
    x, y = (np.arange(columns) + 0.5) * width / columns, (np.arange(rows) + 0.5) * height / rows
    return np.asarray(~of_the_head(x, y[:, None], face))


def of_the_head(x: NDArray[np.float64] | float, y: NDArray[np.float64] | float, face: Face) -> Any:
    """Whether points lie on the main head, as an array where x and y are."""
    outline = outline_box(face)
    width, height = max(outline.right - outline.left, 1.0), max(outline.bottom - outline.top, 1.0)
    middle_x, middle_y = (outline.left + outline.right) / 2, (outline.top + outline.bottom) / 2
    off_x, off_y = x - middle_x, y - (middle_y - _HEAD_UP * height)
    return (off_x / (_HEAD_X * width)) ** 2 + (off_y / (_HEAD_Y * height)) ** 2 < 1


def largest_change(before: NDArray[np.float32], now: NDArray[np.float32], where: NDArray[np.bool_]) -> float:
    """Of a cell, from one coarse picture to another, 0..255 in a colour."""
    return float(np.abs(now - before).max(axis=2)[where].max(initial=0.0))


def coarse(rgb: Image) -> NDArray[np.float32]:
    """(rows, columns, 3) 0..255: the mean colours of the cells, from every fourth pixel."""
    size = (max(rgb.shape[1] // 4, _CELLS[0]), max(rgb.shape[0] // 4, _CELLS[1]))
    picked = cv2.resize(rgb, size, interpolation=cv2.INTER_NEAREST)
    return cv2.resize(picked, _CELLS, interpolation=cv2.INTER_AREA).astype(np.float32)
