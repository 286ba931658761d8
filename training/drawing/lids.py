"""Draws lids down over open eyes: blinks, winks and half-shut eyes, in three ways. Nothing foreign. No torch here."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import EYE_CORNERS, EYES, LOWER_LIDS, OUTLINES, UPPER_LIDS, Region
from training.drawing.layers import Array

Rng = np.random.Generator
Rgb = NDArray[np.uint8]
Points = NDArray[np.float32]

SHUT_FROM = 0.9  # share of the eye under the lid from which it is closed
HALF_UP_TO = 0.5  # up to which it is still open; between the two nobody can tell


@dataclass(frozen=True)
class _Look:
    """How lids are drawn. way: the lid's skin drawn out, the eye squeezed, or painted; line: of the lashes."""

    way: str
    line_width: float
    line_dark: float
    rise: float  # of the lower lid, share of the opening
    gaze: float  # 1 straight on; from 1.3 on the iris lies low in the opening: reading, looking at a phone
    smooth: float
    shade: float

    @classmethod
    def some(cls, rng: Rng) -> _Look:
        return cls(
            way=str(rng.choice(["drawn out", "squeezed", "painted"], p=[0.5, 0.3, 0.2])),
            line_width=float(rng.uniform(0.015, 0.05)),
            line_dark=float(rng.uniform(0.15, 0.8)),
            rise=float(rng.uniform(0.0, 0.35)),
            gaze=float(rng.uniform(1.3, 2.3)) if rng.random() < 0.4 else 1.0,
            smooth=float(rng.uniform(0.0, 1.0)),
            shade=float(rng.normal(1.0, 0.07)),
        )


def shut(rng: Rng, rgb: Rgb, points: Points) -> tuple[Rgb, dict[Region, float]]:
    """A copy with one eye or both under lids, wholly or in part; and for each eye the share that is under them."""
    full = float(rng.uniform(0.95, 1.0))
    amount = full if rng.random() < 0.6 else float(rng.uniform(0.15, 0.85))
    which = EYES if rng.random() < 0.75 else (EYES[rng.integers(2)],)
    look, out = _Look.some(rng), rgb.copy()
    for eye in which:
        _shut(rgb, out, points, eye, amount, look)
    return out, {eye: amount if eye in which else 0.0 for eye in EYES}


def _shut(rgb: Rgb, out: Rgb, points: Points, eye: Region, amount: float, look: _Look) -> None:
    start, end = points[list(EYE_CORNERS[eye])]
    width = float(np.hypot(*(end - start)))
    along = (end - start) / width
    down = np.array([-along[1], along[0]], np.float32)
    ring = points[list(OUTLINES[eye])]
    size = np.array(rgb.shape[1::-1])
    low = np.clip(np.floor(ring.min(axis=0) - 0.2 * width), 0, size).astype(int)
    high = np.clip(np.ceil(ring.max(axis=0) + 0.2 * width), 0, size).astype(int)
    if (high - low < 2).any():
        return
    grid = np.stack(np.meshgrid(np.arange(low[0], high[0]), np.arange(low[1], high[1])), axis=-1) - start
    e, n = (grid @ along).astype(np.float32), (grid @ down).astype(np.float32)

    def curve(indices: tuple[int, ...]) -> Array:
        away = points[list(indices)] - start
        order = np.argsort(away @ along)
        return np.interp(e, (away @ along)[order], (away @ down)[order]).astype(np.float32)

    upper, lower = curve(UPPER_LIDS[eye]), curve(LOWER_LIDS[eye])
    gap = np.maximum(lower - upper, 0) * ((e > 0) & (e < width))
    top, bottom = upper - 0.45 * width, lower + 0.3 * width
    sill = lower - look.rise * amount * gap
    lid = upper + amount * (sill - upper) * (gap > 0)
    source = n.copy()
    if look.way != "painted":
        above = (n > top) & (n < lid)
        source = np.where(above, top + (n - top) * (upper - top) / np.maximum(lid - top, 1e-3), source)
        below = (n >= sill) & (n < bottom)
        source = np.where(below, bottom - (bottom - n) * (bottom - lower) / np.maximum(bottom - sill, 1e-3), source)
    if look.way == "squeezed":
        between = (n >= lid) & (n < sill)
        source = np.where(between, upper + (n - lid) * gap / np.maximum(sill - lid, 1e-3), source)
    seen = (n >= lid) & (n < sill)
    source = np.where(
        seen, upper + gap * (np.clip(source - upper, 0, None) / np.maximum(gap, 1e-3)) ** look.gaze, source
    )
    x = start[0] + e * along[0] + source * down[0]
    y = start[1] + e * along[1] + source * down[1]
    patch = cv2.remap(rgb, x.astype(np.float32), y.astype(np.float32), cv2.INTER_LINEAR).astype(np.float32)
    moved = np.clip((lid - upper) / (0.04 * width), 0, 1)  # 0 at the corners and where the lid has not moved
    under = (n > upper - 0.03 * width) & (n < lid)
    skin = _skin(rgb[low[1] : high[1], low[0] : high[0]], n, upper, lower, gap, width)
    blurred = cv2.GaussianBlur(patch, (0, 0), max(0.06 * width, 0.5))
    calm = blurred + (skin - blurred) * (1.0 if look.way == "painted" else 0.4 * look.smooth)
    mix = (1.0 if look.way == "painted" else look.smooth) * moved * under
    patch = patch + (calm * look.shade - patch) * mix[..., None]
    line = np.exp(-(((n - lid) / (look.line_width * width)) ** 2)) * moved
    patch = patch * (1 - look.line_dark * line[..., None])
    out[low[1] : high[1], low[0] : high[0]] = np.clip(patch, 0, 255).astype(np.uint8)


def _skin(rgb: Rgb, n: Array, upper: Array, lower: Array, gap: Array, width: float) -> NDArray[np.float64]:
    """(3,) the colour of the skin above and below the eye."""
    near = ((n < upper - 0.08 * width) & (n > upper - 0.25 * width)) | (
        (n > lower + 0.08 * width) & (n < lower + 0.25 * width)
    )
    picked = rgb[near & (gap > 0)]
    return np.median(picked, axis=0) if len(picked) else rgb.mean(axis=(0, 1))
