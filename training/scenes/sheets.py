"""Flat things that carry a picture, held before a camera: where each camera pixel looks on them. No torch here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.drawing.layers import Array, Layer, place
from training.drawing.things import finger
from training.scenes.portrait import Sides

Rng = np.random.Generator
Rgb = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Pattern = Callable[[Array, Array, Array], Array]
"""(rgb (H, W, 3) 0..255, x, y) -> rgb: what the surface does to its picture; x, y (H, W) along it, in camera pixels."""


@dataclass(frozen=True)
class Sheet:
    """rgb (h, w, 3) uint8; alpha (h, w) uint8, its outline; face: (left, top, right, bottom) of the face on it, px."""

    rgb: Rgb
    alpha: NDArray[np.uint8]
    face: tuple[float, float, float, float]

    def held(self, rng: Rng, size: int, share: float, tilt: float, middle: tuple[float, float] = (0.5, 0.5)) -> Matrix:
        """(3, 3) sheet -> canvas of `size`: its face about `middle` (x, y, shares of it), `share` of the canvas high.

        tilt: how far it is turned out of the picture's plane, 0 (not) and up.
        """
        left, top, right, bottom = self.face
        scale = share * size / max(bottom - top, 1.0)
        angle = np.radians(rng.normal(0, 5))
        linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        face = np.array([(left + right) / 2, (top + bottom) / 2])
        shift = size * (np.array(middle) + rng.uniform(-0.08, 0.08, 2)) - linear @ face
        flat = np.vstack([np.hstack([linear, shift[:, None]]), [0, 0, 1]])
        lean = np.array([[1, 0, 0], [0, 1, 0], [*rng.normal(0, tilt, 2) / size, 1]])
        back = np.array([[1, 0, size / 2], [0, 1, size / 2], [0, 0, 1]])
        return back @ lean @ np.linalg.inv(back) @ flat


def face_on(sheet: Sheet, matrix: Matrix) -> Sides:
    """Where the oval of the sheet's face is on the canvas."""
    left, top, right, bottom = sheet.face
    turn = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    oval = np.stack([left + (right - left) * (1 + np.cos(turn)) / 2, top + (bottom - top) * (1 + np.sin(turn)) / 2], 1)
    placed = cv2.perspectiveTransform(oval[None], matrix)[0]
    (x0, y0), (x1, y1) = placed.min(axis=0), placed.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def fills(sheet: Sheet, matrix: Matrix, size: int) -> bool:
    """Whether the sheet covers the whole canvas, so that none of its edges is in view."""
    corners = np.array([[[0, 0], [size, 0], [0, size], [size, size]]], np.float64)
    placed = cv2.perspectiveTransform(corners, np.linalg.inv(matrix))[0]
    height, width = sheet.rgb.shape[:2]
    return bool(((placed >= 0) & (placed <= (width, height))).all())


