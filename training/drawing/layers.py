"""What is laid over a face: a layer of colour, its opacity, and the exact mask of what counts as foreign.

Everything is in pixels of one canvas. Colours are RGB. No torch here.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Layer:
    """rgb (H, W, 3) uint8, alpha (H, W) float32 0..1, foreign (H, W) float32 0..1.

    `foreign` is what a region counts as covered; it is zero for what belongs to the person (clear spectacles), and
    one on a dark lens although some light comes through. lit: made of the picture below, so in its light already.
    """

    rgb: NDArray[np.uint8]
    alpha: Array
    foreign: Array
    lit: bool = False


def blend(rgb: NDArray[np.uint8], layer: Layer) -> NDArray[np.uint8]:
    """`rgb` with the layer on top."""
    alpha = layer.alpha[..., None]
    return (rgb * (1 - alpha) + layer.rgb * alpha + 0.5).astype(np.uint8)


def cast_shadow(rgb: NDArray[np.uint8], alpha: Array, rng: np.random.Generator, unit: float) -> NDArray[np.uint8]:
    """`rgb` darkened by the soft shadow of something with this opacity. unit: inter-eye distance in pixels."""
    dx, dy = rng.normal(0, 0.06 * unit, 2)
    moved = cv2.warpAffine(alpha, np.array([[1, 0, dx], [0, 1, abs(dy)]], np.float64), alpha.shape[::-1])
    shade = cv2.GaussianBlur(moved, (0, 0), max(0.8, rng.uniform(0.02, 0.1) * unit)) * rng.uniform(0.1, 0.55)
    return (rgb * (1 - shade[..., None])).astype(np.uint8)


def paste(patch: NDArray[np.uint8], matrix: NDArray[np.float64], size: int) -> Layer:
    """An RGBA patch through `matrix` (2, 3) or (3, 3), patch -> canvas of `size`, as a foreign layer."""
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    while scale < 0.5 and min(patch.shape[:2]) >= 8:  # warping does not average
        height, width = patch.shape[:2]
        patch = cv2.resize(patch, (width // 2, height // 2), interpolation=cv2.INTER_AREA)
        grow = np.diag([width / (width // 2), height / (height // 2), 1.0])
        matrix = matrix @ grow
        scale *= 2
    warp = cv2.warpAffine if matrix.shape[0] == 2 else cv2.warpPerspective
    # Colour is carried beyond the edge, so that the edge does not fade to black.
    solid = patch[..., 3:] / np.float32(255)
    weight = warp(patch[..., 3] / np.float32(255), matrix, (size, size), flags=cv2.INTER_LINEAR)
    color = warp(patch[..., :3] * solid, matrix, (size, size), flags=cv2.INTER_LINEAR)
    rgb = np.clip(color / np.maximum(weight, 1e-3)[..., None], 0, 255).astype(np.uint8)
    return Layer(rgb, weight, (weight > 0.5).astype(np.float32))


def place(
    patch: NDArray[np.uint8],
    anchor: tuple[float, float],
    target: NDArray[np.floating],
    scale: float,
    degrees: float,
    size: int,
) -> Layer:
    """The patch turned and scaled so that its point `anchor` (x, y) lies on `target` (x, y) of the canvas."""
    angle = np.radians(degrees)
    linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    shift = np.asarray(target, np.float64) - linear @ np.asarray(anchor, np.float64)
    return paste(patch, np.hstack([linear, shift[:, None]]), size)


def polygon(points: NDArray[np.floating], size: int, soften: float = 0.0) -> Array:
    """(size, size) float32 0..1: a filled polygon, anti-aliased, optionally blurred by `soften` pixels."""
    mask = np.zeros((size, size), np.uint8)
    cv2.fillPoly(mask, [np.round(points * 16).astype(np.int32)], 255, cv2.LINE_AA, shift=4)
    if soften > 0:
        mask = cv2.GaussianBlur(mask, (0, 0), soften)
    return mask.astype(np.float32) / np.float32(255)


def stroke(points: NDArray[np.floating], width: float, size: int) -> Array:
    """(size, size) float32 0..1: a line through points with round ends, at least one pixel wide."""
    mask = np.zeros((size, size), np.uint8)
    cv2.polylines(
        mask, [np.round(points * 16).astype(np.int32)], False, 255, max(1, round(width)), cv2.LINE_AA, shift=4
    )
    return mask.astype(np.float32) / np.float32(255)


def smooth(points: NDArray[np.floating], steps: int = 6) -> NDArray[np.float32]:
    """A closed polygon rounded by a Catmull-Rom spline, `steps` points for each given one."""
    p0, p1, p2, p3 = (np.roll(points, shift, axis=0) for shift in (1, 0, -1, -2))
    out = []
    for t in np.linspace(0, 1, steps, endpoint=False):
        out.append(
            0.5 * (2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3)
        )
    return np.stack(out, axis=1).reshape(-1, 2).astype(np.float32)


def flat(color: NDArray[np.floating], mask: Array, foreign: Array | None = None, opacity: float = 1.0) -> Layer:
    """One colour (3,) in the shape of `mask`; foreign unless told otherwise."""
    rgb = np.empty((*mask.shape, 3), np.uint8)
    rgb[:] = np.clip(color, 0, 255)
    return Layer(rgb, mask * np.float32(opacity), (mask > 0.5).astype(np.float32) if foreign is None else foreign)


def tone(
    rgb: NDArray[np.uint8], weight: NDArray[np.floating], mean: NDArray[np.floating], amount: float
) -> NDArray[np.uint8]:
    """`rgb` with its weighted mean colour moved towards `mean` (RGB 0..255) by `amount` 0..1, contrast kept."""
    total = float(weight.sum()) + 1e-3
    own = (rgb * weight[..., None]).sum(axis=(0, 1)) / total
    gain = (own + amount * (np.asarray(mean) - own)) / np.maximum(own, 8)
    return np.clip(rgb * np.clip(gain, 0.15, 3.0), 0, 255).astype(np.uint8)
