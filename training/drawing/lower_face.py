"""What hides the lower face and does not look like it: masks with a face printed on them, veils. No torch here."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import FACE_OVAL, MOUTH_CORNERS
from training.drawing import things
from training.drawing.layers import Array, Layer, flat, polygon, smooth, stroke, tone
from training.drawing.wear import eye_centers, mask_outline

Rng = np.random.Generator
Rgb = NDArray[np.uint8]
Points = NDArray[np.float32]

# Points that a printed lower face is laid on by: nose, mouth, jaw.
_LAID_BY = (6, 5, 1, 2, 49, 279, 50, 280, 61, 291, 0, 17, 152, 172, 397, 58, 288, 93, 323)


@dataclass(frozen=True)
class Donor:
    """Another person's photo, and the mesh on it: whose lower face is printed on a mask."""

    rgb: Rgb
    points: Points


def printed_mask(rng: Rng, rgb: Rgb, points: Points, donor: Donor | None) -> list[Layer]:
    """A mask printed with a lower face, the wearer's own without `donor`, or plain and in the tone of the skin."""
    size = len(rgb)
    unit = float(np.hypot(*np.diff(eye_centers(points), axis=0)[0]))
    outline = mask_outline(rng, points, "right" if rng.random() < 0.85 else "nose")
    body = polygon(smooth(outline, 4) if rng.random() < 0.8 else outline, size, rng.uniform(0.3, 0.9))
    if rng.random() < 0.2:
        cheek = _mean_at(rgb, points, (50, 280, 205, 425))
        print_ = np.clip(cheek * rng.normal(1, 0.08, 3) * np.ones((size, size, 1)), 0, 255).astype(np.uint8)
    else:
        print_ = _print(rng, rgb, points, donor, unit)
    shade = _folds(rng, outline, size) * _hem(rng, body, unit)
    grain = rng.normal(0, rng.uniform(0, 4), (size, size, 1))
    seen = np.clip(print_ * shade[..., None] + grain, 0, 255).astype(np.uint8)
    layers = []
    if rng.random() < 0.75:
        loops = _loops(outline, points, unit, size, rng.uniform(0.015, 0.045))
        color = things.color(rng) if rng.random() < 0.5 else _mean_at(rgb, points, (50, 280)) * rng.uniform(0.6, 1.1)
        bands = flat(color, loops, opacity=0.95)
        layers.append(replace(bands, lit=True))
    return [*layers, Layer(seen, body, (body > 0.5).astype(np.float32), lit=True)]


def slit_mask(rng: Rng, points: Points, size: int, layer: Layer) -> Layer:
    """A drawn mask (`layer`) with a slit, a zip, a valve or a drawn mouth where the mouth would be."""
    left, right = points[list(MOUTH_CORNERS)]
    middle, half = (left + right) / 2, (right - left) / 2
    reach = half * rng.uniform(0.5, 1.3)
    bend = rng.normal(0, 0.2) * np.array([-half[1], half[0]])
    line = np.stack([middle - reach, middle + bend, middle + reach])
    width = float(np.hypot(*half)) * rng.uniform(0.06, 0.4)
    mark = stroke(line, width, size) if rng.random() < 0.7 else polygon(_ellipse(middle, reach, 0.7), size)
    color = np.full(3, rng.uniform(5, 70)) if rng.random() < 0.6 else things.color(rng) * (1, 0.6, 0.6)
    mark = (mark * rng.uniform(0.5, 1.0) * layer.foreign)[..., None]
    return Layer((layer.rgb * (1 - mark) + color * mark).astype(np.uint8), layer.alpha, layer.foreign)


