"""What a camera, its light and its codec do to a picture. Masks are not touched: nothing here moves a pixel."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.drawing.layers import polygon, smooth

Rng = np.random.Generator
Rgb = NDArray[np.uint8]


def light(rng: Rng, rgb: Rgb) -> Rgb:
    """Strong shadows, side light, back light, colour casts, low light, grey."""
    size = rgb.shape[0]
    out: NDArray[np.floating] = rgb.astype(np.float32)
    if rng.random() < 0.15:  # hard shadow of a hat, a blind, a lamp from the side
        center, reach = rng.uniform(0.1, 0.9, 2) * size, rng.uniform(0.15, 0.7, 6) * size
        angle = np.sort(rng.uniform(0, 2 * np.pi, 6))
        shape = center + reach[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
        shade = polygon(smooth(shape) if rng.random() < 0.6 else shape, size, rng.uniform(0.5, 0.04 * size))
        out *= 1 - rng.uniform(0.2, 0.65) * shade[..., None]
    if rng.random() < 0.3:
        y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size - 0.5
        turn = rng.uniform(0, 2 * np.pi)
        out *= (1 + rng.uniform(0.2, 1.0) * (x * np.cos(turn) + y * np.sin(turn)))[..., None]
    if rng.random() < 0.35:
        out *= np.clip(rng.normal(1, 0.13, 3), 0.55, 1.5).astype(np.float32)
    if rng.random() < 0.5:
        out = 255 * np.clip(out / 255, 0, 1) ** rng.uniform(0.65, 1.4)
    if rng.random() < 0.12:
        out *= rng.uniform(0.25, 0.7)
    elif rng.random() < 0.12:
        out = out * rng.uniform(1.1, 1.5) + rng.uniform(0, 20)
    if rng.random() < 0.25:
        grey = out @ np.array([0.299, 0.587, 0.114], np.float32)
        keep = 0 if rng.random() < 0.35 else rng.uniform(0.2, 1.5)
        out = grey[..., None] + keep * (out - grey[..., None])
    return np.clip(out, 0, 255).astype(np.uint8)


def camera(rng: Rng, rgb: Rgb) -> Rgb:
    """Focus, motion, noise, a low bit rate. rgb (H, W, 3)."""
    size, width = rgb.shape[:2]
    if rng.random() < 0.25:
        small = max(90, int(size * rng.uniform(0.45, 0.9)))
        reduced = cv2.resize(rgb, (max(round(width * small / size), 1), small), interpolation=cv2.INTER_AREA)
        rgb = cv2.resize(reduced, (width, size))
    if rng.random() < 0.15:
        rgb = cv2.GaussianBlur(rgb, (0, 0), rng.uniform(0.4, 0.006 * size + 0.5))
    if rng.random() < 0.08:
        rgb = cv2.filter2D(rgb, -1, motion(rng, max(3, int(rng.uniform(0.01, 0.03) * size))))
    if rng.random() < 0.35:
        noise = rng.normal(0, rng.uniform(1, 9), (size, width, 1 if rng.random() < 0.5 else 3))
        rgb = np.clip(rgb + noise, 0, 255).astype(np.uint8)
    if rng.random() < 0.12:
        kernel = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], np.float32)
        rgb = cv2.addWeighted(rgb, 0.5, cv2.filter2D(rgb, -1, kernel), 0.5, 0)
    if rng.random() < 0.7:
        quality = int(rng.uniform(30, 95) if rng.random() < 0.5 else rng.uniform(75, 98))
        packed = cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
        rgb = np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR))
    return rgb


def motion(rng: Rng, length: int) -> NDArray[np.float32]:
    """(length, length) kernel: a straight move in any direction."""
    kernel = np.zeros((length, length), np.float32)
    angle = rng.uniform(0, np.pi)
    reach = (length - 1) / 2 * np.array([np.cos(angle), np.sin(angle)])
    middle = (length - 1) / 2
    start, end = np.round(middle - reach).astype(int), np.round(middle + reach).astype(int)
    cv2.line(kernel, tuple(map(int, start)), tuple(map(int, end)), 1.0)
    return kernel / kernel.sum()
