"""Draws the outlines of the regions on the preview. Nothing else is drawn there: words and guide are on the page."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np

from core.flow.snapshot import Phase, Snapshot
from core.regions import OUTLINES, Region
from core.vision.reading import Image, State

CLEAR = (74, 222, 128)
BLOCKED = (248, 60, 60)
CLOSED = (250, 190, 60)

_COLORS = {State.OPEN: CLEAR, State.CLEAR: CLEAR, State.CLOSED: CLOSED, State.BLOCKED: BLOCKED}


class Overlay:
    """Makes the preview: the frame, reduced, with the regions' outlines."""

    def __init__(self, preview_px: int) -> None:
        """preview_px: longer side of the preview in pixels; smaller frames stay as they are."""
        self._preview_px = preview_px

    def draw(self, rgb: Image, snapshot: Snapshot | None) -> Image:
        """A new picture; `rgb` is left as it is. What is blocked is filled with stripes as well as red."""
        height, width = rgb.shape[:2]
        scale = min(1.0, self._preview_px / max(height, width))
        # Video codecs want even sides.
        size = (max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2))
        picture = cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR) if size != (width, height) else rgb.copy()
        if snapshot and snapshot.reading.face and snapshot.phase in (Phase.POSITION, Phase.BLINK, Phase.CHECK):
            points = snapshot.reading.face.landmarks[:, :2] * np.array([size[0] / width, size[1] / height])
            draw_regions(picture, points, snapshot.badges, max(size) / 640)
        return picture


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
