"""What lies behind a person: walls, doors, windows, pictures, monitors, drawn or out of photographs. No torch here."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from training.drawing.layers import Array
from training.drawing.things import color, texture
from training.scenes.sheets import blurred

Rng = np.random.Generator
Rgb = NDArray[np.uint8]

_MATTE = 96  # px, side of the small picture in which a person is told from what is behind


def room(rng: Rng, size: int, pictures: Sequence[Rgb]) -> Rgb:
    """(S, S, 3): a part of one of `pictures`, out of focus, or a wall; with things on it or before it."""
    if pictures and rng.random() < 0.55:
        rgb = _part(rng, pictures[int(rng.integers(len(pictures)))], size)
        rgb = blurred(rgb, rng.uniform(0.2, 0.03 * size))
    else:
        rgb = cv2.resize(texture(rng, 64), (size, size), interpolation=cv2.INTER_CUBIC)
        rgb = cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.5, 4))
    for _ in range(rng.integers(0, 5)):
        rgb = _thing(rng, rgb, pictures)
    if rng.random() < 0.6:
        rgb = cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.3, 0.012 * size))
    return rgb


def _thing(rng: Rng, rgb: Rgb, pictures: Sequence[Rgb]) -> Rgb:
    """One rectangle with a rim: a door, a window, a picture, a monitor, a board. Some stand right behind the head."""
    size = len(rgb)
    middle = rng.uniform(0, 1, 2) if rng.random() < 0.65 else rng.normal(0.5, 0.08, 2)
    half = rng.uniform(0.06, 0.5, 2) * (1.0, 1.3)
    out = rgb.copy()
    low, high = np.round((middle - half) * size).astype(int), np.round((middle + half) * size).astype(int)
    rim = max(1, round(size * rng.uniform(0.004, 0.04)))
    cv2.rectangle(out, tuple(map(int, low)), tuple(map(int, high)), tuple(np.clip(color(rng), 0, 255)), -1)
    x0, y0 = (low + rim).clip(0, size)
    x1, y1 = (high - rim).clip(0, size)
    if x1 - x0 < 4 or y1 - y0 < 4:
        return out
    roll = rng.random()
    if roll < 0.4 and pictures:
        inner = cv2.resize(_part(rng, pictures[int(rng.integers(len(pictures)))], 128), (x1 - x0, y1 - y0))
    elif roll < 0.7:
        inner = cv2.resize(texture(rng, 48), (x1 - x0, y1 - y0))
    else:
        inner = np.full((y1 - y0, x1 - x0, 3), rng.uniform(150, 255))
    out[y0:y1, x0:x1] = np.clip(inner * rng.uniform(0.5, 1.3), 0, 255)
    return out


def _part(rng: Rng, rgb: Rgb, size: int) -> Rgb:
    """(size, size, 3): any square of a picture, mirrored at times."""
    side = int(min(rgb.shape[:2]) * rng.uniform(0.3, 1.0))
    x, y = rng.integers(0, rgb.shape[1] - side + 1), rng.integers(0, rgb.shape[0] - side + 1)
    part = rgb[y : y + side, x : x + side]
    part = part[:, ::-1] if rng.random() < 0.5 else part
    return cv2.resize(part, (size, size), interpolation=cv2.INTER_AREA if side > size else cv2.INTER_LINEAR)


def matte(rgb: Rgb, face: tuple[float, float, float, float]) -> Array:
    """(H, W) 0..1: the person whose face is at (left, top, right, bottom). GrabCut (Rother et al., 2004), begun with a
    head and shoulders round the face; its edge is softened."""
    height, width = rgb.shape[:2]
    zoom = _MATTE / max(height, width)
    small = cv2.resize(rgb, (max(round(width * zoom), 8), max(round(height * zoom), 8)), interpolation=cv2.INTER_AREA)
    left, top, right, bottom = (side * zoom for side in face)
    middle, across, tall = (left + right) / 2, right - left, bottom - top
    mask = np.full(small.shape[:2], cv2.GC_BGD, np.uint8)
    head = ((round(middle), round((top + bottom) / 2 - 0.12 * tall)), (round(0.75 * across), round(0.85 * tall)))
    cv2.ellipse(mask, *head, 0, 0, 360, cv2.GC_PR_BGD, -1)
    chest = np.array([(-0.45, 0.9), (0.45, 0.9), (1.7, 1.5), (1.9, 6), (-1.9, 6), (-1.7, 1.5)]) * (across, tall)
    cv2.fillPoly(mask, [np.round(chest + (middle, top)).astype(np.int32)], cv2.GC_PR_FGD)
    cv2.ellipse(mask, head[0], (round(0.6 * across), round(0.68 * tall)), 0, 0, 360, cv2.GC_PR_FGD, -1)
    cv2.ellipse(mask, head[0], (round(0.42 * across), round(0.5 * tall)), 0, 0, 360, cv2.GC_FGD, -1)
    if (mask == cv2.GC_BGD).any():
        cv2.grabCut(small, mask, None, np.zeros((1, 65)), np.zeros((1, 65)), 2, cv2.GC_INIT_WITH_MASK)
    person = np.isin(mask, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.float32)
    person = cv2.GaussianBlur(cv2.morphologyEx(person, cv2.MORPH_OPEN, np.ones((3, 3))), (0, 0), 0.7)
    return np.clip(cv2.resize(person, (width, height), interpolation=cv2.INTER_CUBIC), 0, 1)
