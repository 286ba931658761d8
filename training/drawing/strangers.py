"""Lenses, printed masks and thin things drawn in other ways than for training: for scoring, never trained on.

The lenses are photographed ones of the side of the split held back, with a ramp, a hue and a real photo reflected; a
mask is another's lower face laid on triangle by triangle; thin things are bent lines. No torch here.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import EYE_CORNERS, EYES, FACE_OVAL, Region
from training.drawing import triangles
from training.drawing.canvas import Canvas
from training.drawing.compose import Composite
from training.drawing.layers import Array, polygon
from training.drawing.wear import eye_centers, glasses_cutout

Rng = np.random.Generator
Rgb = NDArray[np.uint8]
Points = NDArray[np.float32]

KINDS = ("lens_graded", "lens_mirrored", "lens_coloured", "lens_slipped", "mask_own_face", "mask_other_face", "line")

# The upper rim of a printed mask, from the image-left ear over the nose to the other.
_RIMS = ((234, 116, 117, 118, 195, 347, 346, 345, 454), (127, 111, 31, 114, 197, 343, 261, 340, 356))
_JAW = FACE_OVAL[8:29]  # from the image-right ear round the chin to the other
_MESH = 468


@dataclass(frozen=True)
class Strangers:
    """Draws from glasses (RGBA), scenes to be reflected (RGB), and donors (photo and mesh) for printed masks."""

    glasses: list[NDArray[np.uint8]]
    scenes: list[Rgb]
    donors: list[tuple[Rgb, Points]]

    def lay(self, rng: Rng, canvas: Canvas, kind: str) -> Composite:
        """One thing of KINDS over a face."""
        if kind.startswith("lens"):
            rgb, foreign = self._lens(rng, canvas, kind)
        elif kind == "line":
            rgb, foreign = _line(rng, canvas)
        else:
            donor = None if kind == "mask_own_face" else self.donors[rng.integers(len(self.donors))]
            rgb, foreign = _mask(rng, canvas, donor)
        return Composite(rgb, foreign, np.zeros_like(foreign), kind)

    def _lens(self, rng: Rng, canvas: Canvas, kind: str) -> tuple[Rgb, Array]:
        points, size = canvas.points, len(canvas.rgb)
        if kind == "lens_slipped":
            points = points + rng.uniform(0.15, 0.35) * canvas.unit * np.array([0, 1], np.float32)
        layer = glasses_cutout(rng, points, size, self.glasses[rng.integers(len(self.glasses))])
        y = np.mgrid[0:size, 0:size][0].astype(np.float32)
        below = (y - eye_centers(points)[:, 1].mean()) / canvas.unit
        solid = np.full((size, size), 0.9, np.float32)
        hue = layer.rgb.astype(np.float32)
        if kind == "lens_graded":
            solid = np.clip(rng.uniform(0.5, 0.75) - rng.uniform(0.6, 1.6) * below, 0.12, 0.96)
        elif kind == "lens_coloured":
            solid = np.full((size, size), rng.uniform(0.45, 0.7), np.float32)
            tint = cv2.cvtColor(np.array([[[rng.integers(0, 180), 200, 160]]], np.uint8), cv2.COLOR_HSV2RGB)[0, 0]
            hue = 0.35 * hue + 0.65 * tint
        elif kind == "lens_mirrored":
            scene = cv2.resize(self.scenes[rng.integers(len(self.scenes))], (size, size))[:, ::-1]
            hue = (0.25 * hue + rng.uniform(0.6, 0.9) * scene * rng.uniform(0.6, 1.1, 3)).clip(0, 255)
        alpha = (layer.alpha * solid)[..., None]
        rgb = canvas.rgb * (1 - alpha) + hue * alpha
        return rgb.clip(0, 255).astype(np.uint8), layer.foreign


def _line(rng: Rng, canvas: Canvas) -> tuple[Rgb, Array]:
    """A bent line as dark as the lashes, over a corner of an eye or the bridge of the nose."""
    eye = EYES[rng.integers(2)]
    corners = canvas.points[list(EYE_CORNERS[eye])]
    through = (*corners, corners.mean(axis=0), canvas.points[168], canvas.points[6])[rng.integers(0, 5)]
    turn = rng.uniform(0, 2 * np.pi)
    way = np.array([np.cos(turn), np.sin(turn)]) * 3 * canvas.unit
    side = np.array([-way[1], way[0]]) * rng.normal(0, 0.12)
    t = np.linspace(-1, rng.uniform(0.05, 1), 60)[:, None]
    path = through + t * way + t**2 * side
    width = max(1, round(rng.uniform(0.05, 0.13) * canvas.unit))
    mask = np.zeros(canvas.rgb.shape[:2], np.uint8)
    cv2.polylines(mask, [np.round(path * 8).astype(np.int32)], False, 255, width, cv2.LINE_AA, shift=3)
    alpha = cv2.GaussianBlur(mask, (0, 0), 0.6).astype(np.float32)[..., None] / 255
    dark = rng.uniform(8, 70) * np.array([1.1, 1.0, 0.9])
    return (canvas.rgb * (1 - alpha) + dark * alpha).astype(np.uint8), (mask > 127).astype(np.float32)


def _mask(rng: Rng, canvas: Canvas, donor: tuple[Rgb, Points] | None) -> tuple[Rgb, Array]:
    """A lower face (the wearer's own, or a donor's in the wearer's tone) as a mask with rim, bands and shadow."""
    size, points, unit = len(canvas.rgb), canvas.points, canvas.unit
    source, theirs = (canvas.rgb, points) if donor is None else donor
    middle = points[1]
    moved = middle + (points - middle) * rng.uniform(0.96, 1.08) + rng.normal(0, 0.035 * unit, 2)
    printed = _triangles(source, theirs[:_MESH], moved[:_MESH].astype(np.float32), size)
    jaw = middle + rng.uniform(1.02, 1.09) * (points[list(_JAW)] - middle)
    rim = points[list(_RIMS[rng.integers(0, len(_RIMS))])]
    body = polygon(np.vstack([rim, jaw]), size, 0.5)
    lab, own = (cv2.cvtColor(p, cv2.COLOR_RGB2LAB).astype(np.float32) for p in (printed, canvas.rgb))
    inside = body > 0.5
    shift = rng.uniform(0.7, 1.0) * (own[inside].mean(axis=0) - lab[inside].mean(axis=0)) + rng.normal(0, (5, 2, 3))
    lab = lab + shift
    x = (np.mgrid[0:size, 0:size][1] - middle[0]) / unit
    lab[..., 0] += rng.uniform(-14, 14) * np.abs(x) + rng.uniform(-8, 8) * np.cos(x * rng.uniform(2, 9))
    cloth = cv2.cvtColor(lab.clip(0, 255).astype(np.uint8), cv2.COLOR_LAB2RGB)
    cloth = cv2.GaussianBlur(cloth, (0, 0), rng.uniform(0.4, 1.4))
    shadow = cv2.GaussianBlur(body, (0, 0), 0.05 * unit) * rng.uniform(0.15, 0.4)
    rgb = canvas.rgb * (1 - shadow * (1 - body))[..., None]
    rgb = rgb * (1 - body[..., None]) + cloth * body[..., None]
    edge = cv2.morphologyEx(body, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    rgb *= 1 - rng.uniform(0.1, 0.35) * edge[..., None]
    bands = np.zeros((size, size), np.uint8)
    for ear, end in ((127, rim[0]), (234, jaw[-3]), (356, rim[-1]), (454, jaw[2])):
        ends = [tuple(int(v) for v in p) for p in (points[ear], end)]
        cv2.line(bands, ends[0], ends[1], 255, max(1, round(0.03 * unit)), cv2.LINE_AA)
    free = (bands > 127) & ~inside
    rgb[free] = cloth[inside].mean(axis=0)
    return rgb.clip(0, 255).astype(np.uint8), (inside | free).astype(np.float32)


def _triangles(source: Rgb, theirs: Points, to: Points, size: int) -> Rgb:
    """`source` bent so that the mesh `theirs` (468, 2) lies on `to` (468, 2), triangle by triangle."""
    at, corners, weights = triangles.within(to, size)
    y, x = np.mgrid[0:size, 0:size]
    away = np.column_stack([x.ravel(), y.ravel()]).astype(np.float32)  # beyond the mesh the picture stays
    away[at] = np.einsum("pk,pkj->pj", weights, theirs[corners])
    ways = away.reshape(size, size, 2)
    return cv2.remap(source, ways[..., 0], ways[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)


def required(kind: str) -> tuple[Region, ...]:
    """The regions that a thing of `kind` is about."""
    if kind.startswith("lens"):
        return EYES
    return (Region.NOSE, Region.MOUTH) if kind.startswith("mask") else (*EYES, Region.NOSE)
