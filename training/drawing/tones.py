"""The same face in another skin tone and in hard light: nothing foreign in it. No torch here."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import EYES, FACE_OVAL, OUTLINES, Region
from training.drawing.layers import Array, polygon
from training.drawing.wear import eye_centers

Rng = np.random.Generator
Rgb = NDArray[np.uint8]
Points = NDArray[np.float32]

_CHEEKS = (50, 280, 117, 346, 205, 425)
_LEAST = 0.42  # of its lightness, that a skin keeps: less would drown its features
LIGHTS = ("side", "flash", "back", "window")


def some(rng: Rng, rgb: Rgb, points: Points) -> Rgb:
    """Another tone, another light, or both."""
    roll = rng.random()
    if roll < 0.75:
        rgb = in_tone(rng, rgb, points, float(rng.uniform(-58, 60)))
    return lit(rng, rgb, points, str(rng.choice(LIGHTS))) if roll > 0.35 else rgb


def in_tone(rng: Rng, rgb: Rgb, points: Points, degrees: float) -> Rgb:
    """`rgb` with its skin moved to an Individual Typology Angle, in CIELAB; eyes, hair and cloth stay as they are."""
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    own = _cheek(lab, points)
    yellow = float(np.clip(rng.normal(16 if degrees > 0 else 14, 2), 9, 22))
    light = float(np.clip(50 + yellow * np.tan(np.radians(degrees)), 12, 88))
    wanted = np.array([light, np.clip(rng.normal(11, 2), 6, 17), yellow], np.float32)
    share = skin_share(lab, own, points)[..., None]
    moved = lab + (0, wanted[1] - own[1], wanted[2] - own[2])
    ratio = max(light / max(float(own[0]), 5.0), _LEAST)
    moved[..., 0] = lab[..., 0] * ratio if ratio < 1 else 100 - (100 - lab[..., 0]) * (100 - light) / (100 - own[0])
    if degrees < 0:  # what shines keeps its light: dark skin has the stronger highlights
        shine = np.clip(lab[..., 0] - own[0] - 8, 0, None)
        moved[..., 0] += shine * rng.uniform(0.0, 0.9)
    out = cv2.cvtColor((lab + (moved - lab) * share).astype(np.float32), cv2.COLOR_LAB2RGB)
    return np.clip(out * 255 + 0.5, 0, 255).astype(np.uint8)


def skin_share(lab: NDArray[np.float32], own: NDArray[np.float32], points: Points) -> Array:
    """(H, W) 0..1: how much of a pixel is skin, by its likeness to the cheeks (`own`) and its nearness to the face."""
    size = len(lab)
    unit = _unit(points)
    middle = points[list(FACE_OVAL)].mean(axis=0)
    hull = middle + 1.06 * (points[list(FACE_OVAL)] - middle)
    near = polygon(hull, size, 0.06 * unit)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    round_ = np.clip(2.2 - np.hypot(x - middle[0], y - middle[1]) / (1.4 * unit), 0, 1)
    off = lab - own
    alike = np.exp(-((off[..., 1] / 24) ** 2 + (off[..., 2] / 20) ** 2) - (np.minimum(off[..., 0], 0) / 40) ** 2)
    share = np.maximum(near * np.clip(1.6 * alike, 0, 1), round_ * alike * (np.abs(off[..., 0]) < 32))
    for eye in EYES:
        share = share * (1 - 0.9 * polygon(_ball(points, eye), size, 0.02 * unit))
    return cv2.GaussianBlur(share.astype(np.float32), (0, 0), max(0.012 * unit, 0.5))


def lit(rng: Rng, rgb: Rgb, points: Points, light: str) -> Rgb:
    """`rgb` under one strong light of LIGHTS, warm, white or cool: form and nose cast shadows, what shines glares."""
    size, unit = len(rgb), _unit(points)
    height = relief(points, size)
    azimuth = rng.choice([-1, 1]) * rng.uniform(0.6, 1.4)
    up = rng.uniform(-0.1, 0.8)
    toward = {
        "side": (np.sin(azimuth), -up, 0.25 + 0.5 * np.cos(azimuth)),
        "window": (np.sin(azimuth), -0.3 * up, 0.6),
        "flash": (rng.normal(0, 0.1), rng.normal(-0.1, 0.1), 1.0),
        "back": (rng.normal(0, 1.0), -0.6, -0.3),
    }[light]
    direction = np.array(toward, np.float32)
    direction /= np.linalg.norm(direction)
    normal = _normals(height, unit)
    falling = np.clip(normal @ direction, 0, 1)
    if light == "side":
        falling = falling * (1 - rng.uniform(0.3, 1.0) * _cast(height, direction, unit, soft=rng.uniform(0.5, 4.0)))
    half = direction + (0, 0, 1)
    shine = np.clip(normal @ (half / np.linalg.norm(half)), 0, 1) ** rng.uniform(20, 90)
    face = polygon(points[list(FACE_OVAL)], size, 0.1 * unit)
    falling = falling * face + (1 - face) * (0.55 if light != "flash" else rng.uniform(0.1, 0.5))
    ambient = {"side": rng.uniform(0.08, 0.5), "window": rng.uniform(0.2, 0.6), "flash": rng.uniform(0.2, 0.5)}.get(
        light, rng.uniform(0.15, 0.5)
    )
    gain = rng.uniform(1.0, 2.2) if light in ("side", "flash") else rng.uniform(0.9, 1.4)
    tint = np.array([[1, 1, 1], [1.15, 1, 0.8], [0.88, 1, 1.15]][rng.integers(0, 3)])
    linear = (rgb.astype(np.float32) / 255) ** 2.2
    out = linear * (ambient + gain * falling)[..., None] * tint
    out += (rng.uniform(0, 0.4) * shine * face * falling)[..., None] * tint
    if light == "back":
        behind = 1 - polygon(_head(points), size, 0.15 * unit)
        out = out + behind[..., None] * rng.uniform(0.1, 0.9)
        out = out + rng.uniform(0, 0.08)
    return (255 * np.clip(out, 0, 1) ** (1 / 2.2) + 0.5).astype(np.uint8)


def relief(points: Points, size: int) -> Array:
    """(size, size) height of the face towards the camera in pixels, roughly: a dome with nose, brows, sockets, lips."""
    unit = _unit(points)
    middle = points[list(FACE_OVAL)].mean(axis=0)
    across = points[454] - points[234]
    wide, tall = float(np.hypot(*across)) / 2, float(np.hypot(*(points[152] - points[10]))) / 2
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    e = across / (2 * wide)
    u = ((x - middle[0]) * e[0] + (y - middle[1]) * e[1]) / (1.12 * wide)
    v = (-(x - middle[0]) * e[1] + (y - middle[1]) * e[0]) / (1.2 * tall)
    height = 1.1 * wide * np.sqrt(np.clip(1 - u**2 - v**2, 0.03, 1))

    def bump(at: NDArray, reach: float, rise: float) -> None:
        nonlocal height
        away = ((x - at[0]) ** 2 + (y - at[1]) ** 2) / (2 * (reach * unit) ** 2)
        height = height + rise * unit * np.exp(-away)

    for share in np.linspace(0, 1, 6):  # each bump adds to its neighbours
        bump(points[168] + share * (points[4] - points[168]), 0.1 + 0.05 * share, 0.06 + 0.12 * share)
    for at, reach, rise in ((0, 0.12, 0.05), (17, 0.12, 0.06), (199, 0.2, 0.08), (105, 0.16, 0.06), (334, 0.16, 0.06)):
        bump(points[at], reach, rise)
    for eye in eye_centers(points):
        bump(eye, 0.24, -0.12)
    return cv2.GaussianBlur(height.astype(np.float32), (0, 0), 0.03 * unit)


def _normals(height: Array, unit: float) -> NDArray[np.float32]:
    down, right = np.gradient(height)
    normal = np.dstack([-right, -down, np.ones_like(height)])
    return normal / np.linalg.norm(normal, axis=2, keepdims=True)


def _cast(height: Array, direction: NDArray[np.float32], unit: float, soft: float) -> Array:
    """1 where something stands between a point and the light."""
    flat = float(np.hypot(direction[0], direction[1]))
    shade = np.zeros_like(height)
    for far in np.linspace(0.06, 0.9, 12) * unit:
        shift = -far * direction[:2] / max(flat, 1e-3)
        moved = cv2.warpAffine(
            height,
            np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float64),
            height.shape[::-1],
            borderMode=cv2.BORDER_REPLICATE,
        )
        above = moved - height - far * max(float(direction[2]), 0.05) / max(flat, 1e-3)
        shade = np.maximum(shade, np.clip(above / (0.03 * unit), 0, 1))
    return cv2.GaussianBlur(shade, (0, 0), soft * 0.01 * unit + 0.3)


def _cheek(lab: NDArray[np.float32], points: Points) -> NDArray[np.float32]:
    """(3,) the colour of the cheeks."""
    at = np.round(points[list(_CHEEKS)]).astype(int).clip(0, len(lab) - 1)
    small = cv2.blur(lab, (5, 5))
    return np.median(small[at[:, 1], at[:, 0]], axis=0)


def _ball(points: Points, eye: Region) -> Points:
    ring = points[list(OUTLINES[eye])]
    middle = ring.mean(axis=0)
    return middle + (ring - middle) * (0.8, 0.45)


def _head(points: Points) -> Points:
    """The face's oval with the hair above it, and the shoulders left open."""
    middle = points[list(FACE_OVAL)].mean(axis=0)
    return middle + 1.25 * (points[list(FACE_OVAL)] - middle)


def _unit(points: Points) -> float:
    return float(np.hypot(*np.diff(eye_centers(points), axis=0)[0]))
