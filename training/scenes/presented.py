"""People before a camera, and pictures of them shown to it: composed scenes, cut as the app cuts. No torch here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from core.settings import Settings
from core.vision.presentation import ViewCutter
from core.vision.reading import Box
from training.drawing import degrade
from training.drawing.canvas import Canvas
from training.drawing.compose import Composer
from training.drawing.held_up import forearm
from training.drawing.layers import polygon, smooth
from training.scenes.portrait import PERSON, SCREEN, Portrait, Scene, Sides
from training.scenes.prints import on_paper, shirt
from training.scenes.rooms import matte, room
from training.scenes.screens import Content, lit_by_a_lamp, on_screen, recorded
from training.scenes.sheets import blurred
from training.scenes.webcam import Webcam

Rng = np.random.Generator
Rgb = NDArray[np.uint8]

_SHARES = (0.5, 0.29, 0.21)
"""Of persons, screens and prints among the composed scenes."""
_IN_VIEW = 0.75  # share of the face's outline
_LARGER, _BESIDE = 0.05, 0.025  # deviation of the logarithm of a found face's size; of its middle, in faces
# What real people have on or before their faces: none of it makes an attack.
_BEFORE_A_FACE = {
    "clean": 6,
    "spectacles": 1,
    "glare": 0.5,
    "hand": 1,
    "finger": 0.3,
    "object": 1,
    "mask": 0.6,
    "thin": 0.3,
}


@dataclass
class Presentations:
    """views (N, 3, S, S, 3) uint8; label (N,) int64 of CLASSES; group (N,) str: which source; name (N,) str."""

    views: NDArray[np.uint8]
    label: NDArray[np.int64]
    group: NDArray[np.str_]
    name: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.label)

    def take(self, index: NDArray[np.integer] | NDArray[np.bool_]) -> Presentations:
        """Some of them."""
        return Presentations(self.views[index], self.label[index], self.group[index], self.name[index])

    @staticmethod
    def join(parts: Sequence[Presentations]) -> Presentations:
        """All of them, one after another."""
        return Presentations(
            *(np.concatenate([getattr(p, f) for p in parts]) for f in ("views", "label", "group", "name"))
        )


class Stage:
    """Composes scenes of `portraits`. patches: what may lie before a real face, see `Composer`."""

    group = "composed"

    def __init__(
        self, portraits: Sequence[Portrait], pictures: Sequence[Rgb], patches: dict[str, list[NDArray[np.uint8]]]
    ) -> None:
        self._portraits, self._pictures = portraits, pictures
        self._composer = Composer(patches, {kind: float(share) for kind, share in _BEFORE_A_FACE.items()})
        self._hands = [forearm(np.random.default_rng(1), hand) for hand in patches.get("hand", ())[::8]]
        self._mattes: dict[int, NDArray[np.float32]] = {}

    def scene(self, rng: Rng) -> Scene:
        """One picture."""
        label = int(rng.choice(3, p=_SHARES))
        index = int(rng.integers(len(self._portraits)))
        size = int(np.exp(rng.uniform(np.log(170), np.log(430))))
        share = float(rng.uniform(0.3, 0.62) if rng.random() < 0.8 else rng.uniform(0.62, 0.9))
        if label == PERSON:
            canvas = self._person(rng, index, size, share)
            rgb = lit_by_a_lamp(rng, canvas.rgb) if rng.random() < 0.2 else canvas.rgb
            made = self._composer.compose(rng, Canvas(rgb, canvas.points), self._composer.kind(rng))
            return _framed(rng, Scene(made.rgb, label, _around(canvas.points), self._portraits[index].source))
        content = recorded(rng, self._content(rng, index))
        around = shirt(rng, size) if rng.random() < 0.3 else self._around(rng, size)
        show = on_screen if label == SCREEN else on_paper
        rgb, face = show(rng, content, around, share, self._hands)
        rgb = degrade.light(rng, rgb) if rng.random() < 0.6 else rgb
        return _framed(rng, Scene(degrade.camera(rng, rgb), label, face, self._portraits[index].source))

    def _around(self, rng: Rng, size: int) -> Rgb:
        """Behind a shown picture: a room, at times with a person in it whom the picture hides."""
        if rng.random() < 0.25:
            return self._person(rng, int(rng.integers(len(self._portraits))), size, float(rng.uniform(0.25, 0.5))).rgb
        return room(rng, size, self._pictures)

    def _content(self, rng: Rng, index: int) -> Content:
        """The picture that is shown: a portrait as it is, or a person in a room."""
        portrait = self._portraits[index]
        if rng.random() < 0.55:
            return Content(portrait.rgb, portrait.face)
        canvas = self._person(rng, index, int(rng.uniform(260, 520)), float(rng.uniform(0.25, 0.55)))
        return Content(canvas.rgb, _around(canvas.points))

    def _person(self, rng: Rng, index: int, size: int, share: float) -> Canvas:
        """A portrait laid into a square, its face `share` of it high; before a room, or with its own surroundings."""
        portrait = self._portraits[index]
        left, top, right, bottom = portrait.face
        cut_out = portrait.airy and rng.random() < 0.6
        if not cut_out:  # a photo that ends near the face fills the frame
            share = max(share, (bottom - top) / min(portrait.rgb.shape[:2]) * rng.uniform(0.85, 1.1))
        scale = share * size / max(bottom - top, 1.0)
        angle = np.radians(rng.normal(0, 4))
        linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        at = size * np.array([0.5 + rng.normal(0, 0.05), 0.5 + rng.normal(0, 0.06)])
        matrix = np.hstack([linear, (at - linear @ ((left + right) / 2, (top + bottom) / 2))[:, None]])
        rgb, points = portrait.rgb, _moved(portrait.points, matrix)
        if scale < 0.8:
            rgb = cv2.GaussianBlur(rgb, (0, 0), 0.35 / scale)
        if cut_out:
            return Canvas(self._before_a_room(rng, index, rgb, matrix, size), points)
        if rng.random() < 0.5:
            return Canvas(cv2.warpAffine(rgb, matrix, (size, size), borderMode=cv2.BORDER_REFLECT_101), points)
        cut = cv2.warpAffine(rgb, matrix, (size, size), borderMode=cv2.BORDER_REPLICATE)
        own = cv2.warpAffine(np.ones(rgb.shape[:2], np.uint8), matrix, (size, size))[..., None]
        return Canvas(np.where(own, cut, blurred(cut, rng.uniform(0.02, 0.06) * size)), points)

    def _before_a_room(self, rng: Rng, index: int, rgb: Rgb, matrix: NDArray[np.float64], size: int) -> Rgb:
        portrait = self._portraits[index]
        if index not in self._mattes:
            self._mattes[index] = matte(portrait.rgb, portrait.face)
        behind = room(rng, size, self._pictures) * np.clip(rng.normal(0.9, 0.3), 0.2, 1.5)
        against_the_light = rng.random() < 0.3
        gain = rng.uniform(0.25, 0.8) if against_the_light else 1.0
        behind = behind * rng.uniform(1.2, 2.2) + rng.uniform(0, 60) if against_the_light else behind
        # Below the photo's edge the body goes on.
        left, top, right, bottom = portrait.face
        body = np.array([(-0.3, 1.0), (0.3, 1.0), (1.5, 1.5), (1.8, 6.0), (-1.8, 6.0), (-1.5, 1.5)])
        body = body * rng.uniform(0.9, 1.1, body.shape) * (right - left, bottom - top) + ((left + right) / 2, top)
        trunk = polygon(smooth(_moved(body, matrix)), size, 0.8)[..., None]
        scene = behind * (1 - trunk) + shirt(rng, size) * trunk
        person = cv2.warpAffine(rgb, matrix, (size, size), borderMode=cv2.BORDER_REPLICATE)
        seen = cv2.warpAffine(self._mattes[index], matrix, (size, size))[..., None]
        whole = person * seen + scene * (1 - seen)
        solid = np.maximum(seen, trunk)
        return np.clip(whole * (gain * solid + 1 - solid), 0, 255).astype(np.uint8)


def _framed(rng: Rng, scene: Scene) -> Scene:
    """The middle of a square, as wide or as tall as cameras' frames are; at times the square."""
    size = len(scene.rgb)
    roll = rng.random()
    less = round(size * (1 - rng.uniform(0.56, 0.8)) / 2)
    left, top, right, bottom = scene.face
    if roll < 0.45:
        rgb = np.ascontiguousarray(scene.rgb[less : size - less])
        return replace(scene, rgb=rgb, face=(left, top - less, right, bottom - less))
    if roll < 0.65:
        rgb = np.ascontiguousarray(scene.rgb[:, less : size - less])
        return replace(scene, rgb=rgb, face=(left - less, top, right - less, bottom))
    return scene


