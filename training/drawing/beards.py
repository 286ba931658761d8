"""Draws beards: full ones, goatees, moustaches, stubble, in any colour of hair. Nothing foreign. No torch here."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import CHIN_TIP, OUTLINES, Region
from training.drawing.layers import Array, Layer, polygon, smooth
from training.drawing.wear import eye_centers

Rng = np.random.Generator
Points = NDArray[np.float32]

# Down the jaw from the sideburn to the chin, image left; and its counterpart.
_JAW = (93, 132, 58, 172, 136, 150, 149, 176, 148)
_JAW_RIGHT = (323, 361, 288, 397, 365, 379, 378, 400, 377)
_CHEEK, _CHEEK_RIGHT = (147, 187, 207, 216), (376, 411, 427, 436)  # the upper edge, from the ear to the mouth's corner
_LIP = (216, 165, 164, 391, 436, 287, 269, 0, 39, 57)  # the moustache, round
_CHIN_ROUND = (57, 43, 106, 182, 83, 18, 313, 406, 335, 273, 287, 430, 394, 369, 377, 152, 148, 140, 169, 210)
_STYLES = {"full": 0.4, "goatee": 0.2, "moustache": 0.2, "chin curtain": 0.2}
_COLORS = ((14, 12, 11), (22, 18, 16), (45, 32, 24), (70, 48, 32), (120, 75, 42), (150, 145, 140), (190, 165, 120))
_SHARES = (0.3, 0.22, 0.18, 0.1, 0.06, 0.08, 0.06)


def beard(rng: Rng, points: Points, size: int) -> Layer:
    """Hair on the lower face; points (478, 2), size: of the canvas, pixels."""
    eyes = eye_centers(points)
    across = eyes[1] - eyes[0]
    unit = float(np.hypot(*across))
    area = _area(rng, points, size, unit, str(rng.choice(list(_STYLES), p=list(_STYLES.values()))))
    lips = polygon(points[list(OUTLINES[Region.MOUTH])], size, 0.02 * unit)
    length = rng.choice([0.03, 0.07, 0.14], p=[0.3, 0.4, 0.3]) * unit
    hair: Array = _strands(rng, size, float(np.arctan2(across[1], across[0])), max(length, 1.5))
    if rng.random() < 0.5:  # as a camera out of focus or an encoder leaves them
        hair = cv2.GaussianBlur(hair, (0, 0), rng.uniform(0.5, 2.0))
    dense = rng.uniform(0.25, 1.5)
    alpha = np.clip(area * (dense + 0.55 * hair), 0, 1) * np.clip(1 - 1.1 * lips, 0, 1)
    alpha = alpha * rng.uniform(0.55, 1.0)
    color = np.array(_COLORS[rng.choice(len(_COLORS), p=_SHARES)]) * rng.uniform(0.7, 1.3)
    shine = 1 + rng.uniform(0.1, 0.5) * hair + rng.uniform(0, 0.25) * cv2.GaussianBlur(hair, (0, 0), 0.1 * unit)
    rgb = np.clip(color * np.maximum(shine, 0.3)[..., None], 0, 255).astype(np.uint8)
    return Layer(rgb, alpha.astype(np.float32), np.zeros((size, size), np.float32))


def _area(rng: Rng, points: Points, size: int, unit: float, style: str) -> Array:
    """0..1: where it grows, its edges ragged."""
    soft = rng.uniform(0.03, 0.1) * unit
    below = points[CHIN_TIP] - points[17]
    parts = []
    if style in ("full", "chin curtain"):
        drop = rng.uniform(0.0, 0.8) * below
        weight = np.linspace(0, 1, len(_JAW))[:, None]
        left, right = (points[list(jaw)] + weight * drop for jaw in (_JAW, _JAW_RIGHT))
        if style == "full":
            high = rng.uniform(0, 0.4)
            cheek, cheek_right = (
                points[list(edge)] + high * (points[list(jaw[:4])] - points[list(edge)])
                for edge, jaw in ((_CHEEK, _JAW), (_CHEEK_RIGHT, _JAW_RIGHT))
            )
            upper = [*cheek_right, *points[[391, 164, 165]], *cheek[::-1]]
        else:
            upper = list(points[[430, 394, 369, 18, 140, 169, 210]])
        outline = [*left, points[CHIN_TIP] + drop, *right[::-1], *upper]
        parts.append(polygon(np.array(outline), size, soft))
    if style in ("goatee", "full") or rng.random() < 0.3:
        parts.append(polygon(smooth(points[list(_CHIN_ROUND)]), size, soft))
    if style in ("moustache", "goatee", "full") and rng.random() < 0.9:
        parts.append(polygon(smooth(points[list(_LIP)]), size, 0.6 * soft))
    area: Array = np.maximum.reduce(parts) if parts else np.zeros((size, size), np.float32)
    ragged = cv2.resize(rng.normal(0, 0.35, (24, 24)).astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC)
    return np.clip(area * (1 + ragged) * 1.25, 0, 1)


def _strands(rng: Rng, size: int, roll: float, length: float) -> Array:
    """(size, size), mean 0, deviation about 1: fine hairs that hang down, each part of them in its own direction."""
    out: Array = np.zeros((size, size), np.float32)
    parts = cv2.resize(rng.normal(0, 1, (6, 6, 3)).astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC)
    weights = np.exp(2 * parts)
    weights /= weights.sum(axis=2, keepdims=True)
    for part in range(3):
        noise = rng.normal(0, 1, (size, size)).astype(np.float32)
        angle = roll + np.pi / 2 + rng.normal(0, 0.5)
        reach = int(np.ceil(length))
        kernel = np.zeros((2 * reach + 1, 2 * reach + 1), np.float32)
        tip = np.array([np.cos(angle), np.sin(angle)]) * length / 2
        ends = [np.round((reach + sign * tip) * 16).astype(int) for sign in (-1, 1)]
        cv2.line(kernel, ends[0].tolist(), ends[1].tolist(), 1.0, 1, cv2.LINE_AA, 4)
        drawn = cv2.filter2D(noise, -1, kernel / max(float(kernel.sum()), 1e-3))
        out += weights[..., part] * drawn / max(float(drawn.std()), 1e-3)
    return out
