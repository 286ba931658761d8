"""Procedural things: RGBA patches and layers drawn from nothing but numbers. No file is read here."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from training.drawing.layers import Array, Layer, flat, polygon, smooth, stroke

Rng = np.random.Generator
Patch = NDArray[np.uint8]

# Skin from very light to very dark (RGB under white light), chosen by eye along the Fitzpatrick scale.
SKIN = np.array(
    [[240, 205, 185], [228, 184, 155], [205, 155, 120], [172, 120, 88], [135, 90, 62], [98, 64, 45], [62, 42, 32]]
)


def skin(rng: Rng) -> NDArray[np.float64]:
    """A skin colour (3,) RGB."""
    at = rng.uniform(0, len(SKIN) - 1)
    low = int(at)
    color = SKIN[low] + (at - low) * (SKIN[min(low + 1, len(SKIN) - 1)] - SKIN[low])
    return np.clip(color * rng.normal(1, 0.06, 3), 10, 250)


def color(rng: Rng) -> NDArray[np.float64]:
    """Any colour of things: black, white, grey, wood, or saturated."""
    roll = rng.random()
    if roll < 0.25:
        return np.full(3, rng.uniform(8, 60)) + rng.normal(0, 5, 3)
    if roll < 0.45:
        return np.full(3, rng.uniform(170, 250)) + rng.normal(0, 6, 3)
    if roll < 0.6:
        return np.full(3, rng.uniform(60, 170)) + rng.normal(0, 10, 3)
    hsv = np.array([[[rng.integers(0, 180), rng.integers(90, 255), rng.integers(60, 255)]]], np.uint8)
    return cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB)[0, 0].astype(np.float64)


def texture(rng: Rng, size: int) -> Patch:
    """(size, size, 3): cloth, noise, stripes, checks, print or a gradient."""
    a, b = color(rng), color(rng)
    roll = rng.random()
    y, x = np.mgrid[0:size, 0:size] / size
    turn = rng.uniform(0, np.pi)
    along = x * np.cos(turn) + y * np.sin(turn)
    if roll < 0.3:
        weight = np.zeros((size, size))
    elif roll < 0.5:
        weight = np.clip(along, 0, 1)
    elif roll < 0.65:
        weight = (np.sin(along * rng.uniform(15, 90)) > rng.uniform(-0.5, 0.5)).astype(float)
    elif roll < 0.75:
        across = -x * np.sin(turn) + y * np.cos(turn)
        weight = (np.sin(along * 40) * np.sin(across * 40) > 0).astype(float)
    else:
        weight = cv2.resize(rng.random((rng.integers(3, 14),) * 2), (size, size), interpolation=cv2.INTER_CUBIC)
        weight = np.clip(weight, 0, 1)
    rgb = a + (b - a) * weight[..., None]
    folds = cv2.resize(rng.normal(1, 0.1, (5, 5)), (size, size), interpolation=cv2.INTER_CUBIC)
    return np.clip(rgb * folds[..., None] + rng.normal(0, rng.uniform(0, 6), (size, size, 1)), 0, 255).astype(np.uint8)


def stick(rng: Rng, length: int = 400) -> Patch:
    """RGBA, lying along x, the tip at the right end: pen, pencil, brush, straw, chopstick, spoon handle, cable end."""
    half = rng.uniform(4, 16)
    height = int(2 * half + 4)
    x, y = np.meshgrid(np.arange(length), np.arange(height) - height / 2 + 0.5)
    tip = rng.uniform(0, 5) * half
    from_tip = length - 2 - x
    width = np.where(from_tip < tip, half * np.maximum(from_tip, 0) / max(tip, 1), half)
    alpha = np.clip(width - np.abs(y) + 0.5, 0, 1)
    rgb = np.empty((height, length, 3))
    rgb[:] = color(rng)
    for _ in range(rng.integers(0, 4)):
        start = rng.integers(0, length)
        rgb[:, start : start + rng.integers(10, length // 2)] = color(rng)
    rgb[:, length - int(tip) - 2 :] = color(rng)
    around = 1.1 - 0.55 * np.abs(y / half - rng.uniform(-0.5, 0.5)) ** rng.uniform(1, 2)
    if rng.random() < 0.5:
        around = around + 0.5 * np.exp(-(((y / half - rng.uniform(-0.5, 0.5)) / 0.15) ** 2))
    rgba = np.dstack([np.clip(rgb * around[..., None], 0, 255), alpha * 255])
    return rgba.astype(np.uint8)


def finger(rng: Rng, length: int = 560) -> Patch:
    """RGBA, along x, the tip at the right end: one finger with joints, light from one side, sometimes its nail."""
    half = rng.uniform(24, 36)
    height = int(2 * half + 8)
    x, y = np.meshgrid(np.arange(length, dtype=np.float64), np.arange(height) - height / 2 + 0.5)
    from_tip = length - 4 - x
    rounded = half * np.sqrt(np.clip(1 - np.clip(1 - from_tip / (1.1 * half), 0, 1) ** 2, 0, 1))
    bulge = 1 + 0.07 * np.sin(from_tip / rng.uniform(26, 40) + rng.uniform(0, 6)) + from_tip / length * 0.15
    width = np.minimum(rounded, half) * np.minimum(bulge, (height / 2 - 1) / half)
    alpha = np.clip(width - np.abs(y) + 0.5, 0, 1) * (from_tip >= 0)
    light = 1.05 - 0.45 * np.abs(y / half - rng.uniform(-0.5, 0.5)) ** 1.7
    for joint in (rng.uniform(1.8, 2.6), rng.uniform(3.8, 5.0)):
        light -= rng.uniform(0.02, 0.16) * np.exp(-(((from_tip - joint * half) / rng.uniform(2, 6)) ** 2))
    grain = cv2.resize(rng.normal(1, 0.04, (6, 30)), (length, height), interpolation=cv2.INTER_CUBIC)
    rgb = skin(rng) * (light * grain)[..., None]
    if rng.random() < 0.5:
        nail = ((from_tip - 0.95 * half) / (0.75 * half)) ** 2 + (y / (0.6 * half)) ** 2 < 1
        tint = color(rng) if rng.random() < 0.3 else skin(rng) * 1.05 + (15, 0, 5)
        rgb = np.where(nail[..., None], 0.45 * rgb + 0.55 * tint, rgb)
    return np.dstack([np.clip(rgb, 0, 255), alpha * 255]).astype(np.uint8)


def sliver(rng: Rng, hue: NDArray[np.floating], length: int = 400) -> Patch:
    """RGBA, along x, the tip at the right end: a wire, needle, hairpin, pencil or liner in `hue` (3,) or near black."""
    half = rng.uniform(3, 7)
    height = int(2 * half + 4)
    x, y = np.meshgrid(np.arange(length), np.arange(height) - height / 2 + 0.5)
    from_tip = length - 2 - x
    taper = rng.uniform(0, 12) * half
    width = np.where(from_tip < taper, half * np.maximum(from_tip, 0) / max(taper, 1), half)
    alpha = np.clip(width - np.abs(y) + 0.5, 0, 1)
    base = (
        np.asarray(hue) * rng.uniform(0.5, 1.2)
        if rng.random() < 0.6
        else rng.uniform(5, 60, 3).mean() + rng.normal(0, 5, 3)
    )
    shine = 1 + rng.uniform(0, 1.2) * np.exp(-(((y / half - rng.uniform(-0.5, 0.5)) / 0.3) ** 2))
    rgb = np.clip(base * np.ones((height, length, 1)) * shine[..., None], 0, 255)
    return np.dstack([rgb, alpha * 255]).astype(np.uint8)


def plaster(rng: Rng, hue: NDArray[np.floating]) -> Patch:
    """RGBA, along x: a plaster in `hue` (3,), white or printed, with its pad and holes; or a strip of tape."""
    length, height = int(rng.uniform(110, 260)), int(rng.uniform(40, 110))
    tape = rng.random() < 0.4
    base = np.asarray(hue) if rng.random() < 0.5 else (np.full(3, rng.uniform(190, 250)) if tape else color(rng))
    rgb = np.empty((height, length, 3))
    rgb[:] = base * rng.normal(1, 0.05, 3)
    if rng.random() < 0.3:
        rgb = 0.5 * rgb + 0.5 * cv2.resize(texture(rng, 64), (length, height))
    y, x = np.mgrid[0:height, 0:length]
    if not tape:
        pad = np.abs(x - length / 2) < rng.uniform(0.12, 0.22) * length
        rgb *= np.where(pad, rng.uniform(0.88, 1.1), 1.0)[..., None]
        step = int(rng.uniform(8, 14))
        holes = (x % step < 2) & (y % step < 2) & ~pad
        rgb *= np.where(holes, 0.75, 1.0)[..., None]
    rgb *= 1.06 - rng.uniform(0.05, 0.3) * np.abs(2 * y / height - rng.uniform(0.5, 1.5))[..., None]
    radius = int((0.05 if tape else rng.uniform(0.3, 0.5)) * height)
    alpha = np.zeros((height, length), np.uint8)
    cv2.rectangle(alpha, (radius, radius), (length - 1 - radius, height - 1 - radius), 255, -1)
    alpha = cv2.dilate(alpha, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2))
    opaque = rng.uniform(0.65, 0.95) if tape and rng.random() < 0.4 else 1.0
    return np.dstack([np.clip(rgb, 0, 255).astype(np.uint8), (alpha * opaque).astype(np.uint8)])


def card(rng: Rng) -> Patch:
    """RGBA: paper with lines, a card, a book cover, a phone's back or its screen."""
    width, height = int(rng.uniform(110, 240)), int(rng.uniform(160, 300))
    roll = rng.random()
    rgb = cv2.resize(texture(rng, 64), (width, height)).astype(np.uint8)
    if roll < 0.4:
        rgb[:] = np.clip(np.full(3, rng.uniform(180, 252)) + rng.normal(0, 6, 3), 0, 255)
        for y in range(int(rng.uniform(12, 40)), height - 10, int(rng.uniform(9, 24))):
            cv2.line(rgb, (14, y), (int(rng.uniform(0.4, 0.93) * width), y), (70, 70, 80), int(rng.integers(1, 4)))
    elif roll < 0.75:
        rgb[:] = np.clip(color(rng), 0, 255) if rng.random() < 0.5 else np.clip(rng.uniform(10, 50, 3), 0, 255)
        if rng.random() < 0.5:
            for i in range(rng.integers(1, 4)):
                cv2.circle(rgb, (28, 28 + 30 * i), 12, tuple(map(int, rng.uniform(5, 70, 3))), -1, cv2.LINE_AA)
        else:
            rgb[12:-12, 8:-8] = cv2.resize(texture(rng, 64), (width - 16, height - 24))
    sheen = np.linspace(rng.uniform(0.7, 1.1), rng.uniform(0.7, 1.1), width)[None, :, None]
    alpha = np.zeros((height, width), np.uint8)
    radius = int(rng.uniform(1, 26))
    cv2.rectangle(alpha, (radius, radius), (width - 1 - radius, height - 1 - radius), 255, -1)
    alpha = cv2.dilate(alpha, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2))
    return np.dstack([np.clip(rgb * sheen, 0, 255).astype(np.uint8), alpha])


