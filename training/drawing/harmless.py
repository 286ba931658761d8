"""What lies over a face and hides nothing: clear shields, letters over a photo, jewellery, freckles, tattoos."""

from __future__ import annotations

import string

import cv2
import numpy as np
from numpy.typing import NDArray

from training.drawing import things
from training.drawing.layers import Array, Layer, flat, polygon, smooth, stroke
from training.drawing.wear import eye_centers

Rng = np.random.Generator
Points = NDArray[np.float32]


def shield(rng: Rng, points: Points, size: int) -> list[Layer]:
    """A clear plastic shield, or glass between face and camera: haze, streaks and an edge, and the face behind."""
    unit = _unit(points)
    none = np.zeros((size, size), np.float32)
    middle, down = points[168], (points[152] - points[10]) / np.linalg.norm(points[152] - points[10])
    across = np.array([down[1], -down[0]])
    half, top, low = rng.uniform(1.3, 2.4) * unit, rng.uniform(0.9, 1.5) * unit, rng.uniform(1.6, 3.0) * unit
    corners = [middle + x * half * across + y * down for x, y in ((-1, -top), (1, -top), (0.9, low), (-0.9, low))]
    sheet = polygon(smooth(np.array(corners)) if rng.random() < 0.6 else np.array(corners), size, 0.8)
    layers = [flat(np.array([235, 240, 245]) * rng.uniform(0.75, 1.05), sheet, none, rng.uniform(0.0, 0.14))]
    for _ in range(rng.integers(1, 5)):  # reflections; none strong enough to hide
        at = middle + rng.uniform(-1, 1) * half * across + rng.uniform(-top, low) * down
        reach = (rng.uniform(-0.3, 0.3) * across + rng.uniform(0.2, 1.2) * down) * unit
        streak = stroke(np.stack([at - reach, at + reach]), rng.uniform(0.03, 0.3) * unit, size)
        streak = cv2.GaussianBlur(streak, (0, 0), rng.uniform(0.01, 0.12) * unit + 0.5)
        layers.append(flat(np.array([255, 255, 255]), streak * sheet, none, rng.uniform(0.08, 0.38)))
    rim = stroke(np.vstack([corners, corners[:1]]), rng.uniform(0.01, 0.03) * unit, size)
    layers.append(flat(things.color(rng), rim, none, rng.uniform(0.1, 0.6)))
    return layers


def letters(rng: Rng, points: Points, size: int) -> list[Layer]:
    """A watermark or a caption printed over the photo, once or again and again, half transparent."""
    unit = _unit(points)
    mark = np.zeros((size, size), np.uint8)
    text = "".join(rng.choice(list(string.ascii_letters + string.digits + " .@"), rng.integers(3, 14)))
    font = int(rng.choice([cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_SCRIPT_COMPLEX]))
    scale = rng.uniform(0.2, 1.0) * unit / 30
    thick = max(1, int(rng.uniform(0.02, 0.07) * unit))
    step = int(rng.uniform(0.6, 1.6) * unit)
    rows = range(-size, 2 * size, max(step, 8)) if rng.random() < 0.6 else [int(rng.uniform(0.2, 0.9) * size)]
    for y in rows:
        cv2.putText(mark, text, (int(rng.uniform(-0.2, 0.5) * size), y), font, scale, 255, thick, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D((size / 2, size / 2), float(rng.choice([0, rng.uniform(-50, 50)])), 1.0)
    mask = cv2.warpAffine(mark, turn, (size, size)).astype(np.float32) / np.float32(255)
    color = np.array([255, 255, 255]) if rng.random() < 0.6 else things.color(rng)
    return [flat(color, mask, np.zeros_like(mask), rng.uniform(0.12, 0.55))]


def adornment(rng: Rng, points: Points, size: int) -> list[Layer]:
    """Rings and studs, a bindi, freckles, moles, a tattoo."""
    unit = _unit(points)
    none = np.zeros((size, size), np.float32)
    layers = []
    if rng.random() < 0.45:
        at = points[[49, 279, 2, 105, 334, 61, 291, 17][rng.integers(0, 8)]]
        radius = rng.uniform(0.015, 0.07) * unit
        ring = at + radius * np.stack([np.cos(t := np.linspace(0, 2 * np.pi, 24)), np.sin(t)], axis=1)
        metal = np.array([[235, 215, 150], [225, 225, 230], [60, 60, 65]][rng.integers(0, 3)])
        shape = stroke(ring, 0.015 * unit, size) if radius > 0.03 * unit else polygon(ring, size)
        layers.append(flat(metal, shape, none, 0.95))
    if rng.random() < 0.2:
        dot = points[9] + rng.uniform(0.02, 0.05) * unit * _circle()
        layers.append(flat(np.array([rng.uniform(90, 200), 15, 25]), polygon(dot, size), none, 0.95))
    if rng.random() < 0.5:
        spots: Array = np.zeros((size, size), np.float32)
        for index in rng.integers(0, 468, rng.integers(1, 60)):
            at = points[index] + rng.normal(0, 0.06, 2) * unit
            spots = np.maximum(spots, polygon(at + rng.uniform(0.006, 0.022) * unit * _circle(), size))
        layers.append(flat(np.array([95, 55, 40]) * rng.uniform(0.4, 1.2), spots, none, rng.uniform(0.2, 0.75)))
    if rng.random() < 0.35:
        start = points[[151, 50, 280, 152, 234, 454][rng.integers(0, 6)]]
        way = start + np.cumsum(rng.normal(0, 0.07, (rng.integers(4, 16), 2)), axis=0) * unit
        lines = stroke(smooth(way), max(1.0, rng.uniform(0.015, 0.05) * unit), size)
        layers.append(flat(np.array([35, 40, 50]), lines, none, rng.uniform(0.3, 0.75)))
    return layers


def _circle() -> NDArray[np.float64]:
    angle = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    return np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _unit(points: Points) -> float:
    return float(np.hypot(*np.diff(eye_centers(points), axis=0)[0]))
