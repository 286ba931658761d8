"""Pictures on paper: what inks can show, the raster, gloss, curl, cut edges, hands that hold it. No torch here."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from training.drawing.layers import Array
from training.drawing.things import color
from training.scenes.portrait import Sides
from training.scenes.screens import Content
from training.scenes.sheets import Pattern, Rng, Sheet, blurred, face_on, fills, fingers, glare, lay, seen

Rgb = NDArray[np.uint8]

_ANGLES = (
    15.0,
    75.0,
    0.0,
    45.0,
)  # degrees of the cyan, magenta, yellow and black screens, as offset printing turns them
_STEEP = 3.0  # how hard the edge of a raster's dot is where a dot is many pixels wide


def paper(rng: Rng, content: Content) -> Sheet:
    """A print of `content`: cut out with or without a white rim; at times it fills the frame."""
    share = rng.uniform(0.3, 0.75) if rng.random() < 0.8 else rng.uniform(0.1, 0.25)
    shown = content.cropped(rng, rng.uniform(1.0, 1.6), share)
    rgb = shown.rgb
    width = rgb.shape[1]
    rim = round(width * rng.uniform(0.02, 0.2)) if rng.random() < 0.5 else 0
    rgb = cv2.copyMakeBorder(rgb, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(rng.uniform(225, 255),) * 3)
    alpha = np.full(rgb.shape[:2], 255, np.uint8)
    if rng.random() < 0.15:  # cut along the head
        left, top, right, bottom = shown.face
        alpha[:] = 0
        middle = (round((left + right) / 2) + rim, round((top + bottom) / 2) + rim)
        cv2.ellipse(alpha, middle, (round(0.8 * (right - left)), round(0.85 * (bottom - top))), 0, 0, 360, 255, -1)
        alpha[middle[1] + round(0.4 * (bottom - top)) :] = 255
    left, top, right, bottom = (side + rim for side in shown.face)
    return Sheet(rgb, alpha, (left, top, right, bottom))


def inked(rng: Rng, plain: bool) -> Pattern:
    """What a printer makes of a picture: fewer colours, paler black, and dots in a raster where it uses one.

    plain: there is a raster in any case, and it can be seen.
    """
    saturation, gain = rng.uniform(0.55, 1.2), rng.uniform(0.85, 1.2)
    black, white = rng.uniform(0, 55), rng.uniform(205, 255)
    tint = np.array([1.0, rng.normal(0.99, 0.02), rng.normal(0.96, 0.05)], np.float32)
    grey = rng.random() < 0.12
    roll = rng.random()
    rate = np.exp(rng.uniform(np.log(0.2), np.log(1.5)))  # lines in a camera pixel
    depth = float(np.clip(rng.uniform(0.15, 1.3) * (0.25 / rate), 0.05, 1.0)) if roll < 0.25 else 0.0
    if plain:
        depth = max(depth, 0.12)
    turn = rng.uniform(0, 90)

    def show(rgb: Array, x: Array, y: Array) -> Array:
        luma = rgb @ np.array([0.299, 0.587, 0.114], np.float32)
        keep = np.float32(0.0 if grey else saturation)
        out = (luma[..., None] + keep * (rgb - luma[..., None])) * np.float32(gain)
        out = np.float32(black) + np.clip(out, 0, 255) * np.float32((white - black) / 255)
        if depth:
            dots = [_raster(x, y, rate, turn + angle) for angle in (_ANGLES[3:] * 3 if grey else _ANGLES[:3])]
            light = np.clip(out / 255, 0.02, 0.98)
            printed = 1 / (1 + np.exp(-_STEEP * 2 * (light - np.dstack(dots)) / max(1 - depth, 0.15)))
            out = (out * (1 - depth) + depth * (black + printed * (white - black))).astype(np.float32)
        return np.asarray(out * tint, np.float32)

    return show


def _raster(x: Array, y: Array, rate: float, degrees: float) -> Array:
    """(H, W) 0..1: the threshold at which a dot of ink reaches each point (an amplitude-modulated halftone)."""
    angle = np.radians(degrees)
    along = np.float32(2 * np.pi * rate) * (x * np.float32(np.cos(angle)) + y * np.float32(np.sin(angle)))
    across = np.float32(2 * np.pi * rate) * (y * np.float32(np.cos(angle)) - x * np.float32(np.sin(angle)))
    return np.asarray(0.5 + 0.25 * (np.cos(along) + np.cos(across)), np.float32)


def on_paper(
    rng: Rng,
    content: Content,
    room: Rgb,
    share: float,
    hands: Sequence[Rgb] = (),
    middle: tuple[float, float] = (0.5, 0.5),
) -> tuple[Rgb, Sides]:
    """`room` (S, S, 3) with a print of `content` in it, its face `share` of the room high, about `middle`;
    and where that face is.

    hands: see `fingers`.
    """
    size = len(room)
    sheet = paper(rng, content)
    matrix = sheet.held(rng, size, share, 0.18, middle)
    bend = rng.normal(0, 0.05) if rng.random() < 0.5 else 0.0
    layer = seen(sheet, matrix, size, inked(rng, fills(sheet, matrix, size)), bend)
    rgb = layer.rgb.astype(np.float32) * np.float32(rng.uniform(0.7, 1.25))
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size - 0.5
    turn = rng.uniform(0, 2 * np.pi)
    along = x * np.cos(turn) + y * np.sin(turn)
    # One light on a flat or evenly bent sheet: a slope or a soft stripe.
    rgb *= (1 + rng.normal(0, 0.25) * along + 0.5 * abs(bend) * np.cos(6 * along + rng.uniform(0, 6)))[..., None]
    if rng.random() < 0.4:
        light = glare(rng, size)[..., None]
        rgb = rgb * (1 - 0.4 * light) + 255 * light * np.float32(rng.uniform(0.2, 0.9))
    alpha = layer.alpha[..., None]
    shade = _shadow(rng, layer.alpha) if rng.random() < 0.5 else np.zeros_like(layer.alpha)
    scene = room * (1 - shade[..., None]) * (1 - alpha) + rgb * alpha
    out = np.clip(scene, 0, 255).astype(np.uint8)
    if rng.random() < 0.7:
        out = lay(out, fingers(rng, matrix, sheet, size, 0.75 * share * size, hands), rng.uniform(0.6, 1.1))
    return out, face_on(sheet, matrix)


def shirt(rng: Rng, size: int) -> Rgb:
    """(size, size, 3): the clothes of whoever holds it, with folds."""
    rgb = np.empty((size, size, 3), np.float32)
    rgb[:] = color(rng)
    folds = cv2.resize(rng.normal(1, 0.12, (7, 5)).astype(np.float32), (size, size), interpolation=cv2.INTER_CUBIC)
    return np.clip(rgb * folds[..., None], 0, 255).astype(np.uint8)


def _shadow(rng: Rng, alpha: Array) -> Array:
    size = len(alpha)
    move = np.array([[1, 0, rng.normal(0, 0.02) * size], [0, 1, abs(rng.normal(0, 0.02)) * size]])
    fallen = cv2.warpAffine(alpha, move, (size, size))
    return blurred(fallen, rng.uniform(0.01, 0.05) * size) * np.float32(rng.uniform(0.2, 0.6))
