"""Whole frames of a camera: a person in them, or a screen or a print in the person's place. No torch here.

Person and attack come from the same frame and go through the same camera, so that neither room nor camera tells which.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.drawing import degrade
from training.scenes.portrait import PERSON, SCREEN, Portrait, Scene, Sides
from training.scenes.prints import on_paper, shirt
from training.scenes.screens import Content, lit_by_a_lamp, on_screen, recorded
from training.scenes.sheets import blurred

Rng = np.random.Generator
Rgb = NDArray[np.uint8]

_Show = Callable[[Rng, Content, Rgb, float, Sequence[Rgb], tuple[float, float]], tuple[Rgb, Sides]]

_SHARES = (0.4, 0.34, 0.26)
"""Of persons, screens and prints."""
_FULL = 0.12  # share of the attacks that fill the frame: the shown frame is the frame


@dataclass(frozen=True)
class _Shot:
    """A frame in a square. rgb (S, S, 3); inside: (left, top, right, bottom) of the frame itself; face: likewise."""

    rgb: Rgb
    inside: tuple[float, float, float, float]
    face: tuple[float, float, float, float]


class Webcam:
    """Composes with `frames`, of cameras before people; `photos` are shown beside them; hands: see `fingers`."""

    group = "webcam"

    def __init__(self, frames: Sequence[Portrait], photos: Sequence[Portrait], hands: Sequence[Rgb]) -> None:
        self._frames, self._photos, self._hands = frames, photos, hands
        self._sources = sorted({frame.origin for frame in frames})

    def scene(self, rng: Rng) -> Scene:
        """One picture."""
        label = int(rng.choice(3, p=_SHARES))
        own = self._of(self._sources[int(rng.integers(len(self._sources)))])
        frame = own[int(rng.integers(len(own)))]
        size = int(np.exp(rng.uniform(np.log(260), np.log(640))))
        shot = _shot(rng, frame, size)
        if label == PERSON:
            rgb = lit_by_a_lamp(rng, shot.rgb) if rng.random() < 0.15 else shot.rgb
            return _finished(rng, _Shot(rgb, shot.inside, shot.face), label, frame.source)
        shown = self._shown(rng, own)
        show = on_screen if label == SCREEN else on_paper
        source = f"{frame.source}\n{shown.source}"
        if rng.random() < _FULL:
            return _finished(rng, self._whole(rng, show, shown, size), label, source)
        left, top, right, bottom = shot.face
        share = float((bottom - top) / size * np.clip(rng.normal(1.0, 0.25), 0.55, 1.6))
        x, y = (left + right) / 2 / size, (top + bottom) / 2 / size
        content = recorded(rng, Content(shown.rgb, shown.face))
        rgb, face = show(rng, content, self._holder(rng, shot), share, self._hands, (x, y))
        return _finished(rng, _Shot(rgb, shot.inside, face), label, source)

    def _of(self, source: str) -> list[Portrait]:
        return [frame for frame in self._frames if frame.origin == source]

    def _shown(self, rng: Rng, own: Sequence[Portrait]) -> Portrait:
        """The picture shown: mostly a frame of the same camera."""
        pictures = self._photos if self._photos and rng.random() < 0.4 else own
        return pictures[int(rng.integers(len(pictures)))]

    def _holder(self, rng: Rng, shot: _Shot) -> Rgb:
        """What is seen behind the sheet: the frame with the person in it, or whoever holds it, from near."""
        roll = rng.random()
        size = len(shot.rgb)
        left, _, right, bottom = map(int, shot.face)
        if roll < 0.3 and size - bottom > 0.35 * (right - left):
            chest = shot.rgb[bottom:, max(left - (right - left), 0) : right + (right - left)]
            return cv2.resize(chest, (size, size), interpolation=cv2.INTER_LINEAR)
        if roll < 0.4:
            return shirt(rng, size)
        return shot.rgb if rng.random() < 0.6 else blurred(shot.rgb, rng.uniform(0.3, 0.02 * size))

    def _whole(self, rng: Rng, show: _Show, shown: Portrait, size: int) -> _Shot:
        tall = shown.face[3] - shown.face[1]
        share = float(np.clip(1.05 * tall / min(shown.rgb.shape[:2]), 0.2, 0.9))
        rgb, face = show(rng, recorded(rng, Content(shown.rgb, shown.face)), shirt(rng, size), share, (), (0.5, 0.5))
        return _Shot(rgb, (0, 0, size, size), face)


def _shot(rng: Rng, frame: Portrait, size: int) -> _Shot:
    """`frame` in a square of `size`, its longer side as long, at times a part of it."""
    height, width = frame.rgb.shape[:2]
    zoom = size / max(height, width)
    if rng.random() < 0.3:
        zoom *= rng.uniform(1.0, 1.5)
    x = (size - zoom * width) / 2 if zoom * width <= size else size / 2 - zoom * (frame.face[0] + frame.face[2]) / 2
    y = (size - zoom * height) / 2 if zoom * height <= size else size / 2 - zoom * (frame.face[1] + frame.face[3]) / 2
    rgb = frame.rgb
    if zoom < 0.8:
        rgb = cv2.GaussianBlur(rgb, (0, 0), 0.35 / zoom)
    placed = cv2.warpAffine(
        rgb, np.array([[zoom, 0, x], [0, zoom, y]]), (size, size), borderMode=cv2.BORDER_REFLECT_101
    )
    inside = (max(x, 0), max(y, 0), min(x + zoom * width, size), min(y + zoom * height, size))
    left, top, right, bottom = frame.face
    return _Shot(placed, inside, (left * zoom + x, top * zoom + y, right * zoom + x, bottom * zoom + y))


def _exposed(rng: Rng, shot: _Shot) -> Rgb:
    """With the exposure that a camera chooses by what is in its middle."""
    size = len(shot.rgb)
    middle = shot.rgb[size // 4 : 3 * size // 4 : 4, size // 4 : 3 * size // 4 : 4]
    gain = np.clip(rng.uniform(85, 160) / max(middle.mean(), 1.0), 0.5, 2.5)
    return cv2.convertScaleAbs(shot.rgb, alpha=float(gain))


def _finished(rng: Rng, shot: _Shot, label: int, sources: str) -> Scene:
    """The part of the square that the camera gives, in its light and with its faults; or only the face and its rim."""
    rgb = _exposed(rng, shot) if rng.random() < 0.6 else shot.rgb
    rgb = degrade.light(rng, rgb) if rng.random() < 0.35 else rgb
    left, top, right, bottom = shot.inside
    if rng.random() < 0.25:
        face = np.array(shot.face)
        across, tall = face[2] - face[0], face[3] - face[1]
        rim = rng.uniform(0.02, 0.5, 4) * (across, tall, across, tall)
        left, top = max(left, face[0] - rim[0]), max(top, face[1] - rim[1])
        right, bottom = min(right, face[2] + rim[2]), min(bottom, face[3] + rim[3])
    elif rng.random() < 0.5:
        cut = rng.uniform(0, 0.08, 4)
        across, tall = right - left, bottom - top
        left, top, right, bottom = (
            left + cut[0] * across,
            top + cut[1] * tall,
            right - cut[2] * across,
            bottom - cut[3] * tall,
        )
    x, y = round(left), round(top)
    part = rgb[y : max(round(bottom), y + 16), x : max(round(right), x + 16)]
    x0, y0, x1, y1 = shot.face[0] - x, shot.face[1] - y, shot.face[2] - x, shot.face[3] - y
    if rng.random() < 0.5:
        part, (x0, x1) = part[:, ::-1], (part.shape[1] - x1, part.shape[1] - x0)
    return Scene(degrade.camera(rng, np.ascontiguousarray(part)), label, (x0, y0, x1, y1), sources)
