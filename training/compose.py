"""Lays one or more things over a clean face and keeps the exact mask of what is foreign. No torch here."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import EYELIDS, OUTLINES, Region
from training import degrade, things, wear
from training.layers import Array, Layer, blend, cast_shadow, place, tone

Rng = np.random.Generator
Rgb = NDArray[np.uint8]
Points = NDArray[np.float32]

KINDS = {
    "clean": 0.24,
    "make_up": 0.03,
    "spectacles": 0.1,
    "glare": 0.06,
    "hand": 0.16,
    "finger": 0.07,
    "thin": 0.12,
    "object": 0.09,
    "shades": 0.08,
    "mask": 0.07,
    "scarf": 0.02,
}
"""Share of each kind among the composed samples."""

_JAW_LEFT, _JAW_RIGHT = (132, 58, 172, 136, 150, 149), (361, 288, 397, 365, 379, 378)  # image left, image right

FOREIGN_KINDS = ("hand", "finger", "thin", "object", "shades", "mask", "scarf")


@dataclass(frozen=True)
class Canvas:
    """A square cut of a photo: rgb (S, S, 3), points (478, 2) the mesh found on the untouched photo."""

    rgb: Rgb
    points: Points

    @property
    def unit(self) -> float:
        """Inter-eye distance in pixels."""
        return float(np.hypot(*np.diff(wear.eye_centers(self.points), axis=0)[0]))


@dataclass(frozen=True)
class Composite:
    """rgb (S, S, 3); foreign, hidden (S, S) float32 0 or 1: under a foreign thing, under a reflection on a lens."""

    rgb: Rgb
    foreign: Array
    hidden: Array
    kind: str


def cut_canvas(rng: Rng, rgb: Rgb, points: Points, sides: tuple[int, int] = (170, 440)) -> Canvas:
    """A random square round the face: size, turn, shift and a little perspective vary."""
    unit = float(np.hypot(*np.diff(wear.eye_centers(points), axis=0)[0]))
    size = int(np.exp(rng.uniform(*np.log(sides))))
    scale = size / (unit * rng.uniform(3.6, 5.4))
    angle = np.radians(rng.normal(0, 7))
    linear = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = linear @ np.diag([1.0, rng.uniform(0.94, 1.06)])
    middle = points[[234, 454, 10, 152]].mean(axis=0)
    shift = np.array([size / 2, size / 2]) + rng.normal(0, 0.04, 2) * size - linear @ middle
    matrix = np.vstack([np.hstack([linear, shift[:, None]]), [0, 0, 1]])
    if rng.random() < 0.3:
        matrix = np.array([[1, 0, 0], [0, 1, 0], [*rng.normal(0, 0.12, 2) / size, 1]]) @ matrix
    border = cv2.BORDER_REFLECT_101 if rng.random() < 0.6 else cv2.BORDER_REPLICATE
    blur = 0.35 / scale if scale < 0.8 else 0
    source = cv2.GaussianBlur(rgb, (0, 0), blur) if blur else rgb
    cut = cv2.warpPerspective(source, matrix, (size, size), flags=cv2.INTER_LINEAR, borderMode=border)
    moved = cv2.perspectiveTransform(points[None].astype(np.float64), matrix)[0]
    return Canvas(cut, moved.astype(np.float32))


class Composer:
    """Draws from `patches`: kind -> RGBA cut-outs of one side of the split. Any kind may be missing."""

    def __init__(self, patches: dict[str, list[NDArray[np.uint8]]], shares: dict[str, float] | None = None) -> None:
        self._patches = patches
        self._shares = shares or KINDS

    def kind(self, rng: Rng) -> str:
        """A kind, drawn by its share."""
        shares = np.array(list(self._shares.values()))
        return str(rng.choice(list(self._shares), p=shares / shares.sum()))

    def compose(self, rng: Rng, canvas: Canvas, kind: str) -> Composite:
        """`canvas` with one thing of `kind` (now and then a second one) over it, lit and filmed."""
        size = canvas.rgb.shape[0]
        rgb = canvas.rgb
        foreign = np.zeros((size, size), np.float32)
        hidden = np.zeros((size, size), np.float32)
        layers: list[Layer] = []
        if kind == "make_up":
            layers = wear.make_up(rng, canvas.points, size)
        elif kind in ("spectacles", "glare"):
            glare = "strong" if kind == "glare" else ("weak" if rng.random() < 0.5 else None)
            patch = self._pick(rng, "spectacles") if rng.random() < 0.35 else None
            layers, hidden = wear.spectacles(rng, canvas.points, size, patch, glare)
        elif kind != "clean":
            if kind in ("hand", "finger", "thin", "object", "mask") and rng.random() < 0.12:
                layers, _ = wear.spectacles(rng, canvas.points, size, self._pick(rng, "spectacles"), None)
            layers += self._foreign(rng, canvas, kind)
            if rng.random() < 0.08:
                layers += self._foreign(rng, canvas, str(rng.choice(["hand", "finger", "thin", "object"])))
        for layer in layers:
            if layer.foreign.any():
                layer = self._settle(rng, canvas, layer)
                rgb = cast_shadow(rgb, layer.alpha, rng, canvas.unit) if rng.random() < 0.7 else rgb
            rgb = blend(rgb, layer)
            foreign = np.maximum(foreign, layer.foreign)
        rgb = degrade.camera(rng, degrade.light(rng, rgb))
        return Composite(rgb, foreign, hidden, kind)

    def _pick(self, rng: Rng, kind: str) -> NDArray[np.uint8] | None:
        patches = self._patches.get(kind)
        return patches[rng.integers(len(patches))] if patches else None

    def _settle(self, rng: Rng, canvas: Canvas, layer: Layer) -> Layer:
        """The layer under the scene's light, its edge as soft as the scene, at times moving."""
        face = canvas.rgb[canvas.rgb.shape[0] // 3 : 2 * canvas.rgb.shape[0] // 3]
        gain = np.clip(face.mean() / 135 * rng.uniform(0.7, 1.35), 0.3, 1.3)
        rgb = np.clip(layer.rgb * gain, 0, 255).astype(np.uint8)
        alpha = layer.alpha
        if rng.random() < 0.5:
            alpha = cv2.GaussianBlur(alpha, (0, 0), rng.uniform(0.3, 0.9))
        if rng.random() < 0.1:
            kernel = degrade.motion(rng, max(3, int(rng.uniform(0.03, 0.16) * canvas.unit)))
            rgb, alpha = cv2.filter2D(rgb, -1, kernel), cv2.filter2D(alpha, -1, kernel)
        return Layer(rgb, alpha, layer.foreign)

    def _foreign(self, rng: Rng, canvas: Canvas, kind: str) -> list[Layer]:
        size = canvas.rgb.shape[0]
        if kind == "shades":
            return wear.shades(rng, canvas.points, size, self._pick(rng, "shades") if rng.random() < 0.7 else None)
        if kind == "mask":
            worn = str(rng.choice(["right", "nose", "chin"], p=[0.72, 0.18, 0.1]))
            patch = self._pick(rng, "mask") if worn == "right" and rng.random() < 0.45 else None
            if patch is not None:
                if rng.random() < 0.5:
                    patch = patch.copy()
                    patch[..., :3] = tone(patch[..., :3], patch[..., 3] / np.float32(255), things.color(rng), 0.8)
                return [wear.mask_cutout(rng, canvas.points, size, patch)]
            cloth = self._pick(rng, "texture") if rng.random() < 0.25 else None
            return [wear.mask(rng, canvas.points, size, worn, None if cloth is None else cloth[..., :3])]
        if kind == "scarf":
            patch = self._pick(rng, "scarf")
            return (
                self._foreign(rng, canvas, "mask") if patch is None else [wear.scarf(rng, canvas.points, size, patch)]
            )
        if kind == "hand" and rng.random() < 0.3:
            return self._resting(rng, canvas)
        target = target_point(rng, canvas.points)
        if kind == "thin" and rng.random() < 0.3:
            return [self._cable(rng, canvas, target)]
        patch, anchor, length = self._held(rng, canvas, kind)
        degrees = self._angle(rng, canvas, target)
        return [place(patch, anchor, target, length * canvas.unit / patch.shape[1], degrees, size)]

    def _resting(self, rng: Rng, canvas: Canvas) -> list[Layer]:
        """One hand or both along the jaw, fingers up: a face that rests on its hands."""
        center = canvas.points[[234, 454, 152, 10]].mean(axis=0)
        layers = []
        for side in ((-1, 1), (-1,), (1,))[rng.integers(0, 3)]:
            patch, _, length = self._held(rng, canvas, "hand")
            jaw = canvas.points[(_JAW_LEFT if side < 0 else _JAW_RIGHT)[rng.integers(0, len(_JAW_LEFT))]]
            target = jaw + rng.uniform(-0.15, 0.25) * (jaw - center)
            ys, xs = np.nonzero(patch[..., 3] > 128)
            anchor = float(np.quantile(xs, rng.uniform(0.5, 0.95))), float(np.median(ys))
            degrees = -90 - side * rng.normal(12, 22)
            scale = length * canvas.unit / patch.shape[1]
            layers.append(place(patch, anchor, target, scale, degrees, canvas.rgb.shape[0]))
        return layers

    def _cable(self, rng: Rng, canvas: Canvas, target: NDArray) -> Layer:
        angle = rng.uniform(0, 2 * np.pi)
        way = np.array([np.cos(angle), np.sin(angle)]) * 4 * canvas.unit
        start, end = target - way, target + way * rng.uniform(0.02, 1) + rng.normal(0, 0.5, 2) * canvas.unit
        return things.cable(rng, start, target + rng.normal(0, 0.1, 2) * canvas.unit, end, canvas.unit, len(canvas.rgb))

    def _held(self, rng: Rng, canvas: Canvas, kind: str) -> tuple[NDArray[np.uint8], tuple[float, float], float]:
        """(patch lying along x with its tip on the right, anchor in it, length in inter-eye distances)."""
        if kind == "thin":
            patch = things.stick(rng)
            length = patch.shape[1] * rng.uniform(0.06, 0.2) / (patch.shape[0] - 4)
            return patch, (patch.shape[1] * (1 - rng.exponential(0.12)), patch.shape[0] / 2), length
        if kind == "finger":
            patch = things.finger(rng)
            length = patch.shape[1] * rng.uniform(0.22, 0.45) / patch.shape[0]
            patch = self._skin(rng, canvas, patch)
            return patch, (patch.shape[1] * (1 - rng.uniform(0, 0.25)), patch.shape[0] / 2), length
        if kind == "hand" and (hand := self._pick(rng, "hand")) is not None:
            patch = forearm(rng, self._skin(rng, canvas, hand))
            patch = patch if rng.random() < 0.5 else patch[::-1]
            return np.ascontiguousarray(patch), inside(rng, patch), rng.uniform(1.5, 2.6) * patch.shape[1] / 170
        picked = self._pick(rng, "object") if rng.random() < 0.45 else None
        patch = things.card(rng) if rng.random() < 0.6 else things.blob(rng)
        patch = patch if picked is None else picked
        patch = np.ascontiguousarray(np.rot90(patch, int(rng.integers(0, 4))))
        return patch, inside(rng, patch), rng.uniform(0.6, 2.6)

    def _skin(self, rng: Rng, canvas: Canvas, patch: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """A hand in the person's own skin tone, or in anyone's."""
        patch = patch.copy()
        solid = patch[..., 3] > 128
        if rng.random() < 0.55:
            cheek = np.round(canvas.points[[50, 280, 117, 346]]).astype(int).clip(0, len(canvas.rgb) - 1)
            mean = canvas.rgb[cheek[:, 1], cheek[:, 0]].mean(axis=0) * rng.normal(1, 0.08, 3)
            # _settle multiplies by the scene's light again.
            mean = mean / np.clip(canvas.rgb.mean() / 135, 0.4, 1.2)
        else:
            mean = things.skin(rng)
        # The pack's hands are strongly lit and red: keep their shading, softened, and a part of their own hue.
        own = patch[..., :3].astype(np.float32)
        level = own.mean(axis=2, keepdims=True)
        shading = (level / max(float(level[solid].mean()), 1.0)) ** rng.uniform(0.4, 1.0)
        hue = (own / np.maximum(level, 1)) / (own[solid].mean(axis=0) / level[solid].mean())
        painted = mean * shading * np.clip(hue, 0.6, 1.6) ** rng.uniform(0.1, 0.8)
        patch[..., :3] = np.clip(painted, 0, 255).astype(np.uint8)
        return patch

    def _angle(self, rng: Rng, canvas: Canvas, target: NDArray) -> float:
        """Degrees: things reach in from below and from the sides more often than from above."""
        if rng.random() < 0.3:
            return float(rng.uniform(-180, 180))
        outward = np.arctan2(*(target - canvas.points[6])[::-1])
        upward = np.radians(rng.uniform(-170, -10))
        angle = upward if rng.random() < 0.6 else outward + np.pi + rng.normal(0, 0.6)
        return float(np.degrees(angle))


def target_point(rng: Rng, points: Points) -> NDArray[np.float32]:
    """A point of a region, eyes and mouth more often than the rest; at times anywhere on the face."""
    weights = {region: 1.0 for region in Region}
    for region in (Region.LEFT_EYE, Region.RIGHT_EYE):
        weights[region] = 3.5
    weights[Region.NOSE] = weights[Region.MOUTH] = 2.5
    share = np.array(list(weights.values()))
    region = list(weights)[rng.choice(len(share), p=share / share.sum())]
    outline = points[list(EYELIDS.get(region, ()) if rng.random() < 0.7 and region in EYELIDS else OUTLINES[region])]
    weight = rng.dirichlet(np.full(len(outline), 0.6))
    return (outline * weight[:, None]).sum(axis=0)


def inside(rng: Rng, patch: NDArray[np.uint8]) -> tuple[float, float]:
    """(x, y) of an opaque pixel; half the time one of those farthest to the right, where a hand's fingers are."""
    ys, xs = np.nonzero(patch[..., 3] > 128)
    if rng.random() < 0.5:
        far = xs >= np.quantile(xs, 0.9)
        ys, xs = ys[far], xs[far]
    pick = rng.integers(len(xs))
    return float(xs[pick]), float(ys[pick])


def forearm(rng: Rng, patch: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A hand (fingers up in the pack) turned to lie along x, fingers right, its wrist drawn out to an arm."""
    patch = np.rot90(patch, 3)
    if rng.random() < 0.25:
        return np.ascontiguousarray(patch)
    edge = patch[:, 4:12].mean(axis=1).astype(np.uint8)
    if np.count_nonzero(edge[:, 3] > 128) < 0.25 * len(edge):
        return np.ascontiguousarray(patch)
    arm = np.repeat(edge[:, None], int(rng.uniform(40, 260)), axis=1)
    arm[..., 3] = np.where(arm[..., 3] > 128, 255, 0)
    return np.hstack([arm, patch[:, 4:]])