def blob(rng: Rng) -> Patch:
    """RGBA: a rounded shape of any texture, or of skin: cup, ball, fist, cloth, toy."""
    size = 220
    corners = rng.integers(4, 9)
    angle = np.sort(rng.uniform(0, 2 * np.pi, corners))
    radius = rng.uniform(0.45, 1, corners) * size / 2.2
    points = np.stack([size / 2 + radius * np.cos(angle), size / 2 + radius * np.sin(angle)], axis=1)
    alpha = polygon(smooth(points) if rng.random() < 0.7 else points, size)
    rgb = texture(rng, size).astype(np.float64)
    if rng.random() < 0.4:
        rgb = (
            skin(rng) * cv2.resize(rng.normal(1, 0.09, (6, 6)), (size, size), interpolation=cv2.INTER_CUBIC)[..., None]
        )
    y, x = np.mgrid[0:size, 0:size] / size - 0.5
    turn = rng.uniform(0, 2 * np.pi)
    rgb = rgb * (1 + rng.uniform(0, 0.8) * (x * np.cos(turn) + y * np.sin(turn)))[..., None]
    return np.dstack([np.clip(rgb, 0, 255), alpha * 255]).astype(np.uint8)


def cable(rng: Rng, start: NDArray, through: NDArray, end: NDArray, unit: float, size: int) -> Layer:
    """A bent line from `start` by way of `through` to `end`: a cable, a strap, a twig. unit: inter-eye distance, px."""
    t = np.linspace(0, 1, 40)[:, None]
    bend = 2 * through - (start + end) / 2
    points = (1 - t) ** 2 * start + 2 * t * (1 - t) * bend + t**2 * end
    width = max(1.5, rng.uniform(0.05, 0.14) * unit)
    layer = flat(color(rng), stroke(points, width, size))
    light = stroke(points - 0.25 * width, max(1, width * 0.3), size) * layer.alpha
    rgb = np.clip(layer.rgb * (1 + rng.uniform(-0.4, 0.6) * light[..., None]), 0, 255).astype(np.uint8)
    return Layer(rgb, layer.alpha, layer.foreign)


