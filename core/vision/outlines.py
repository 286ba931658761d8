"""The outlines of the regions, drawn in the colours of their states."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from core.regions import OUTLINES, Region
from core.vision.reading import Image, State

CLEAR = (74, 222, 128)
BLOCKED = (248, 60, 60)
CLOSED = (250, 190, 60)

_COLORS = {State.OPEN: CLEAR, State.CLEAR: CLEAR, State.CLOSED: CLOSED, State.BLOCKED: BLOCKED}


def draw_regions(picture: Image, landmarks: np.ndarray, states: Mapping[Region, State], unit: float) -> None:
    """Draw the regions' outlines onto `picture`. landmarks: (478, 2) in its pixels; unit: width of a thin line."""
    for region, state in states.items():
        _outline(picture, landmarks[list(OUTLINES[region])], state, unit)


def _outline(picture: Image, points: np.ndarray, state: State, unit: float) -> None:
    # Four fractional bits: without them the outlines tremble by whole pixels.
    polygon = np.round(points * 16).astype(np.int32)
    if state is State.BLOCKED:
        _stripes(picture, points, unit)
    width = 3 if state is State.BLOCKED else 1
    cv2.polylines(picture, [polygon], True, _COLORS[state], max(1, round(width * unit)), cv2.LINE_AA, 4)


def _stripes(picture: Image, points: np.ndarray, unit: float) -> None:
    (left, top), (right, bottom) = np.floor(points.min(axis=0)).astype(int), np.ceil(points.max(axis=0)).astype(int)
    left, top = max(left, 0), max(top, 0)
    part = picture[top : max(bottom, top), left : max(right, left)]
    if not part.size:
        return
    height, width = part.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [np.round(points - (left, top)).astype(np.int32)], 255)
    rows, columns = np.ogrid[:height, :width]
    period = max(4, round(8 * unit))
    mask[(rows + columns) % period >= period // 2] = 0
    red = np.full_like(part, BLOCKED)
    cv2.copyTo(cv2.addWeighted(part, 0.35, red, 0.65, 0.0), mask, part)
