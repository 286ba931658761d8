"""The outlines of the regions and how they look in each state. The page draws its own, core/web/static/outlines.js."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import cv2
import numpy as np

from core.regions import OUTLINES, Region
from core.vision.reading import Image, State

CLEAR = (74, 222, 128)
BLOCKED = (248, 60, 60)
CLOSED = (250, 190, 60)

UNITS = 640
"""The longer side of a live picture, in widths of a thin line."""
STRIPE_UNITS = 8
"""Width of a stripe and the gap beside it, together, along a row of pixels; in widths of a thin line."""
STRIPE_SHARE = 0.65
"""How much of the colour covers the picture where there is a stripe, 0..1."""


@dataclass(frozen=True)
class Look:
    """color: RGB, 0..255. width: of the line, in widths of a thin one. striped: filled with slanting stripes."""

    color: tuple[int, int, int]
    width: int = 1
    striped: bool = False


LOOKS = {
    State.OPEN: Look(CLEAR),
    State.CLEAR: Look(CLEAR),
    State.CLOSED: Look(CLOSED),
    State.BLOCKED: Look(BLOCKED, width=3, striped=True),
}


def polygons(landmarks: np.ndarray, states: Mapping[Region, State]) -> Iterator[tuple[Region, State, np.ndarray]]:
    """The outline of each region that has a state, (N, 2). landmarks: (478, 2), in any coordinates."""
    for region, state in states.items():
        yield region, state, landmarks[list(OUTLINES[region])]


def draw_regions(picture: Image, landmarks: np.ndarray, states: Mapping[Region, State], unit: float) -> None:
    """Draw the regions' outlines onto `picture`. landmarks: (478, 2) in its pixels; unit: width of a thin line."""
    for _, state, points in polygons(landmarks, states):
        _outline(picture, points, LOOKS[state], unit)


def _outline(picture: Image, points: np.ndarray, look: Look, unit: float) -> None:
    # Four fractional bits: without them the outlines tremble by whole pixels.
    polygon = np.round(points * 16).astype(np.int32)
    if look.striped:
        _stripes(picture, points, look, unit)
    cv2.polylines(picture, [polygon], True, look.color, max(1, round(look.width * unit)), cv2.LINE_AA, 4)


def _stripes(picture: Image, points: np.ndarray, look: Look, unit: float) -> None:
    (left, top), (right, bottom) = np.floor(points.min(axis=0)).astype(int), np.ceil(points.max(axis=0)).astype(int)
    left, top = max(left, 0), max(top, 0)
    part = picture[top : max(bottom, top), left : max(right, left)]
    if not part.size:
        return
    height, width = part.shape[:2]
    mask = np.zeros((height, width), np.uint8)
    cv2.fillPoly(mask, [np.round(points - (left, top)).astype(np.int32)], 255)
    rows, columns = np.ogrid[:height, :width]
    period = max(4, round(STRIPE_UNITS * unit))
    mask[(rows + columns) % period >= period // 2] = 0
    color = np.full_like(part, look.color)
    cv2.copyTo(cv2.addWeighted(part, 1 - STRIPE_SHARE, color, STRIPE_SHARE, 0.0), mask, part)
