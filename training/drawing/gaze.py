"""Turns the look of open eyes aside or down, the lids staying where they are. Nothing foreign. No torch here."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import EYE_CORNERS, EYES, OUTLINES, Region
from training.drawing.layers import polygon

Rng = np.random.Generator
Rgb = NDArray[np.uint8]
Points = NDArray[np.float32]

_MOST = 0.46  # share of half the eye's width that its middle moves; from a half on the picture would fold over


def turned(rng: Rng, rgb: Rgb, points: Points) -> Rgb:
    """A copy in which both eyes look to one side, some of them also down. rgb (S, S, 3), points (478, 2)."""
    aside, down = rng.choice([-1, 1]) * rng.uniform(0.5, 1.0) * _MOST, rng.uniform(0, 0.3) * (rng.random() < 0.4)
    out = rgb.copy()
    for eye in EYES:
        _turn(rgb, out, points, eye, aside, down)
    return out


def _turn(rgb: Rgb, out: Rgb, points: Points, eye: Region, aside: float, down: float) -> None:
    start, end = points[list(EYE_CORNERS[eye])]
    if start[0] > end[0]:
        start, end = end, start
    half = (end - start) / 2
    width = float(np.hypot(*half))
    ring, size = points[list(OUTLINES[eye])], len(rgb)
    low = np.clip(np.floor(ring.min(axis=0) - 2), 0, size).astype(int)
    high = np.clip(np.ceil(ring.max(axis=0) + 2), 0, size).astype(int)
    if width < 2 or (high - low < 2).any():
        return
    x, y = np.meshgrid(np.arange(low[0], high[0]), np.arange(low[1], high[1]))
    along = ((np.dstack([x, y]) - (start + end) / 2) @ half) / width**2  # -1 at the image-left corner, 1 at the other
    reach = np.clip(1 - along**2, 0, 1)
    across = np.array([-half[1], half[0]])
    from_x = x - reach * (aside * half[0] + down * across[0])
    from_y = y - reach * (aside * half[1] + down * across[1])
    moved = cv2.remap(rgb, from_x.astype(np.float32), from_y.astype(np.float32), cv2.INTER_LINEAR)
    inside = polygon(ring, size, 0.05 * width)[low[1] : high[1], low[0] : high[0], None]
    here = out[low[1] : high[1], low[0] : high[0]]
    here[:] = (here * (1 - inside) + moved * inside + 0.5).astype(np.uint8)
