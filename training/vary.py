"""Views as other cameras and lights would give them, people and attacks alike, so that neither tells. No torch here."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.presentation import OUTSIDE

Rng = np.random.Generator
Views = NDArray[np.uint8]

_GREY = np.full((3, 3), 1 / 3)
_TRIM = 0.25  # share of the samples whose surroundings lose some sides
_TRIMMED = 0.3  # at most so much of a side


def varied(rng: Rng, views: Views) -> Views:
    """(N, 3, S, S, 3) -> the same: mirrored at times, in other light and colour, hazy, noisy, less sharp, with less of
    the frame round the face. What lies outside the frame stays grey."""
    return np.stack([_varied(rng, one) for one in views])


def _varied(rng: Rng, views: Views) -> Views:
    count, side = views.shape[:2]
    views = views[:, :, ::-1] if rng.random() < 0.5 else views
    tall = np.ascontiguousarray(views).reshape(count * side, side, 3)
    outside = (tall == OUTSIDE).all(axis=-1)
    out = cv2.LUT(tall, _tones(rng))
    if rng.random() < 0.4:
        keep = rng.uniform(0.2, 1.5)
        out = cv2.transform(out, keep * np.eye(3) + (1 - keep) * _GREY)
    roll = rng.random()
    if roll < 0.4:
        for view in np.split(out, count):  # in place
            view[:] = _coarse(view, rng, roll)
    if rng.random() < 0.35:
        noise = np.empty(out.shape if rng.random() < 0.5 else out.shape[:2], np.int16)
        cv2.setRNGSeed(int(rng.integers(1 << 30)))
        cv2.randn(noise, 0, rng.uniform(1, 8))
        out = cv2.add(out, noise if noise.ndim == 3 else cv2.merge([noise] * 3), dtype=cv2.CV_8U)
    out[outside] = OUTSIDE
    result = out.reshape(views.shape)
    if rng.random() < _TRIM:
        left, top, right, bottom = (side * _TRIMMED * rng.random(4) * (rng.random(4) < 0.5)).astype(int)
        kept = result[2, top : side - bottom, left : side - right].copy()
        result[2] = OUTSIDE
        result[2, top : side - bottom, left : side - right] = kept
    return result


def _coarse(view: NDArray[np.uint8], rng: Rng, roll: float) -> NDArray[np.uint8]:
    side = len(view)
    if roll < 0.15:
        packed = cv2.imencode(".jpg", view, [cv2.IMWRITE_JPEG_QUALITY, int(100 * roll / 0.15 * 0.6 + 30)])[1]
        return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR))
    less = side // 2 if roll < 0.32 else side // 3
    return cv2.resize(cv2.resize(view, (less, less), interpolation=cv2.INTER_AREA), (side, side))


def _tones(rng: Rng) -> NDArray[np.uint8]:
    """(1, 256, 3): gamma, exposure (at times too much), white balance, offset, haze."""
    x = np.arange(256)[:, None] / 255
    x = x ** rng.uniform(0.6, 1.6) if rng.random() < 0.4 else x
    gain = np.clip(rng.normal(1, 0.12) * rng.normal(1, 0.06, 3), 0.5, 1.6)
    x = x * gain * (rng.uniform(1.1, 1.6) if rng.random() < 0.2 else 1.0) + rng.normal(0, 0.03)
    if rng.random() < 0.15:
        haze = rng.uniform(0.05, 0.4)
        x = np.clip(x, 0, 1) * (1 - haze) + haze * rng.uniform(0.5, 1.0)
    return np.clip(255 * x, 0, 255).astype(np.uint8)[None]