def seen(sheet: Sheet, matrix: Matrix, size: int, pattern: Pattern, bend: float = 0.0) -> Layer:
    """The sheet as a camera samples it: one look a pixel, so that what is finer than a pixel makes moire.

    bend: how far its upper and lower edges bulge, as a share of its height.
    """
    scale = float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    rgb, alpha = sheet.rgb, sheet.alpha
    shrunk = 1.0
    while scale * shrunk < 0.5 and min(rgb.shape[:2]) >= 8:  # the picture itself must not alias
        half = (rgb.shape[1] // 2, rgb.shape[0] // 2)
        rgb, alpha = (cv2.resize(part, half, interpolation=cv2.INTER_AREA) for part in (rgb, alpha))
        shrunk *= 2
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    back = np.linalg.inv(matrix).astype(np.float32)
    depth = back[2, 0] * x + back[2, 1] * y + back[2, 2]
    u = (back[0, 0] * x + back[0, 1] * y + back[0, 2]) / depth
    v = (back[1, 0] * x + back[1, 1] * y + back[1, 2]) / depth
    if bend:
        height, width = sheet.rgb.shape[:2]
        v = v + np.float32(bend * height) * (1 - 4 * (u / width - 0.5) ** 2)
    at_x, at_y = u / np.float32(shrunk), v / np.float32(shrunk)
    picture = cv2.remap(rgb, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(np.float32)
    inside = cv2.remap(alpha, at_x, at_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT) / np.float32(255)
    picture = pattern(picture, u * np.float32(scale), v * np.float32(scale))
    return Layer(np.clip(picture, 0, 255).astype(np.uint8), inside, np.zeros_like(inside))


def fingers(rng: Rng, matrix: Matrix, sheet: Sheet, size: int, unit: float, hands: Sequence[Rgb]) -> list[Layer]:
    """What holds a sheet, round its edges: hands (RGBA cut-outs along x, fingers to the right) or drawn fingers.

    unit: width of a face on the canvas, px.
    """
    height, width = sheet.rgb.shape[:2]
    layers = []
    for side in ((0, 1), (0,), (1,), ())[rng.integers(0, 4)]:
        for _ in range(rng.integers(1, 5)):
            edge = np.array([side * width, rng.uniform(0.2, 1.0) * height, 1.0])
            if rng.random() < 0.3:
                edge = np.array([rng.uniform(0, 1) * width, height, 1.0])
            point = matrix @ edge
            point = point[:2] / point[2] + rng.normal(0, 0.05 * unit, 2)
            real = bool(hands) and rng.random() < 0.85
            patch = hands[int(rng.integers(len(hands)))] if real else finger(rng)
            length = unit * rng.uniform(1.2, 2.6)
            degrees = (0 if side == 0 else 180) + rng.normal(0, 30) - (90 if edge[1] == height else 0)
            anchor = (patch.shape[1] * (1 - rng.uniform(0.05, 0.5)), patch.shape[0] / 2)
            layers.append(place(patch, anchor, point, length / patch.shape[1], degrees, size))
    return layers


def glare(rng: Rng, size: int) -> Array:
    """(size, size) 0..1: the reflections of lamps and windows on something smooth, and a veil over all of it."""
    light = np.full((size, size), rng.uniform(0, 0.15) if rng.random() < 0.5 else 0.0, np.float32)
    for _ in range(rng.integers(0, 3)):
        spot = np.zeros((size, size), np.uint8)
        middle, reach = rng.uniform(0, size, 2), rng.uniform(0.03, 0.35, 2) * size
        box = cv2.boxPoints((tuple(middle), tuple(reach), rng.uniform(0, 90)))
        if rng.random() < 0.5:
            cv2.fillPoly(spot, [box.astype(np.int32)], 255)
        else:
            cv2.ellipse(spot, (tuple(map(float, middle)), tuple(map(float, reach)), float(rng.uniform(0, 90))), 255, -1)
        soft = blurred(spot, rng.uniform(0.005, 0.06) * size) / np.float32(255)
        light = np.maximum(light, soft * np.float32(rng.uniform(0.1, 0.9)))
    return light


def blurred(picture: NDArray, sigma: float) -> NDArray:
    """A wide Gaussian blur, of a picture made smaller first: at full size it is most of the work."""
    shrink = max(int(sigma / 3), 1)
    height, width = picture.shape[:2]
    small = (max(width // shrink, 1), max(height // shrink, 1))
    reduced = cv2.resize(picture, small, interpolation=cv2.INTER_AREA)
    return cv2.resize(cv2.GaussianBlur(reduced, (0, 0), sigma / shrink), (width, height))


def lay(rgb: Rgb, layers: list[Layer], gain: float) -> Rgb:
    """`rgb` with the layers on top, in `gain` times their light."""
    out = rgb.astype(np.float32)
    for layer in layers:
        alpha = layer.alpha[..., None]
        out = out * (1 - alpha) + layer.rgb * np.float32(gain) * alpha
    return np.clip(out, 0, 255).astype(np.uint8)
