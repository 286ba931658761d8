"""Pictures shown on screens: pixels, colours, gamma, bands, reflections, the device round them. No torch here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.drawing import degrade
from training.drawing.layers import Array
from training.drawing.things import color, texture
from training.scenes.portrait import Sides
from training.scenes.sheets import Pattern, Rng, Sheet, blurred, face_on, fills, fingers, glare, lay, seen

Rgb = NDArray[np.uint8]

_RECORDED = 0.5  # share of the shown pictures that a camera and a codec have been at before
_SHOWN_PX = 900  # longer side of a picture that is shown; no camera sees more of it


@dataclass(frozen=True)
class Content:
    """A picture of a person. rgb (h, w, 3) uint8; face: (left, top, right, bottom), px."""

    rgb: Rgb
    face: tuple[float, float, float, float]

    def cropped(self, rng: Rng, aspect: float, width_share: float) -> Content:
        """The part round the face that a display of `aspect` (height / width) shows, the face `width_share` of it wide.

        What the picture lacks is black, white, or its edge drawn out and blurred, as players and galleries do.
        """
        left, top, right, bottom = self.face
        width = (right - left) / width_share
        height = width * aspect
        x = (left + right) / 2 - width * rng.uniform(0.4, 0.6)
        y = (top + bottom) / 2 - height * rng.uniform(0.35, 0.6)
        zoom = min(1.0, _SHOWN_PX / max(width, height))
        shift = zoom * np.array([[1, 0, -x], [0, 1, -y]])
        size = (max(round(zoom * width), 8), max(round(zoom * height), 8))
        roll = rng.random()
        if roll < 0.5:
            rgb = cv2.warpAffine(self.rgb, shift, size, borderMode=cv2.BORDER_REFLECT_101)
            lacks = cv2.warpAffine(np.ones(self.rgb.shape[:2], np.uint8), shift, size) == 0
            rgb = np.where(lacks[..., None], blurred(rgb, 0.04 * size[0] + 1), rgb)
        else:
            border = 0 if roll < 0.8 else 250
            rgb = cv2.warpAffine(self.rgb, shift, size, borderMode=cv2.BORDER_CONSTANT, borderValue=(border,) * 3)
        face = (zoom * (left - x), zoom * (top - y), zoom * (right - x), zoom * (bottom - y))
        return Content(np.ascontiguousarray(rgb), face)


def recorded(rng: Rng, content: Content) -> Content:
    """The picture that is shown, mostly with the faults of the camera and the codec that it went through before."""
    return Content(degrade.camera(rng, content.rgb), content.face) if rng.random() < _RECORDED else content


def device(rng: Rng, content: Content) -> Sheet:
    """A phone, a tablet or a monitor that shows `content`; at times only its screen, which then fills the frame."""
    roll = rng.random()
    if roll < 0.5:
        shown = content.cropped(rng, rng.uniform(1.5, 2.2), rng.uniform(0.3, 0.8))
        side, ends, round_ = rng.uniform(0.01, 0.06), rng.uniform(0.01, 0.2), rng.uniform(0.0, 0.12)
    elif roll < 0.75:
        shown = content.cropped(rng, rng.uniform(0.5, 0.8), rng.uniform(0.12, 0.45))
        side, ends, round_ = rng.uniform(0.01, 0.08), rng.uniform(0.01, 0.08), rng.uniform(0.0, 0.03)
    else:
        shown = content.cropped(rng, rng.uniform(0.6, 1.4), rng.uniform(0.08, 0.2))
        return Sheet(shown.rgb, np.full(shown.rgb.shape[:2], 255, np.uint8), shown.face)
    rgb = marked(rng, shown.rgb) if rng.random() < 0.5 else shown.rgb
    height, width = rgb.shape[:2]
    pad_x, pad_y = max(round(side * width), 1), max(round(ends * height), 1)
    body = color(rng) if rng.random() < 0.2 else rng.uniform(4, 60) * np.ones(3)
    front = np.empty((height + 2 * pad_y, width + 2 * pad_x, 3), np.uint8)
    front[:] = np.clip(body, 0, 255)
    front[pad_y : pad_y + height, pad_x : pad_x + width] = rgb
    radius = max(round(round_ * width), 1)
    alpha = np.zeros(front.shape[:2], np.uint8)
    right_, bottom_ = front.shape[1] - 1, front.shape[0] - 1
    cv2.rectangle(alpha, (radius, 0), (right_ - radius, bottom_), 255, -1)
    cv2.rectangle(alpha, (0, radius), (right_, bottom_ - radius), 255, -1)
    for corner in ((x, y) for x in (radius, right_ - radius) for y in (radius, bottom_ - radius)):
        cv2.circle(alpha, corner, radius, 255, -1)
    left, top, right, bottom = shown.face
    return Sheet(front, alpha, (left + pad_x, top + pad_y, right + pad_x, bottom + pad_y))


def marked(rng: Rng, rgb: Rgb) -> Rgb:
    """With what players and galleries draw over a picture: bars, a button, a line of progress, a row of signs."""
    out = rgb.copy()
    height, width = out.shape[:2]
    pale = tuple(map(int, np.clip(rng.uniform(180, 255, 3), 0, 255)))
    if rng.random() < 0.5:
        bar = max(round(height * rng.uniform(0.04, 0.2)), 1)
        where = slice(0, bar) if rng.random() < 0.5 else slice(height - bar, height)
        out[where] = np.clip(color(rng), 0, 255) if rng.random() < 0.7 else 240
    if rng.random() < 0.25:
        middle = (int(width * rng.uniform(0.35, 0.65)), int(height * rng.uniform(0.4, 0.9)))
        cv2.circle(out, middle, max(int(0.07 * width), 2), pale, -1 if rng.random() < 0.5 else 2, cv2.LINE_AA)
    if rng.random() < 0.4:
        y = int(height * rng.uniform(0.8, 0.97))
        cv2.line(out, (int(0.08 * width), y), (int(width * rng.uniform(0.3, 0.92)), y), pale, max(1, width // 120))
    if rng.random() < 0.4:
        y, count = int(height * rng.uniform(0.86, 0.97)), int(rng.integers(3, 7))
        for i in range(count):
            cv2.circle(out, (int(width * (i + 0.7) / (count + 0.4)), y), max(2, width // 60), pale, -1, cv2.LINE_AA)
    return out


def lit_pixels(rng: Rng, plain: bool) -> Pattern:
    """The grid of a screen's pixels, each of three coloured parts side by side, at a pitch of 0.4 to 6 camera pixels.

    plain: it can be seen in any case; otherwise not always.
    """
    pitch = np.float32(np.exp(rng.uniform(np.log(0.4), np.log(6.0))))
    visible = min(1.0, float(pitch) / 3.0)  # the lens blurs what is fine
    # Most cameras blur most of it: strong ones are the rare ones.
    columns, rows = rng.exponential(0.12) * visible + 0.03, rng.exponential(0.08) * visible + 0.02
    if plain:
        columns, rows = max(columns, 0.1), max(rows, 0.05)
    elif rng.random() < 0.5:
        columns, rows = 0.0, 0.0
    order = np.array([0, 1, 2] if rng.random() < 0.8 else [2, 1, 0])
    upright = rng.random() < 0.8

    def show(rgb: Array, x: Array, y: Array) -> Array:
        along, across = (x, y) if upright else (y, x)
        turn = np.float32(2 * np.pi) / pitch
        row = 1 + np.float32(rows) * np.cos(turn * across)
        parts = [1 + np.float32(columns) * np.cos(turn * along - np.float32(2 * np.pi / 3 * part)) for part in order]
        return rgb * np.dstack(parts) * row[..., None]

    return show


def emitted(rng: Rng, plain: bool) -> Pattern:
    """What a screen makes of a picture: gamma, white, strength, black that is not black. plain: see `lit_pixels`."""
    gamma, gain = rng.uniform(0.75, 1.35), rng.uniform(0.7, 1.5)
    white = np.array([rng.normal(0.97, 0.06), 1.0, rng.normal(1.04, 0.07)], np.float32)
    black = rng.uniform(0, 40) if rng.random() < 0.6 else 0.0
    table = 255 * (np.arange(256) / 255) ** gamma * gain
    curves = np.stack([black + (255 - black) / 255 * table * part for part in white], axis=-1).astype(np.float32)
    grid = lit_pixels(rng, plain)

    def show(rgb: Array, x: Array, y: Array) -> Array:
        index = rgb.astype(np.uint8)
        return grid(np.dstack([curves[index[..., c], c] for c in range(3)]), x, y)

    return show


def bands(rng: Rng, size: int) -> Array:
    """(size, 1) factors: rows that a rolling shutter caught while the backlight was dimmer."""
    y = np.arange(size, dtype=np.float32) / size
    wave = np.sin(2 * np.pi * (y * rng.uniform(0.6, 7) + rng.random()))
    if rng.random() < 0.5:
        wave = np.tanh(wave * rng.uniform(1, 6))
    return (1 - np.float32(rng.uniform(0.02, 0.25)) * (0.5 + 0.5 * wave)).astype(np.float32)[:, None]


def on_screen(
    rng: Rng,
    content: Content,
    room: Rgb,
    share: float,
    hands: Sequence[Rgb] = (),
    middle: tuple[float, float] = (0.5, 0.5),
) -> tuple[Rgb, Sides]:
    """`room` (S, S, 3) with a screen in it that shows `content`, its face `share` of the room high, about `middle`;
    and where that face is.

    hands: see `fingers`.
    """
    size = len(room)
    sheet = device(rng, content)
    matrix = sheet.held(rng, size, share, 0.12, middle)
    layer = seen(sheet, matrix, size, emitted(rng, fills(sheet, matrix, size)))
    rgb = layer.rgb.astype(np.float32)
    if rng.random() < 0.3:
        rgb *= bands(rng, size)[..., None]
    if rng.random() < 0.5:
        light = glare(rng, size)[..., None]
        rgb = rgb * (1 - 0.5 * light) + 255 * light * np.float32(rng.uniform(0.3, 1.0))
    around = room * np.float32(rng.uniform(0.25, 1.1))
    alpha = layer.alpha[..., None]
    scene = around * (1 - alpha) + rgb * alpha
    if rng.random() < 0.35:  # a bright screen blooms in the lens
        over = np.maximum(scene - rng.uniform(170, 250), 0) * alpha
        scene += rng.uniform(0.3, 1.5) * blurred(over, rng.uniform(0.01, 0.06) * size)
    if rng.random() < 0.3:  # too near for the lens, or focused on the room
        scene = cv2.GaussianBlur(scene, (0, 0), rng.uniform(0.4, 0.012 * size))
    out = np.clip(scene, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        out = lay(out, fingers(rng, matrix, sheet, size, 0.75 * share * size, hands), rng.uniform(0.25, 1.0))
    return out, face_on(sheet, matrix)


def lit_by_a_lamp(rng: Rng, rgb: Rgb) -> Rgb:
    """A real scene under a lamp that flickers, or with light in the lens: bands and veils are no screen's alone."""
    out = rgb.astype(np.float32)
    if rng.random() < 0.4:
        out *= bands(rng, len(rgb))[..., None]
    if rng.random() < 0.6:
        veil = rng.uniform(0.05, 0.4)
        tint = texture(rng, 8).mean(axis=(0, 1)) * 0.3 + 170
        out = out * (1 - veil) + tint * veil
    return np.clip(out, 0, 255).astype(np.uint8)