def veil(rng: Rng, rgb: Rgb, points: Points, cloth: Rgb) -> list[Layer]:
    """Cloth or lace from the nose or the lips down to the edge of the picture, often with the same round the head."""
    size = len(rgb)
    top = points[[6, 5, 1, 2, 0][rng.integers(0, 5)]]
    fall = points[152] - points[10]
    sides = [points[i] * 0.8 + points[j] * 0.2 for i, j in ((234, 132), (454, 361))]
    lift = rng.uniform(-0.15, 0.1)
    low = [sides[1] + 3 * fall + (0.5 * size, 0), sides[0] + 3 * fall - (0.5 * size, 0)]
    ring = np.array([sides[0] + lift * fall, top, sides[1] + lift * fall, *low], np.float32)
    inside = polygon(ring, size, rng.uniform(0.3, 1.2))
    picture = cv2.resize(cloth, (size, size)) * _folds(rng, ring, size)[..., None]
    alpha = inside
    if rng.random() < 0.35:
        alpha = inside * _weave(rng, size)
    front = Layer(np.clip(picture, 0, 255).astype(np.uint8), alpha, (inside > 0.5).astype(np.float32))
    return [*(frame(rng, rgb, points, cloth) if rng.random() < 0.6 else []), front]


def frame(rng: Rng, rgb: Rgb, points: Points, cloth: Rgb) -> list[Layer]:
    """A scarf, hood or veil round the face that leaves it free: nothing foreign."""
    size = len(rgb)
    oval = points[list(FACE_OVAL)]
    middle = oval.mean(axis=0)
    inner = middle + rng.uniform(1.04, 1.16) * (oval - middle)
    outer = middle + rng.uniform(1.4, 2.2) * (oval - middle) * (1, rng.uniform(1.0, 1.2))
    ring = polygon(outer, size, 1.0)
    if rng.random() < 0.7:  # it falls over the shoulders
        down = (points[152] - points[10]) * 3
        left, right = outer[np.argmin(outer[:, 0])], outer[np.argmax(outer[:, 0])]
        ring = np.maximum(ring, polygon(np.array([left, right, right + down, left + down]), size, 1.0))
    ring = ring * (1 - polygon(inner, size, rng.uniform(0.4, 1.2)))
    picture = cv2.resize(cloth, (size, size)) * _folds(rng, outer, size)[..., None]
    return [Layer(np.clip(picture, 0, 255).astype(np.uint8), ring, np.zeros_like(ring))]


def _print(rng: Rng, rgb: Rgb, points: Points, donor: Donor | None, unit: float) -> Rgb:
    """The lower face as it is printed: near its place but not in it, and in the printer's colours."""
    size = len(rgb)
    source, theirs = (rgb, points) if donor is None else (donor.rgb, donor.points)
    by, to = theirs[list(_LAID_BY)], points[list(_LAID_BY)] + rng.normal(0, 0.03 * unit, 2)
    turn = rng.normal(0, 0.05)
    zoom = rng.uniform(0.88, 1.15) * np.diag([1.0, rng.uniform(0.92, 1.1)])
    middle = to.mean(axis=0)
    to = middle + (to - middle) @ (zoom @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]]))
    matrix, _ = cv2.estimateAffine2D(by.astype(np.float64), to.astype(np.float64), method=cv2.LMEDS)
    printed = cv2.warpAffine(source, matrix, (size, size), borderMode=cv2.BORDER_REFLECT_101)
    cheeks = polygon(points[list(FACE_OVAL)], size)
    wanted = _mean_at(rgb, points, (50, 280, 205, 425)) * rng.normal(1, 0.07, 3)
    if donor is None or rng.random() < 0.8:
        printed = tone(printed, cheeks, wanted, rng.uniform(0.5, 1.0))
    if rng.random() < 0.5:
        printed = cv2.GaussianBlur(printed, (0, 0), rng.uniform(0.3, 0.025 * unit + 0.4))
    flat = printed.astype(np.float32)
    mean = flat.mean(axis=(0, 1))
    flat = mean + (flat - mean) * rng.uniform(0.65, 1.25)
    grey = flat.mean(axis=2, keepdims=True)
    flat = grey + (flat - grey) * rng.uniform(0.6, 1.3)
    return np.clip(flat * rng.normal(1, 0.04, 3), 0, 255).astype(np.uint8)