def lens_shapes(rng: Rng, eyes: NDArray, size: int) -> tuple[list[NDArray[np.float32]], float]:
    """The outlines of two lenses round `eyes` (2, 2) px, image left first, and the inter-eye distance."""
    across = eyes[1] - eyes[0]
    unit = float(np.hypot(*across))
    along = across / unit
    down = np.array([-along[1], along[0]])
    width, height = rng.uniform(0.36, 0.47), rng.uniform(0.22, 0.42)
    power = rng.choice([2.0, 2.6, 3.5, 6.0])
    drop, droop = rng.uniform(-0.02, 0.12), rng.uniform(-0.1, 0.12)
    angle = np.linspace(0, 2 * np.pi, 40, endpoint=False)
    x = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** (2 / power) * width
    y = np.sign(np.sin(angle)) * np.abs(np.sin(angle)) ** (2 / power) * height
    shapes = []
    for side, eye in zip((-1, 1), eyes, strict=True):
        bent = y + drop + droop * side * x * (y > 0)
        shapes.append((eye + unit * (x[:, None] * along + bent[:, None] * down)).astype(np.float32))
    return shapes, unit


def frame_layer(rng: Rng, lenses: list[NDArray], eyes: NDArray, unit: float, size: int) -> Layer:
    """The rims, bridge and temples of spectacles: part of the person, so nothing of it is foreign."""
    width = rng.uniform(0.012, 0.075) * unit
    mask: Array = np.zeros((size, size), np.float32)
    rimless = rng.random() < 0.12
    for side, lens in zip((-1, 1), lenses, strict=True):
        closed = np.vstack([lens, lens[:1]])
        rim = closed[len(closed) // 2 :] if rng.random() < 0.12 else closed
        mask = np.maximum(mask, stroke(rim, 1 if rimless else width, size))
        outer = lens[np.argmax(side * lens[:, 0])]
        away = outer + (side * rng.uniform(0.2, 0.5) * unit, rng.uniform(-0.12, 0.02) * unit)
        mask = np.maximum(mask, stroke(np.stack([outer, away]), width, size))
    inner = [lenses[0][np.argmax(lenses[0][:, 0])], lenses[1][np.argmin(lenses[1][:, 0])]]
    middle = (inner[0] + inner[1]) / 2 - (0, rng.uniform(0, 0.08) * unit)
    mask = np.maximum(mask, stroke(np.stack([inner[0], middle, inner[1]]), width, size))
    return flat(color(rng), mask, np.zeros((size, size), np.float32), rng.uniform(0.75, 1))
