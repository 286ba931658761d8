"""Lenses through which something is seen: graded, coloured, grey and mirrored ones. No torch here.

What is behind a lens is bent a little, dimmed colour by colour, and joined by what the lens reflects.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.drawing import things, wear
from training.drawing.layers import Array, Layer, polygon, smooth

Rng = np.random.Generator
Rgb = NDArray[np.uint8]
Points = NDArray[np.float32]

DARK_UP_TO = 0.62  # share of light let through at the eye up to which a lens is no clear one
CLEAR_FROM = 0.8  # share from which it is


def tinted(rng: Rng, rgb: Rgb, points: Points) -> list[Layer]:
    """Tinted or mirrored glasses, at times slid down the nose. The whole of them is foreign."""
    size = len(rgb)
    eyes = wear.eye_centers(points)
    worn = eyes
    if rng.random() < 0.2:
        worn = eyes + rng.uniform(0.05, 0.22) * (points[152] - points[10]) * 0.5
    lenses, unit = things.lens_shapes(rng, worn, size)
    shape = np.maximum(*(polygon(lens, size) for lens in lenses))
    look = str(rng.choice(["graded", "coloured", "grey", "mirrored"], p=[0.38, 0.22, 0.12, 0.28]))
    through = _through(rng, look, lenses, size)
    mirror = rng.uniform(0.35, 0.95) if look == "mirrored" else rng.uniform(0, 0.3) * (rng.random() < 0.6)
    seen = _behind(rng, rgb, lenses) * through + _reflected(rng, lenses, size) * mirror
    glass = Layer(np.clip(seen, 0, 255).astype(np.uint8), shape, (shape > 0.5).astype(np.float32), lit=True)
    layers = [glass]
    if rng.random() < 0.3:
        layers.append(wear.reflection(rng, lenses, unit, size, strong=False)[0])
    rims = things.frame_layer(rng, lenses, worn, unit, size)
    return [*layers, Layer(rims.rgb, rims.alpha, (rims.alpha > 0.4).astype(np.float32))]


def filtered(rng: Rng, rgb: Rgb, glasses: Layer) -> list[Layer]:
    """A photographed pair of dark glasses (`glasses`, as worn) as a filter that the eyes are seen through.

    What is behind is dimmed in the glasses' own colours; some of what they reflected stays.
    """
    own = glasses.rgb.astype(np.float32) / 255
    through = np.clip(rng.uniform(0.05, 0.3) + rng.uniform(0.5, 1.6) * own, 0, DARK_UP_TO)
    kept = rng.uniform(0.1, 0.5)
    seen = rgb * through * (1 - kept) / (1 - 0.5 * kept) + glasses.rgb * kept
    return [Layer(np.clip(seen, 0, 255).astype(np.uint8), glasses.alpha, glasses.foreign, lit=True)]


def faint(rng: Rng, rgb: Rgb, points: Points) -> list[Layer]:
    """Spectacles with a faint tint or a coating that shines a little: nothing foreign."""
    size = len(rgb)
    eyes = wear.eye_centers(points)
    lenses, unit = things.lens_shapes(rng, eyes, size)
    shape = np.maximum(*(polygon(lens, size) for lens in lenses))
    tint = rng.uniform(CLEAR_FROM, 1.0) * np.clip(rng.normal(1, 0.05, 3), 0.9, 1.05)
    seen = _behind(rng, rgb, lenses) * tint + _reflected(rng, lenses, size) * rng.uniform(0, 0.12)
    none = np.zeros((size, size), np.float32)
    glass = Layer(np.clip(seen, 0, 255).astype(np.uint8), shape, none, lit=True)
    return [glass, things.frame_layer(rng, lenses, eyes, unit, size)]


def environment(rng: Rng, size: int) -> Rgb:
    """(size, size, 3): what glass may reflect: sky over land, a street, a room with a window, lamps."""
    y = np.mgrid[0:size, 0:size][0] / size
    sky, ground = (np.clip(things.color(rng) * (0.6, 0.8, 1) + (20, 40, 70), 0, 255), things.color(rng) * 0.6)
    horizon = rng.uniform(0.3, 0.8)
    land = np.clip((y - horizon) / rng.uniform(0.01, 0.15), 0, 1)[..., None]
    rgb = (sky * (0.6 + 0.5 * y[..., None])) * (1 - land) + ground * land
    picture = np.clip(rgb, 0, 255).astype(np.uint8)
    for _ in range(rng.integers(0, 7)):  # houses, trees, people, furniture
        x, width, tall = rng.integers(0, size), rng.integers(size // 20, size // 4), rng.uniform(0.05, 0.5)
        foot = int(size * min(1.0, horizon + rng.uniform(0, 0.3)))
        tone = tuple(map(int, np.clip(things.color(rng) * rng.uniform(0.3, 1), 0, 255)))
        if rng.random() < 0.6:
            cv2.rectangle(picture, (int(x), foot - int(tall * size)), (int(x + width), foot), tone, -1)
        else:
            middle = int(x), foot - int(tall * size / 2)
            cv2.ellipse(picture, middle, (int(width // 2), int(tall * size / 2)), 0, 0, 360, tone, -1)
    for _ in range(rng.integers(0, 3)):  # windows and lamps
        corner = rng.integers(0, size, 2)
        end = corner + rng.integers(size // 16, size // 3, 2)
        cv2.rectangle(picture, tuple(map(int, corner)), tuple(map(int, end)), (255, 250, 240), -1)
    return cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.5, 0.03 * size))


def _through(rng: Rng, look: str, lenses: list[NDArray], size: int) -> Array:
    """(size, size, 3) the share of light let through; at the eyes no more than DARK_UP_TO."""
    top, tall = lenses[0][:, 1].min(), max(float(np.ptp(lenses[0][:, 1])), 1.0)
    down = np.clip((np.mgrid[0:size, 0:size][0] - top) / tall, 0, 1).astype(np.float32)[..., None]
    if look == "graded":
        at_eye = rng.uniform(0.15, DARK_UP_TO)
        above = at_eye * rng.uniform(0.1, 0.7)
        below = min(0.97, at_eye * rng.uniform(1.3, 2.4))
        share = np.where(down < 0.5, above + (at_eye - above) * 2 * down, at_eye + (below - at_eye) * (2 * down - 1))
    else:
        low, high = {"coloured": (0.2, DARK_UP_TO), "grey": (0.12, 0.55), "mirrored": (0.05, 0.4)}[look]
        share = np.full_like(down, rng.uniform(low, high))
    tint = np.array([1.0, 1.0, 1.0])
    if look != "grey" and rng.random() < 0.8:
        hue = things.color(rng)
        hue = hue / max(hue.max(), 1)
        tint = 1 - rng.uniform(0.2, 0.8) * (1 - hue)
    elif rng.random() < 0.5:
        tint = np.array([1.0, rng.uniform(0.7, 0.95), rng.uniform(0.45, 0.9)])  # brown
    return (share * tint).astype(np.float32)


def _behind(rng: Rng, rgb: Rgb, lenses: list[NDArray]) -> NDArray[np.float32]:
    """The picture as the lenses bend it."""
    out = rgb.astype(np.float32)
    if rng.random() < 0.5:
        return out
    zoom = rng.uniform(0.9, 1.1)
    for lens in lenses:
        x, y = lens.mean(axis=0)
        matrix = np.array([[zoom, 0, (1 - zoom) * x], [0, zoom, (1 - zoom) * y]], np.float64)
        bent = cv2.warpAffine(rgb, matrix, rgb.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
        inside = polygon(lens, len(rgb))[..., None]
        out = out * (1 - inside) + bent * inside
    return out


def _reflected(rng: Rng, lenses: list[NDArray], size: int) -> NDArray[np.float32]:
    """(size, size, 3) 0..255: one surrounding in both lenses, seen from two places, round as in a bent mirror."""
    picture = environment(rng, 160)
    coat = np.clip(things.color(rng) / 160, 0.2, 1.6) if rng.random() < 0.6 else np.ones(3)
    out = np.zeros((size, size, 3), np.float32)
    bend, turn = rng.uniform(0, 0.6), rng.normal(0, 0.08)
    for side, lens in enumerate(lenses):
        low, high = lens.min(axis=0), lens.max(axis=0)
        y, x = np.mgrid[0:size, 0:size].astype(np.float32)
        u, v = 2 * (x - low[0]) / max(high[0] - low[0], 1) - 1, 2 * (y - low[1]) / max(high[1] - low[1], 1) - 1
        u, v = u + turn * v, v - turn * u
        round_ = 1 + bend * (u**2 + v**2)
        at = np.dstack([80 + 62 * u * round_ + 12 * side, 80 + 62 * v * round_]).astype(np.float32)
        seen = cv2.remap(picture, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
        out = np.maximum(out, seen * (polygon(smooth(lens, 2), size, 0.5) > 0.01)[..., None])
    return (out * coat).astype(np.float32)
