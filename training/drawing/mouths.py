"""Opens closed mouths, to shout or to say O, the jaw going down with the lip. Nothing foreign. No torch here."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import CHIN_TIP, INNER_LIPS, MOUTH_CORNERS
from training.drawing.layers import Array

Rng = np.random.Generator
Rgb = NDArray[np.uint8]
Points = NDArray[np.float32]

_CLOSED = 0.12  # gap between the lips up to which a mouth is closed, shares of its width
_NOSE = 2  # the point under it: above, nothing moves


def opened(rng: Rng, rgb: Rgb, points: Points) -> tuple[Rgb, Points]:
    """A copy with the mouth open, and its mesh; both as they are where it was open already or is too small to show it.

    rgb (S, S, 3), points (478, 2).
    """
    start, end = points[list(MOUTH_CORNERS)].astype(np.float64)
    width = float(np.hypot(*(end - start)))
    upper, lower = (points[list(lip)].mean(axis=0) for lip in INNER_LIPS)
    if width < 8 or np.hypot(*(lower - upper)) > _CLOSED * width:
        return rgb, points
    along = (end - start) / width
    down = np.array([-along[1], along[0]])
    lips = start + (end - start) / 2 + (((upper + lower) / 2 - start) @ down) * down
    chin, nose = (points[CHIN_TIP] - lips) @ down, (points[_NOSE] - lips) @ down
    if not (nose < -0.1 * width and chin > 0.3 * width):
        return rgb, points
    mouth = _Mouth.some(rng, width, float(chin), float(-nose))
    size = len(rgb)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    e = (x - lips[0]) * along[0] + (y - lips[1]) * along[1]
    n = (x - lips[0]) * down[0] + (y - lips[1]) * down[1]
    from_e, from_n, inside = mouth.drawn_from(e.astype(np.float32), n.astype(np.float32))
    warped = cv2.remap(
        rgb,
        (lips[0] + from_e * along[0] + from_n * down[0]).astype(np.float32),
        (lips[1] + from_e * along[1] + from_n * down[1]).astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    cavity = mouth.cavity(rng, e, n, rgb, points)
    soft = cv2.GaussianBlur(inside, (0, 0), max(0.015 * width, 0.5))[..., None]
    out = (warped * (1 - soft) + cavity * soft + 0.5).clip(0, 255).astype(np.uint8)
    moved = mouth.carried(np.stack([(points - lips) @ along, (points - lips) @ down], axis=1))
    return out, (lips + moved[:, :1] * along + moved[:, 1:] * down).astype(np.float32)


class _Mouth:
    """One way to hold a mouth open, in pixels along the lips (e) and down from where they met (n)."""

    def __init__(self, width: float, chin: float, nose: float, gap: float, rise: float, narrow: float, jaw: float):
        """gap: between the lips. rise: share of it that the upper lip gives. narrow: of the mouth's width, left over.
        jaw: share of the lower lip's way that the chin goes along."""
        self._half, self._chin, self._nose = width / 2, chin, nose
        self._up, self._low = gap * rise, gap * (1 - rise)
        self._narrow, self._jaw = narrow, jaw

    @classmethod
    def some(cls, rng: Rng, width: float, chin: float, nose: float) -> _Mouth:
        round_one = rng.random() < 0.5
        gap = min(width * rng.uniform(0.2, 0.8), 0.75 * chin)
        narrow = rng.uniform(0.5, 0.85) if round_one else rng.uniform(0.85, 1.1)
        rise = min(rng.uniform(0.05, 0.35), 0.5 * nose / gap)
        return cls(width, chin, nose, float(gap), float(rise), float(narrow), float(rng.uniform(0.5, 1.0)))

    def _opening(self, e: Array) -> Array:
        """0..1: how much of the gap there is, at a place before the mouth was made narrow."""
        return np.sqrt(np.clip(1 - (e / self._half) ** 2, 0, 1)).astype(np.float32)

    def _shift(self, e: Array, n: Array) -> Array:
        """How far down what lies at (e, n) of the photo goes: the lower lip most, the chin a part, the neck nothing."""
        lip, jaw = self._opening(e) * self._low, self._jaw * self._low * np.exp(-((e / (2.2 * self._half)) ** 2))
        to_chin = np.clip(n / self._chin, 0, 1)
        below = (lip + (jaw - lip) * to_chin) * np.clip((2.6 * self._chin - n) / (1.6 * self._chin), 0, 1)
        above = -self._opening(e) * self._up * np.clip(1 + n / self._nose, 0, 1)
        return np.where(n >= 0, below, above).astype(np.float32)

    def _spread(self, n: Array) -> Array:
        """Share of the width left at a height: 1 away from the mouth."""
        return (1 + (self._narrow - 1) * np.exp(-((n / (0.6 * self._chin)) ** 2))).astype(np.float32)

    def drawn_from(self, e: Array, n: Array) -> tuple[Array, Array, Array]:
        """Where in the photo what lies at (e, n) now was, and what lies between the lips now (0 or 1)."""
        near = np.exp(-((e / (2.2 * self._half)) ** 4))
        from_e = e / (1 + (self._spread(n) - 1) * near)
        up, low = self._opening(from_e) * self._up, self._opening(from_e) * self._low
        inside = ((n > -up) & (n < low)).astype(np.float32)
        from_n = np.where(n > (low - up) / 2, np.maximum(n - low, 0), np.minimum(n + up, 0)).astype(np.float32)
        for _ in range(6):  # the shift is given where a point was; a few steps find that from where it is
            target = n - self._shift(from_e, from_n)
            from_n = np.where(n > (low - up) / 2, np.maximum(target, 0), np.minimum(target, 0)).astype(np.float32)
        return from_e.astype(np.float32), from_n, inside

    def carried(self, at: NDArray[np.floating]) -> NDArray[np.floating]:
        """Where points (N, 2) of the photo have gone. The lips' own go with the lip they are on."""
        e, n = at[:, 0].astype(np.float32), at[:, 1].astype(np.float32)
        for lip, side in zip(INNER_LIPS, (-1, 1), strict=True):
            n[list(lip)] = side * np.maximum(side * n[list(lip)], 1e-3)
        moved = n + self._shift(e, n)
        near = np.exp(-((e / (2.2 * self._half)) ** 4))
        return np.stack([e * (1 + (self._spread(moved) - 1) * near), moved], axis=1)

    def cavity(self, rng: Rng, e: Array, n: Array, rgb: Rgb, points: Points) -> NDArray[np.float32]:
        """What is seen between the lips: dark depth, gums, a tongue, teeth; in the photo's light."""
        light = float(np.clip(_lips(rgb, points).mean() / 110, 0.25, 1.6))
        wide, tall = self._half * self._narrow, self._up + self._low
        v = (n + self._up) / max(tall, 1)  # 0 at the upper lip, 1 at the lower one
        u = e / max(wide, 1)
        deep = np.array([rng.uniform(12, 90), rng.uniform(6, 30), rng.uniform(8, 32)])
        edge = np.array([rng.uniform(90, 170), rng.uniform(40, 80), rng.uniform(40, 80)])
        depth = np.exp(-((u / 0.75) ** 2) - ((v - rng.uniform(0.3, 0.6)) / rng.uniform(0.2, 0.45)) ** 2)[..., None]
        out = deep * depth + edge * (1 - depth)
        if rng.random() < 0.7:  # a tongue
            top = rng.uniform(0.4, 0.85)
            tongue = np.clip(0.5 + (v - top - 0.35 * u**2) * rng.uniform(2, 6), 0, 1)[..., None]
            skin = np.array([rng.uniform(130, 215), rng.uniform(60, 120), rng.uniform(60, 120)])
            out = out + (skin * rng.uniform(0.6, 1.0) - out) * tongue
        for upper, share in ((True, 0.65), (False, 0.3)):
            if rng.random() < share:
                out = out + (self._teeth(rng, u, v, upper) - out) * self._row(rng, u, v, upper)
        out = out * light * (1 + rng.normal(0, 0.03, out.shape[:2] + (1,)))
        return out.astype(np.float32)

    def _row(self, rng: Rng, u: Array, v: Array, upper: bool) -> NDArray[np.floating]:
        long = rng.uniform(0.08, 0.3) * (1 - 0.4 * u**2)
        shown = np.clip((long - v) * 25, 0, 1) if upper else np.clip((v - 1 + 0.7 * long) * 25, 0, 1)
        return (shown * (np.abs(u) < 0.8) * rng.uniform(0.7, 1.0))[..., None]

    def _teeth(self, rng: Rng, u: Array, v: Array, upper: bool) -> NDArray[np.floating]:
        white = np.array([rng.uniform(170, 240), rng.uniform(160, 230), rng.uniform(135, 215)])
        lines = 1 - 0.25 * np.exp(-((np.abs((u * rng.uniform(3.5, 6) + 0.5 * upper) % 1 - 0.5) - 0.5) ** 2) / 0.004)
        return white * (lines * (1 - 0.35 * u**2))[..., None]


def _lips(rgb: Rgb, points: Points) -> NDArray[np.uint8]:
    """Pixels about the mouth, whose light is that of the mouth."""
    at = np.round(points[[0, 17, 37, 267, 84, 314, 205, 425]]).astype(int).clip(0, len(rgb) - 1)
    return rgb[at[:, 1], at[:, 0]]
