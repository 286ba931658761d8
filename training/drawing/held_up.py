"""What is held before a face or stuck to it: hands, fingers, sticks, cables, cards, plasters. No torch here."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from core.regions import EYE_CORNERS, EYELIDS, EYES, OUTLINES, Region
from training.drawing import things
from training.drawing.canvas import Canvas
from training.drawing.layers import Layer, place

Rng = np.random.Generator
Points = NDArray[np.float32]
Pick = Callable[[Rng, str], "NDArray[np.uint8] | None"]

_JAW_LEFT, _JAW_RIGHT = (132, 58, 172, 136, 150, 149), (361, 288, 397, 365, 379, 378)  # image left, image right


class Holder:
    """Holds things up. pick: a cut-out of a kind, None where there is none."""

    def __init__(self, pick: Pick) -> None:
        self._pick = pick

    def hold(self, rng: Rng, canvas: Canvas, kind: str) -> list[Layer]:
        """kind: hand, finger, lips (fingers at them), thin, sliver, object or plaster."""
        if kind == "lips":
            return self._at_lips(rng, canvas)
        if kind == "plaster":
            return self._stuck(rng, canvas)
        if kind == "hand" and rng.random() < 0.3:
            return self._resting(rng, canvas)
        target = fine_point(rng, canvas.points) if kind == "sliver" else target_point(rng, canvas.points)
        if kind == "thin" and rng.random() < 0.3:
            return [self._cable(rng, canvas, target)]
        patch, anchor, length = self._held(rng, canvas, kind)
        degrees = self._angle(rng, canvas, target)
        return [place(patch, anchor, target, length * canvas.unit / patch.shape[1], degrees, len(canvas.rgb))]

    def _at_lips(self, rng: Rng, canvas: Canvas) -> list[Layer]:
        """One or two fingers, or a hand with its fingertips, from below or from the side to the lips."""
        points, unit = canvas.points, canvas.unit
        target = points[[0, 13, 14, 17, 61, 291][rng.integers(0, 6)]] + rng.normal(0, 0.06, 2) * unit
        degrees = float(-90 + rng.normal(0, 30))
        layers = []
        for number in range(rng.integers(1, 3)):
            patch, anchor, length = self._held(rng, canvas, "hand" if rng.random() < 0.35 else "finger")
            at = target + number * rng.uniform(0.2, 0.35) * unit * np.array([1, rng.uniform(-0.5, 0.8)])
            wide = rng.uniform(1.0, 1.4)  # a thumb
            scale = wide * length * unit / patch.shape[1]
            layers.append(place(patch, anchor, at, scale, degrees + rng.normal(0, 6), len(canvas.rgb)))
        return layers

    def _stuck(self, rng: Rng, canvas: Canvas) -> list[Layer]:
        """A plaster or a strip of tape: across the nose, the lips, an eye, or anywhere."""
        points, unit = canvas.points, canvas.unit
        patch = things.plaster(rng, things.skin(rng) if rng.random() < 0.4 else _near_tone(rng, canvas))
        across = points[263] - points[33]
        level = float(np.degrees(np.arctan2(across[1], across[0])))
        roll = rng.random()
        if roll < 0.35:
            target, degrees = points[[197, 5, 195][rng.integers(0, 3)]], level + rng.normal(0, 8)
        elif roll < 0.55:
            target, degrees = points[13], level + rng.normal(0, 15)
        else:
            target, degrees = target_point(rng, points), float(rng.uniform(0, 180))
        scale = rng.uniform(0.5, 1.2) * unit / patch.shape[1]
        return [place(patch, (patch.shape[1] / 2, patch.shape[0] / 2), target, scale, degrees, len(canvas.rgb))]

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
        if kind == "sliver":
            brow = np.round(canvas.points[[52, 282, 159, 386]]).astype(int).clip(0, len(canvas.rgb) - 1)
            patch = things.sliver(rng, canvas.rgb[brow[:, 1], brow[:, 0]].min(axis=0))
            length = patch.shape[1] * rng.uniform(0.04, 0.12) / (patch.shape[0] - 4)
            return patch, (patch.shape[1] * (1 - rng.exponential(0.1)), patch.shape[0] / 2), length
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
            mean = _near_tone(rng, canvas)
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


def _near_tone(rng: Rng, canvas: Canvas) -> NDArray[np.float64]:
    """A colour near that of the cheeks."""
    at = np.round(canvas.points[[50, 280, 117, 346]]).astype(int).clip(0, len(canvas.rgb) - 1)
    return canvas.rgb[at[:, 1], at[:, 0]].mean(axis=0) * rng.normal(1, 0.08, 3)


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


def fine_point(rng: Rng, points: Points) -> NDArray[np.float32]:
    """A point at a corner or the lid of an eye, or at the bridge of the nose: where a thin thing is easily missed."""
    if rng.random() < 0.3:
        return points[[168, 6, 197, 193, 417][rng.integers(0, 5)]]
    eye = EYES[rng.integers(2)]
    spot = (*EYE_CORNERS[eye], *EYELIDS[eye])[rng.integers(0, 8)]
    return points[spot] * 0.85 + points[list(EYELIDS[eye])].mean(axis=0) * 0.15


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
