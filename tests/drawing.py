"""Draws what a webcam may see in front of a face, and shuts eyes. Pixels only; knows no time."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import EYE_CORNERS, EYES, LOWER_LIDS, OUTLINES, UPPER_LIDS, Region
from core.vision.geometry import eye_centers
from core.vision.reading import Image

Points = NDArray[np.float32]
Layer = NDArray[np.uint8]
"""(H, W, 4) uint8, RGB and alpha."""

INTER_EYE_CM = 6.3  # adult mean; gives things their size beside a face

# The skin fold above an eye and the one below it, on the mesh.
_BROW_EDGE = {Region.RIGHT_EYE: (46, 53, 52, 65, 55), Region.LEFT_EYE: (285, 295, 282, 283, 276)}
_BELOW = {Region.RIGHT_EYE: (25, 110, 24, 23, 22, 26, 112), Region.LEFT_EYE: (341, 256, 252, 253, 254, 339, 255)}


class Thing(str, Enum):
    """What comes before a face."""

    HAND = "hand"
    PEN = "pen"
    PAPER = "paper"
    MASK = "mask"
    SUNGLASSES = "sunglasses"


def shut_eyes(rgb: Image, landmarks: Points, closed: Mapping[Region, float]) -> Image:
    """A copy with the eyes shut by 0 (as they are) to 1 (wholly).

    The upper lid slides down over the eye with its lashes, its skin drawn out from below the brow; the lower lid
    rises a little. The eyeball does not move: it is covered, as in life.
    """
    out = rgb.copy()
    for eye in EYES:
        if closed[eye] > 0.01:
            _shut(rgb, out, landmarks[:, :2], eye, min(closed[eye], 1.0))
    return out


def _shut(rgb: Image, out: Image, points: Points, eye: Region, amount: float) -> None:
    corners = points[list(EYE_CORNERS[eye])]
    along = corners[1] - corners[0]
    width = float(np.hypot(*along))
    along = along / width
    axes = np.stack([along, (-along[1], along[0])]).astype(np.float32)  # along the eye, and down from it

    def curve(indices: tuple[int, ...], at: NDArray[np.float32]) -> NDArray[np.float32]:
        e, n = axes @ (points[list(indices)] - corners[0]).T
        order = np.argsort(e)
        return np.interp(at, e[order], n[order]).astype(np.float32)

    low = np.floor(corners.min(axis=0) - 0.6 * width).astype(int).clip(0)
    high = np.ceil(corners.max(axis=0) + 0.6 * width).astype(int)
    x, y = np.meshgrid(*(np.arange(a, min(b, limit)) for a, b, limit in zip(low, high, rgb.shape[1::-1], strict=True)))
    if x.size == 0:
        return
    grid = np.stack([x, y], axis=-1).astype(np.float32) - corners[0]
    e, n = grid @ axes[0], grid @ axes[1]
    upper, lower = curve(UPPER_LIDS[eye], e), curve(LOWER_LIDS[eye], e)
    gap = np.maximum(lower - upper, 0) * ((e > 0) & (e < width))
    top = 0.35 * upper + 0.65 * curve(_BROW_EDGE[eye], e)
    bottom = np.maximum(curve(_BELOW[eye], e), lower + 0.1 * width)
    middle = np.clip(gap / (0.12 * width), 0, 1)  # 0 at the corners
    lid, sill = upper + amount * (gap + 0.02 * width * middle), lower + 0.02 * amount * width * middle
    # The lashes point down on a shut lid: skin from above them is drawn over where they were.
    lashes = 0.09 * width * middle * min(2 * amount, 1)
    stretch = (upper - lashes - top) / np.maximum(lid - top, 1e-3)
    source = np.where(n < lid, top + (n - top) * stretch, n)
    sink = (bottom - lower) / np.maximum(bottom - sill, 1e-3)
    source = np.where(n >= sill, bottom - (bottom - n) * sink, source)
    moved = (n > top) & (n < bottom) & (gap > 0)
    source = np.where(moved, source, n)
    map_x = corners[0, 0] + e * axes[0, 0] + source * axes[1, 0]
    map_y = corners[0, 1] + e * axes[0, 1] + source * axes[1, 1]
    patch = cv2.remap(rgb, map_x.astype(np.float32), map_y.astype(np.float32), cv2.INTER_LINEAR)
    # A lid drawn out is smoother than the fold it came from.
    smooth = (np.clip((n - top) / (0.1 * width), 0, 1) * (n < lid) * middle * amount)[..., None]
    patch = patch + (cv2.GaussianBlur(patch, (0, 0), 0.06 * width).astype(np.float32) - patch) * smooth
    # The fold lies in shadow and may be painted; a shut lid lies in the light, as the skin below the eye does.
    below = patch[(n > lower + 0.1 * width) & (n < bottom) & (gap > 0)]
    if len(below):
        lack = np.maximum(np.median(below, axis=0) - cv2.GaussianBlur(patch, (0, 0), 0.1 * width), 0)
        patch = patch + 0.75 * lack * smooth
    # Where the lids meet, lashes and shadow make a dark line.
    line = np.exp(-(((n - lid) / (0.035 * width)) ** 2)) * middle
    shaded = patch * (1 - 0.6 * amount * line[..., None])
    out[low[1] : low[1] + x.shape[0], low[0] : low[0] + x.shape[1]] = shaded.astype(np.uint8)


def blend(rgb: Image, layer: Layer) -> None:
    """Lay `layer` over `rgb`, in place; both of one size."""
    rows, columns = (np.flatnonzero(layer[..., 3].any(axis=axis)) for axis in (1, 0))
    if rows.size == 0:
        return
    part = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    alpha = layer[part][..., 3:].astype(np.float32) / 255
    rgb[part] = (rgb[part] * (1 - alpha) + layer[part][..., :3] * alpha).astype(np.uint8)


# Where a thing comes from: the direction its tip points at, degrees clockwise from up.
_POINTING = {
    Region.LEFT_EYE: -70,
    Region.RIGHT_EYE: 70,
    Region.LEFT_BROW: -80,
    Region.RIGHT_BROW: 80,
    Region.NOSE: 62,
    Region.MOUTH: -68,
    Region.LEFT_CHEEK: -25,
    Region.RIGHT_CHEEK: 25,
    Region.FOREHEAD: 85,
    Region.CHIN: -75,
}
_PAPER_POINTING = {
    Region.LEFT_EYE: -84,
    Region.RIGHT_EYE: 96,
    Region.LEFT_BROW: -84,
    Region.RIGHT_BROW: 96,
    Region.FOREHEAD: 186,
}


def draw(thing: Thing, region: Region, landmarks: Points, size: tuple[int, int]) -> tuple[Layer, tuple[float, float]]:
    """A layer of `size` (width, height) with the thing over the region, and the direction from which it comes.

    The direction is a unit vector (x, y) that leads out of the face. Masks and sunglasses sit where they are worn.
    """
    points = landmarks[:, :2]
    eyes = eye_centers(points)
    px_cm = float(np.hypot(*(eyes[0] - eyes[1]))) / INTER_EYE_CM
    if thing is Thing.MASK:
        return _mask(points, size), (0.0, 1.0)
    if thing is Thing.SUNGLASSES:
        return _sunglasses(points, size), (0.0, -1.0)
    turn = np.radians(_POINTING[region] if thing is not Thing.PAPER else _PAPER_POINTING.get(region, 6))
    sprite, grip, sprite_px_cm = {Thing.HAND: _hand, Thing.PEN: _pen, Thing.PAPER: _paper}[thing]()
    center = points[list(OUTLINES[region])].mean(axis=0)
    zoom = px_cm / sprite_px_cm
    cos, sin = np.cos(turn) * zoom, np.sin(turn) * zoom
    matrix = np.array([[cos, -sin, 0], [sin, cos, 0]])
    matrix[:, 2] = center - matrix[:, :2] @ grip
    layer = _shrink(sprite, matrix, zoom, size)
    return layer, (float(-np.sin(turn)), float(np.cos(turn)))


def _shrink(sprite: Layer, matrix: NDArray[np.float64], zoom: float, size: tuple[int, int]) -> Layer:
    soft = cv2.GaussianBlur(sprite, (0, 0), max(0.45 / zoom, 0.3)) if zoom < 1 else sprite
    return cv2.warpAffine(soft, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)  # type: ignore[return-value]


# (from x, y, to x, y, radius from, to) in cm; the wrist is at (0, 0), the fingers point up; a right hand's back.
_HAND_BONES = (
    (-2.9, -8.3, -3.0, -15.8, 1.0, 0.8),
    (-0.95, -8.9, -1.1, -16.9, 1.02, 0.82),
    (1.05, -8.7, 0.85, -16.1, 1.0, 0.8),
    (2.85, -7.8, 2.6, -13.9, 0.9, 0.7),
    (-2.4, -3.0, -4.9, -6.6, 1.6, 1.15),
    (-4.9, -6.6, -5.1, -10.0, 1.1, 0.85),
    (-1.2, -0.5, -2.8, -8.3, 2.1, 1.4),
    (-0.4, -0.5, -0.9, -8.6, 2.1, 1.45),
    (0.5, -0.5, 1.0, -8.4, 2.1, 1.45),
    (1.2, -0.5, 2.6, -7.6, 2.1, 1.4),
    (0.0, -0.5, 0.3, 24.0, 2.9, 3.9),
)
_NAILS = ((-3.0, -15.9), (-1.1, -17.0), (0.85, -16.2), (2.6, -14.0), (-5.1, -10.1))


@lru_cache(maxsize=1)
def _hand() -> tuple[Layer, NDArray[np.float64], float]:
    px_cm, left, top, width, height = 20.0, -8.5, -19.0, 17.0, 43.0
    x, y = np.meshgrid(np.arange(left, left + width, 1 / px_cm), np.arange(top, top + height, 1 / px_cm))
    relief = np.zeros_like(x)
    for x0, y0, x1, y1, r0, r1 in _HAND_BONES:
        length = (x1 - x0) ** 2 + (y1 - y0) ** 2
        way = np.clip(((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / length, 0, 1)
        radius = r0 + way * (r1 - r0)
        off = (x - x0 - way * (x1 - x0)) ** 2 + (y - y0 - way * (y1 - y0)) ** 2
        relief = np.maximum(relief, np.sqrt(np.maximum(radius**2 - off, 0)) * np.minimum(1, 1.25 / radius))
    alpha = relief > 0
    noise = np.random.default_rng(7)
    relief = cv2.GaussianBlur(cv2.dilate(relief, None, iterations=2), (0, 0), 0.14 * px_cm)
    slope_y, slope_x = np.gradient(relief, 1 / px_cm)
    light = (0.25 * slope_x + 0.2 * slope_y + 0.95) / np.sqrt(slope_x**2 + slope_y**2 + 1)
    shade = 0.5 + 0.52 * np.clip(light, 0, 1)
    blotches = cv2.GaussianBlur(noise.normal(size=x.shape), (0, 0), 0.5 * px_cm)
    pores = cv2.GaussianBlur(noise.normal(size=x.shape), (0, 0), 0.05 * px_cm)
    shade += 0.03 * blotches / blotches.std() + 0.02 * pores / pores.std()
    color = np.array([214, 160, 132]) * shade[..., None]
    for nail_x, nail_y in _NAILS:
        spot = np.exp(-((((x - nail_x) / 0.42) ** 2 + ((y - nail_y) / 0.55) ** 2) ** 3))
        color += spot[..., None] * np.array([12, 22, 26])
    edge = cv2.GaussianBlur(alpha.astype(np.float32), (0, 0), 1.2)
    layer = np.dstack([color.clip(0, 255), edge * 255]).astype(np.uint8)
    return layer, np.array([(-0.8 - left) * px_cm, (-12.0 - top) * px_cm]), px_cm


@lru_cache(maxsize=1)
def _pen() -> tuple[Layer, NDArray[np.float64], float]:
    px_cm, width, height = 40.0, 2.0, 16.0
    x, y = np.meshgrid(np.arange(-width / 2, width / 2, 1 / px_cm), np.arange(0, height, 1 / px_cm))
    radius = 0.55 * np.clip(y / 1.2, 0.12, 1)
    shade = 0.35 + 0.75 * np.sqrt(np.clip(1 - ((x + 0.12) / radius) ** 2, 0, 1))
    color = np.where((y < 1.2)[..., None], (40, 40, 45), np.where((y < 2.0)[..., None], (190, 190, 195), (30, 60, 150)))
    alpha = cv2.GaussianBlur((np.abs(x) < radius).astype(np.float32), (0, 0), 1.5)
    layer = np.dstack([(color * shade[..., None]).clip(0, 255), alpha * 255]).astype(np.uint8)
    return layer, np.array([width / 2 * px_cm, 2.4 * px_cm]), px_cm


@lru_cache(maxsize=1)
def _paper() -> tuple[Layer, NDArray[np.float64], float]:
    px_cm, width, height = 24.0, 14.8, 21.0
    layer = np.full((int(height * px_cm), int(width * px_cm), 4), 255, np.uint8)
    layer[..., :3] = (236, 235, 230)
    words = np.random.default_rng(11)
    for row in range(36, layer.shape[0] - 30, 16):
        column = 36
        while column < layer.shape[1] - 60:
            end = column + int(words.integers(14, 50))
            cv2.line(layer, (column, row), (end, row), (120, 120, 125, 255), 4)
            column = end + 9
    fall = np.linspace(1.0, 0.86, layer.shape[1])[None, :, None]
    layer[..., :3] = (layer[..., :3] * fall).astype(np.uint8)
    layer = cv2.copyMakeBorder(layer, 4, 4, 4, 4, cv2.BORDER_CONSTANT)
    return layer, np.array([width / 2 * px_cm, 2.2 * px_cm]), px_cm


_MASK_TOP = (234, 227, 117, 118, 119, 100, 196, 197, 419, 329, 348, 347, 346, 447, 454)
_MASK_BOTTOM = (361, 288, 397, 365, 379, 378, 400, 377, 152, 148, 176, 149, 150, 136, 172, 58, 132)


def _mask(points: Points, size: tuple[int, int]) -> Layer:
    unit = float(np.hypot(*(points[454] - points[234])))
    bottom = points[list(_MASK_BOTTOM)]
    outline = np.vstack([points[list(_MASK_TOP)], bottom + 0.06 * (bottom - points[4])])
    alpha = np.zeros(size[::-1], np.uint8)
    for ear, upper, lower in ((234, 227, 58), (454, 447, 288)):
        for end in (upper, lower):
            _line(alpha, points[ear] + (points[ear] - points[4]) * 0.1, points[end], max(2, int(unit * 0.012)))
    cv2.fillPoly(alpha, [np.round(outline * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    down = (y - points[197][1]) / (points[152][1] - points[197][1])
    across = (x - points[4][0]) / (0.55 * unit)
    pleats = sum(np.exp(-(((down - 0.12 * across**2 - at) / 0.018) ** 2)) for at in (0.38, 0.55, 0.72))
    shade = (1.02 - 0.28 * across**2) * (1 - 0.16 * np.asarray(pleats)) - 0.12 * np.clip(down - 0.6, 0, 1)
    color = np.array([150, 188, 205]) * shade[..., None]
    return np.dstack([color.clip(0, 255), alpha]).astype(np.uint8)


def _sunglasses(points: Points, size: tuple[int, int]) -> Layer:
    layer = np.zeros((size[1], size[0], 4), np.uint8)
    left, right = eye_centers(points)
    unit, angle = float(np.hypot(*(left - right))), float(np.degrees(np.arctan2(*(left - right)[::-1])))
    frame, glass = (22, 20, 22, 255), (38, 36, 42, 250)
    for center, ear in ((left, 454), (right, 234)):
        _line(layer, center, points[ear], max(2, int(0.07 * unit)), frame)
        box = (center + (0, 0.05 * unit)).tolist(), (0.86 * unit, 0.66 * unit), angle
        cv2.ellipse(layer, box, frame, -1, cv2.LINE_AA)
        cv2.ellipse(layer, (box[0], (0.78 * unit, 0.58 * unit), angle), glass, -1, cv2.LINE_AA)
        shine = center + np.array([-0.13, -0.08]) * unit
        cv2.ellipse(
            layer, (shine.tolist(), (0.22 * unit, 0.08 * unit), angle - 25), (92, 92, 104, 250), -1, cv2.LINE_AA
        )
    _line(layer, left - (0.4 * unit, 0), right + (0.4 * unit, 0), max(2, int(0.06 * unit)), frame)
    return layer


def _line(image: NDArray[np.uint8], a: Points, b: Points, thickness: int, color: tuple[int, ...] | int = 255) -> None:
    ends = [tuple(int(v) for v in np.round(np.asarray(p) * 16)) for p in (a, b)]
    cv2.line(image, ends[0], ends[1], color, thickness, cv2.LINE_AA, 4)