def _around(points: NDArray[np.float32]) -> Sides:
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


class Cutter:
    """Cuts the views of a scene as the app does, from a face that a finder would put there."""

    def __init__(self) -> None:
        self._cutter = ViewCutter(Settings().presentation)

    def exact(self, rgb: Rgb, face: Sides) -> NDArray[np.uint8]:
        """(3, S, S, 3)."""
        return self._cutter.cut_round(rgb, Box(*face))

    def about(self, rng: Rng, rgb: Rgb, face: Sides) -> NDArray[np.uint8]:
        """As `exact`, of a face found a little larger or smaller and beside it, as on another frame."""
        left, top, right, bottom = face
        tall = max(right - left, bottom - top)
        half = np.array([right - left, bottom - top]) / 2 * np.exp(rng.normal(0, _LARGER))
        middle = np.array([left + right, top + bottom]) / 2 + rng.normal(0, _BESIDE, 2) * tall
        return self.exact(rgb, (*(middle - half), *(middle + half)))


def compose(stage: Stage | Webcam, count: int, seed: int) -> Presentations:
    """`count` composed scenes; those with too little of the face in view are drawn again."""
    cutter = Cutter()
    views: list[NDArray[np.uint8]] = []
    scenes: list[tuple[int, str]] = []
    number = 0
    while len(views) < count:
        rng = np.random.default_rng([seed, number])
        number += 1
        scene = stage.scene(rng)
        if scene.in_view < _IN_VIEW:
            continue
        views.append(cutter.about(rng, scene.rgb, scene.face))
        scenes.append((scene.label, scene.sources))
    label, name = zip(*scenes, strict=True)
    return Presentations(np.stack(views), np.array(label), np.full(count, stage.group), np.array(name))


def _moved(points: NDArray[np.floating], matrix: NDArray[np.float64]) -> NDArray[np.float32]:
    return (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
