"""People before a camera, and pictures of them shown to it: composed scenes, cut as the app cuts. No torch here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.settings import Settings
from core.vision.assets import ensure_face_model
from core.vision.landmarks import FaceFinder
from core.vision.others import outline_box
from core.vision.presentation import ViewCutter
from core.vision.reading import Frame
from training import degrade
from training.canvas import Canvas
from training.compose import Composer
from training.held_up import forearm
from training.layers import polygon, smooth
from training.portrait import PERSON, SCREEN, Portrait
from training.prints import on_paper, shirt
from training.rooms import matte, room
from training.screens import Content, lit_by_a_lamp, on_screen
from training.sheets import blurred
from training.webcam import Webcam

Rng = np.random.Generator
Rgb = NDArray[np.uint8]

_SHARES = (0.5, 0.29, 0.21)
"""Of persons, screens and prints among the composed scenes."""
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


class Viewer:
    """Finds the face of a picture as the app does, and cuts its views. One per process."""

    def __init__(self) -> None:
        settings = Settings()
        self._finder = FaceFinder(ensure_face_model(), settings.landmarks)
        self._cutter = ViewCutter(settings.presentation)

    def portrait(self, rgb: Rgb, source: str) -> Portrait | None:
        """The largest face of a photo, or None."""
        found = self._finder.find(Frame(rgb, 0.0))
        if not found:
            return None
        box = outline_box(found[0])
        return Portrait(rgb, found[0].landmarks[:, :2], (box.left, box.top, box.right, box.bottom), source)

    def views(self, rgb: Rgb) -> NDArray[np.uint8] | None:
        """(3, S, S, 3) of the largest face, or None."""
        found = self._finder.find(Frame(rgb, 0.0))
        return self._cutter.cut(rgb, found[0]) if found else None


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

    def scene(self, rng: Rng) -> tuple[Rgb, int, str]:
        """(picture, its class, whose face)."""
        label = int(rng.choice(3, p=_SHARES))
        index = int(rng.integers(len(self._portraits)))
        size = int(np.exp(rng.uniform(np.log(170), np.log(430))))
        share = float(rng.uniform(0.3, 0.62) if rng.random() < 0.8 else rng.uniform(0.62, 0.9))
        if label == PERSON:
            canvas = self._person(rng, index, size, share)
            rgb = lit_by_a_lamp(rng, canvas.rgb) if rng.random() < 0.2 else canvas.rgb
            made = self._composer.compose(rng, Canvas(rgb, canvas.points), self._composer.kind(rng))
            return _framed(rng, made.rgb), label, self._portraits[index].source
        content = self._content(rng, index)
        around = shirt(rng, size) if rng.random() < 0.3 else self._around(rng, size)
        show = on_screen if label == SCREEN else on_paper
        rgb = show(rng, content, around, share, self._hands)
        rgb = degrade.light(rng, rgb) if rng.random() < 0.6 else rgb
        return _framed(rng, degrade.camera(rng, rgb)), label, self._portraits[index].source

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
        oval = canvas.points
        low, high = oval.min(axis=0), oval.max(axis=0)
        return Content(canvas.rgb, (float(low[0]), float(low[1]), float(high[0]), float(high[1])))

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


def _framed(rng: Rng, rgb: Rgb) -> Rgb:
    """The middle of a square, as wide or as tall as cameras' frames are; at times the square."""
    size = len(rgb)
    roll = rng.random()
    less = round(size * (1 - rng.uniform(0.56, 0.8)) / 2)
    if roll < 0.45:
        return np.ascontiguousarray(rgb[less : size - less])
    return np.ascontiguousarray(rgb[:, less : size - less]) if roll < 0.65 else rgb


def compose(stage: Stage | Webcam, viewer: Viewer, count: int, seed: int) -> Presentations:
    """`count` composed scenes; those in which no face is found are drawn again."""
    views: list[NDArray[np.uint8]] = []
    label: list[int] = []
    name: list[str] = []
    number = 0
    while len(views) < count:
        rng = np.random.default_rng([seed, number])
        number += 1
        rgb, kind, source = stage.scene(rng)
        seen = viewer.views(rgb)
        if seen is not None:
            views.append(seen)
            label.append(kind)
            name.append(source)
    return Presentations(np.stack(views), np.array(label), np.full(count, stage.group), np.array(name))


def _moved(points: NDArray[np.floating], matrix: NDArray[np.float64]) -> NDArray[np.float32]:
    return (points @ matrix[:, :2].T + matrix[:, 2]).astype(np.float32)
