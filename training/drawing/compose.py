"""Lays one or more things over a clean face and keeps the exact mask of what is foreign. No torch here."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from training.drawing import degrade, harmless, lenses, lower_face, things, wear
from training.drawing.canvas import Canvas
from training.drawing.held_up import Holder
from training.drawing.layers import Array, Layer, blend, cast_shadow, tone
from training.drawing.lower_face import Donor

Rng = np.random.Generator
Rgb = NDArray[np.uint8]
Points = NDArray[np.float32]

KINDS = {
    "clean": 0.16,
    "make_up": 0.03,
    "harmless": 0.06,
    "spectacles": 0.08,
    "glare": 0.05,
    "hand": 0.11,
    "finger": 0.05,
    "lips": 0.04,
    "thin": 0.08,
    "sliver": 0.05,
    "object": 0.07,
    "plaster": 0.03,
    "shades": 0.04,
    "tinted": 0.08,
    "mask": 0.03,
    "printed_mask": 0.07,
    "scarf": 0.02,
    "veil": 0.03,
}
"""Share of each kind among the composed samples."""

FOREIGN_KINDS = (
    ("hand", "finger", "lips", "thin", "sliver", "object", "plaster")
    + ("shades", "tinted", "mask", "printed_mask", "scarf", "veil")
)  # fmt: skip


@dataclass(frozen=True)
class Composite:
    """rgb (S, S, 3); foreign, hidden (S, S) float32 0 or 1: under a foreign thing, under a reflection on a lens."""

    rgb: Rgb
    foreign: Array
    hidden: Array
    kind: str


class Composer:
    """Draws from `patches`: kind -> RGBA cut-outs of one side of the split. Any kind may be missing.

    donors: other people of that side, whose faces are printed on masks.
    """

    def __init__(
        self,
        patches: dict[str, list[NDArray[np.uint8]]],
        shares: dict[str, float] | None = None,
        donors: list[Donor] | None = None,
    ) -> None:
        self._patches = patches
        self._shares = shares or KINDS
        self._donors = donors or []
        self._holder = Holder(self._pick)

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
        elif kind == "harmless":
            layers = self._harmless(rng, canvas)
        elif kind == "spectacles" and rng.random() < 0.25:
            layers = lenses.faint(rng, canvas.rgb, canvas.points)
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
                layer = layer if layer.lit else self._settle(rng, canvas, layer)
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
        if kind == "tinted":
            patch = self._pick(rng, "shades") if rng.random() < 0.35 else None
            if patch is None:
                return lenses.tinted(rng, canvas.rgb, canvas.points)
            return lenses.filtered(rng, canvas.rgb, wear.glasses_cutout(rng, canvas.points, size, patch))
        if kind == "printed_mask":
            return self._printed(rng, canvas)
        if kind == "veil":
            return lower_face.veil(rng, canvas.rgb, canvas.points, self._cloth(rng))
        if kind == "mask":
            worn = str(rng.choice(["right", "nose", "chin"], p=[0.72, 0.18, 0.1]))
            patch = self._pick(rng, "mask") if worn == "right" and rng.random() < 0.45 else None
            if patch is not None:
                if rng.random() < 0.5:
                    patch = patch.copy()
                    patch[..., :3] = tone(patch[..., :3], patch[..., 3] / np.float32(255), things.color(rng), 0.8)
                return [wear.mask_cutout(rng, canvas.points, size, patch)]
            cloth = self._pick(rng, "texture") if rng.random() < 0.25 else None
            layer = wear.mask(rng, canvas.points, size, worn, None if cloth is None else cloth[..., :3])
            marked = worn == "right" and rng.random() < 0.3
            return [lower_face.slit_mask(rng, canvas.points, size, layer) if marked else layer]
        if kind == "scarf":
            patch = self._pick(rng, "scarf")
            return (
                self._foreign(rng, canvas, "mask") if patch is None else [wear.scarf(rng, canvas.points, size, patch)]
            )
        return self._holder.hold(rng, canvas, kind)

    def _harmless(self, rng: Rng, canvas: Canvas) -> list[Layer]:
        size, what = canvas.rgb.shape[0], rng.choice(["shield", "letters", "adornment", "frame"])
        if what == "frame":
            return lower_face.frame(rng, canvas.rgb, canvas.points, self._cloth(rng))
        return getattr(harmless, what)(rng, canvas.points, size)

    def _cloth(self, rng: Rng) -> Rgb:
        picked = self._pick(rng, "texture") if rng.random() < 0.25 else None
        return things.texture(rng, 128) if picked is None else picked[..., :3]

    def _printed(self, rng: Rng, canvas: Canvas) -> list[Layer]:
        donor = self._donors[rng.integers(len(self._donors))] if self._donors and rng.random() < 0.5 else None
        return lower_face.printed_mask(rng, canvas.rgb, canvas.points, donor)