def _folds(rng: Rng, outline: Points, size: int) -> Array:
    """(size, size) about 1: the cloth's own shading, rounder or flatter than the face, with creases, pleats, a seam."""
    low, span = outline.min(axis=0), np.maximum(np.ptp(outline, axis=0), 1)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    across, down = (x - low[0]) / span[0] - 0.5, (y - low[1]) / span[1]
    shade = 1.03 - rng.uniform(0.0, 0.7) * across**2 - rng.uniform(0, 0.2) * down
    if rng.random() < 0.4:
        bent = down + rng.uniform(-0.4, 0.4) * across**2
        shade = shade * (1 + rng.uniform(0.02, 0.1) * np.sin(bent * rng.uniform(12, 36)))
    if rng.random() < 0.4:
        shade = shade * (1 + rng.uniform(-0.22, 0.22) * np.exp(-((across / rng.uniform(0.01, 0.05)) ** 2)))
    for _ in range(rng.integers(0, 5)):  # creases
        a, b = low + span * rng.random(2), low + span * rng.random(2)
        line = cv2.GaussianBlur(stroke(np.stack([a, b]), 0.02 * span[0] + 1, size), (0, 0), 0.008 * span[0] + 0.4)
        shade = shade * (1 + rng.uniform(-0.25, 0.2) * line)
    rough = cv2.resize(rng.normal(1, 0.05, (7, 7)).astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC)
    return (shade * rough).astype(np.float32)


def _hem(rng: Rng, body: Array, unit: float) -> Array:
    """(size, size) about 1: the rim of the cloth, stitched, bent up or bright."""
    if rng.random() < 0.25:
        return np.ones_like(body)
    width = max(1, int(rng.uniform(0.02, 0.06) * unit))
    inner = cv2.erode(body, np.ones((2 * width + 1,) * 2, np.uint8))
    return 1 + rng.uniform(-0.35, 0.25) * cv2.GaussianBlur(body - inner, (0, 0), 0.5)


def _loops(outline: Points, points: Points, unit: float, size: int, width: float) -> Array:
    loops: Array = np.zeros((size, size), np.float32)
    for ear, ends, way in ((234, (0, -2), -1), (454, (6, 7), 1)):
        away = points[ear] + (way * 0.1 * unit, -0.05 * unit)
        for at in ends:
            loops = np.maximum(loops, stroke(np.stack([outline[at], away]), width * unit, size))
    return loops


def _weave(rng: Rng, size: int) -> Array:
    """(size, size) 0.4..1: lace, net or thin cloth; what is behind shows through."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    step = rng.uniform(0.015, 0.06) * size
    turn = rng.uniform(0, np.pi)
    u, v = x * np.cos(turn) + y * np.sin(turn), -x * np.sin(turn) + y * np.cos(turn)
    threads = np.maximum(np.cos(2 * np.pi * u / step), np.cos(2 * np.pi * v / step))
    thin = rng.uniform(0.4, 0.75)
    if rng.random() < 0.4:
        return np.full((size, size), rng.uniform(0.6, 0.9), np.float32)
    return (thin + (1 - thin) * np.clip(2 * threads, 0, 1)).astype(np.float32)


def _ellipse(middle: NDArray, reach: NDArray, tall: float) -> NDArray[np.float64]:
    angle = np.linspace(0, 2 * np.pi, 20, endpoint=False)[:, None]
    return middle + np.cos(angle) * reach + np.sin(angle) * tall * np.array([-reach[1], reach[0]])


def _mean_at(rgb: Rgb, points: Points, indices: tuple[int, ...]) -> NDArray[np.float64]:
    at = np.round(points[list(indices)]).astype(int).clip(0, len(rgb) - 1)
    return np.median(rgb[at[:, 1], at[:, 0]].astype(np.float64), axis=0)
