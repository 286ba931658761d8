"""Things worn: masks, scarves, dark glasses, clear spectacles and their reflections, make-up."""

from __future__ import annotations

from collections.abc import Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import EYELIDS, EYES, OUTLINES, Region
from core.vision import geometry
from training.drawing import things
from training.drawing.layers import Array, Layer, flat, paste, polygon, smooth, stroke

Rng = np.random.Generator
Points = NDArray[np.float32]

# Down the jaw from the ear, image left and image right, and the points a mask's upper edge runs along.
_JAW = ((234, 93, 132, 58, 172, 136, 150, 149, 176, 148), (454, 323, 361, 288, 397, 365, 379, 378, 400, 377))
_CHEEK, _NOSE_SIDE = (117, 346), (188, 412)


def eye_centers(points: Points) -> NDArray[np.float32]:
    """(2, 2): the image-left eye (the subject's right) first."""
    return geometry.eye_centers(points)[::-1]


def mask_outline(rng: Rng, points: Points, worn: str) -> Points:
    """Polygon of a mask worn "right", under the "nose" or on the "chin", image-left ear first, clockwise from it."""
    start = {"right": rng.integers(0, 3), "nose": rng.integers(2, 4), "chin": rng.integers(3, 6)}[worn]
    if worn == "right":
        at = rng.uniform(0, 1)
        top = points[6] + at * (points[5] - points[6])
        share = rng.uniform(0.3, 1)
        cheeks = [points[c] * share + points[j[start]] * (1 - share) for c, j in zip(_CHEEK, _JAW, strict=True)]
        sides = [points[n] * (1 - at) + points[(49, 279)[i]] * at for i, n in enumerate(_NOSE_SIDE)]
        upper = [cheeks[0], sides[0], top, sides[1], cheeks[1]]
    elif worn == "nose":
        top = points[2] + rng.uniform(0, 0.8) * (points[0] - points[2])
        upper = [points[206], top + 0.1 * (points[206] - top), top, top + 0.1 * (points[426] - top), points[426]]
    else:
        top = points[17] + rng.uniform(0.1, 0.9) * (points[18] - points[17])
        upper = [points[204], points[83], top, points[313], points[424]]
    center = points[[234, 454, 152, 10]].mean(axis=0)
    grow = rng.uniform(1.0, 1.1)
    left, right = ([center + grow * (points[i] - center) for i in jaw[start:]] for jaw in _JAW)
    chin = points[152] + rng.uniform(0, 0.22) * (points[152] - points[1]) * (1 if worn != "chin" else 1.6)
    return np.array([left[0], *upper, right[0], *right[1:], chin, *left[:0:-1]], np.float32)


def mask(rng: Rng, points: Points, size: int, worn: str, cloth: NDArray[np.uint8] | None) -> Layer:
    """A drawn mask of `cloth` (any RGB texture; one is drawn when None), with folds, hem and ear loops."""
    outline = mask_outline(rng, points, worn)
    body = polygon(smooth(outline, 4) if rng.random() < 0.8 else outline, size, 0.6)
    unit = float(np.hypot(*np.diff(eye_centers(points), axis=0)[0]))
    picture = things.texture(rng, 96) if cloth is None else cloth
    box = outline.min(axis=0), outline.max(axis=0) - outline.min(axis=0)
    fit = np.hstack([np.diag(box[1] / picture.shape[1::-1]), box[0][:, None]]).astype(np.float64)
    rgb = cv2.warpAffine(picture, fit, (size, size), borderMode=cv2.BORDER_REFLECT)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    across = (x - box[0][0]) / max(box[1][0], 1) - 0.5
    down = (y - box[0][1]) / max(box[1][1], 1)
    shade = 1.05 - rng.uniform(0.2, 0.9) * across**2 - rng.uniform(0, 0.3) * down
    if rng.random() < 0.5:
        curve = down + rng.uniform(-0.4, 0.4) * across**2
        shade = shade * (1 + rng.uniform(0.02, 0.12) * np.sin(curve * rng.uniform(12, 32)))
    if rng.random() < 0.4:
        shade = shade * (1 + rng.uniform(-0.25, 0.25) * np.exp(-((across / 0.04) ** 2)))
    shade = shade * cv2.resize(rng.normal(1, 0.05, (6, 6)).astype(np.float32), (size, size))
    alpha = body
    foreign = (body > 0.5).astype(np.float32)
    if rng.random() < 0.8 and worn != "chin":
        loops: Array = np.zeros((size, size), np.float32)
        for side, ear in ((0, 234), (1, 454)):
            for at in ((0, 1)[side] * 6, -2 if side == 0 else 7):
                away = points[ear] + ((side * 2 - 1) * 0.1 * unit, -0.05 * unit)
                loops = np.maximum(loops, stroke(np.stack([outline[at], away]), 0.03 * unit, size))
        alpha = np.maximum(body, loops * 0.9)
        foreign = np.maximum(foreign, (loops > 0.5).astype(np.float32))
    return Layer(np.clip(rgb * shade[..., None], 0, 255).astype(np.uint8), alpha, foreign)


def mask_cutout(rng: Rng, points: Points, size: int, patch: NDArray[np.uint8]) -> Layer:
    """A photographed mask, worn right, laid on by its four extremes."""
    outline = mask_outline(rng, points, "right")
    height, width = patch.shape[:2]
    top, chin = outline[3], outline[np.argmax(outline[:, 1])]
    level = 0.28
    ends = [[0.5 * width, 0], [width - 1, level * height], [0.5 * width, height - 1], [0, level * height]]
    source = np.array(ends, np.float32)
    target = np.array([top, outline[6], chin, outline[0]], np.float32) + rng.normal(0, 1, (4, 2)).astype(np.float32)
    return paste(patch, cv2.getPerspectiveTransform(source, target), size)


def scarf(rng: Rng, points: Points, size: int, patch: NDArray[np.uint8]) -> Layer:
    """A cut-out of cloth over the lower face, from somewhere between nose and chin downwards."""
    eyes = eye_centers(points)
    across = eyes[1] - eyes[0]
    unit = float(np.hypot(*across))
    top = points[[6, 1, 2, 17, 152][rng.integers(0, 5)]]
    patch = np.rot90(patch, int(rng.integers(0, 4))) if rng.random() < 0.3 else patch
    width = rng.uniform(2.4, 3.8) * unit
    height = rng.uniform(1.8, 3.0) * unit
    angle = np.arctan2(across[1], across[0]) + rng.normal(0, 0.12)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = turn @ np.diag([width / patch.shape[1], height / patch.shape[0]])
    shift = top - linear @ (patch.shape[1] * rng.uniform(0.42, 0.58), patch.shape[0] * 0.02)
    return paste(np.ascontiguousarray(patch), np.hstack([linear, shift[:, None]]), size)


def glasses_cutout(rng: Rng, points: Points, size: int, patch: NDArray[np.uint8]) -> Layer:
    """A photographed pair of glasses on the nose, as wide as the face or a little wider."""
    eyes = eye_centers(points)
    across = eyes[1] - eyes[0]
    unit = float(np.hypot(*across))
    scale = rng.uniform(2.0, 2.5) * unit / patch.shape[1]
    angle = np.arctan2(across[1], across[0]) + rng.normal(0, 0.03)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    linear = scale * turn @ np.diag([1.0, rng.uniform(0.9, 1.15)])
    target = eyes.mean(axis=0) + turn @ (rng.normal(0, 0.04), rng.uniform(-0.02, 0.12)) * unit
    shift = target - linear @ (patch.shape[1] / 2, patch.shape[0] * 0.47)
    return paste(patch, np.hstack([linear, shift[:, None]]), size)


def shades(rng: Rng, points: Points, size: int, patch: NDArray[np.uint8] | None) -> list[Layer]:
    """Dark, mirrored, coloured or graded glasses. The whole of them is foreign, however much light comes through."""
    fade = np.ones((size, size), np.float32)
    if rng.random() < 0.4:
        y = np.mgrid[0:size, 0:size][0].astype(np.float32)
        eyes = eye_centers(points)
        unit = float(np.hypot(*(eyes[1] - eyes[0])))
        fade = np.clip(0.85 - rng.uniform(0.3, 0.9) * (y - eyes[:, 1].mean()) / unit, 0.5, 1)
    elif rng.random() < 0.5:
        fade *= np.float32(rng.uniform(0.68, 0.95))
    if patch is not None:
        layer = glasses_cutout(rng, points, size, patch)
        return [Layer(layer.rgb, layer.alpha * fade, layer.foreign)]
    lenses, unit = things.lens_shapes(rng, eye_centers(points), size)
    lens = np.maximum(*(polygon(shape, size) for shape in lenses))
    tint, other = things.color(rng), things.color(rng)
    if rng.random() < 0.5:
        tint = other = np.full(3, rng.uniform(5, 60)) * rng.normal(1, 0.15, 3)
    down = (np.mgrid[0:size, 0:size][0] - lenses[0][:, 1].min()) / max(np.ptp(lenses[0][:, 1]), 1)
    rgb = np.clip(tint + (other - tint) * np.clip(down, 0, 1)[..., None], 0, 255).astype(np.uint8)
    glass = Layer(rgb, lens * fade, (lens > 0.5).astype(np.float32))
    rims = things.frame_layer(rng, lenses, eye_centers(points), unit, size)
    layers = [glass, Layer(rims.rgb, rims.alpha, (rims.alpha > 0.4).astype(np.float32))]
    if rng.random() < 0.4:
        layers.insert(1, reflection(rng, lenses, unit, size, strong=False)[0])
    return layers


def reflection(
    rng: Rng, lenses: list[NDArray], unit: float, size: int, *, strong: bool, which: tuple[int, ...] = (0, 1)
) -> tuple[Layer, Array]:
    """Light on clear lenses, and where it hides what is behind (1) or not (0).

    Weak: streaks and spots that leave the eye to be seen. Strong: a window, lamp or screen over most of the lens.
    """
    rgb = np.empty((size, size, 3), np.uint8)
    tint = np.array([[255, 255, 255], [200, 225, 255], [190, 255, 215], [225, 205, 255], [255, 240, 205]])
    rgb[:] = np.clip(tint[rng.integers(0, 5)] * rng.uniform(0.8, 1), 0, 255)
    alpha: Array = np.zeros((size, size), np.float32)
    for index in which:
        lens = polygon(lenses[index], size)
        center = lenses[index].mean(axis=0)
        if strong:
            corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * rng.uniform((0.24, 0.13), (0.5, 0.34)) * unit
            slant = np.array([[1, rng.normal(0, 0.3)], [0, 1]])
            shape = corners @ slant.T + center + rng.normal(0, 0.03, 2) * unit
            shape = smooth(shape) if rng.random() < 0.5 else shape
            patch = polygon(shape, size, rng.uniform(0.01, 0.06) * unit) * rng.uniform(0.82, 1.0)
            haze = rng.uniform(0, 0.4)
        else:
            at = center + rng.choice([-1, 1], 2) * rng.uniform((0.16, 0.12), (0.34, 0.24)) * unit
            angle = rng.uniform(0, np.pi)
            reach = rng.uniform(0.05, 0.22) * unit * np.array([np.cos(angle), np.sin(angle)])
            patch = stroke(np.stack([at - reach, at + reach]), rng.uniform(0.02, 0.09) * unit, size)
            patch = cv2.GaussianBlur(patch, (0, 0), 0.7) * rng.uniform(0.3, 0.95)
            haze = rng.uniform(0, 0.14)
        alpha = np.maximum(alpha, lens * np.maximum(patch, haze))
    hidden = (alpha > 0.6).astype(np.float32)
    return Layer(rgb, alpha, np.zeros_like(alpha)), hidden


def spectacles(
    rng: Rng, points: Points, size: int, patch: NDArray[np.uint8] | None, glare: str | None
) -> tuple[list[Layer], Array]:
    """Clear spectacles: nothing foreign. glare: None, "weak" or "strong". Also returns where glare hides the eye."""
    eyes = eye_centers(points)
    lenses, unit = things.lens_shapes(rng, eyes, size)
    layers = []
    lens = np.maximum(*(polygon(shape, size) for shape in lenses))
    if patch is None and rng.random() < 0.5:
        none = np.zeros((size, size), np.float32)
        layers.append(flat(things.color(rng), lens, none, rng.uniform(0.02, 0.22)))
    hidden = np.zeros((size, size), np.float32)
    if glare is not None:
        which = ((0, 1), (0,), (1,))[rng.integers(0, 3)]
        layer, hidden = reflection(rng, lenses, unit, size, strong=glare == "strong", which=which)
        layers.append(layer)
    if patch is None:
        layers.append(things.frame_layer(rng, lenses, eyes, unit, size))
    else:
        layer = glasses_cutout(rng, points, size, patch)
        layers.append(Layer(layer.rgb, layer.alpha, np.zeros_like(layer.alpha)))
    return layers, hidden if glare == "strong" else np.zeros_like(hidden)


def make_up(rng: Rng, points: Points, size: int) -> list[Layer]:
    """Lipstick, eye shadow, blush, face paint, a bindi: nothing foreign."""
    none = np.zeros((size, size), np.float32)
    unit = float(np.hypot(*np.diff(eye_centers(points), axis=0)[0]))
    layers = []
    if rng.random() < 0.5:
        lips = polygon(points[list(OUTLINES[Region.MOUTH])], size, 0.02 * unit)
        inner = polygon(points[[78, 191, 80, 13, 310, 415, 308, 324, 318, 14, 88, 95]], size)
        layers.append(flat(things.color(rng) * (1, 0.5, 0.6), lips * (1 - inner), none, rng.uniform(0.2, 0.7)))
    if rng.random() < 0.5:
        layers += eye_shadow(rng, points, size, {eye: False for eye in EYES})
    for _ in range(rng.integers(0, 3)):
        at = points[rng.integers(0, 468)]
        ring = at + rng.uniform(0.05, 0.3) * unit * things_circle(rng)
        layers.append(flat(things.color(rng), polygon(ring, size, 0.04 * unit), none, rng.uniform(0.1, 0.35)))
    return layers


def eye_shadow(rng: Rng, points: Points, size: int, shut: Mapping[Region, bool]) -> list[Layer]:
    """One colour on the lids of both eyes, weak or strong; where an eye is shut, on what was open too."""
    none = np.zeros((size, size), np.float32)
    unit = float(np.hypot(*np.diff(eye_centers(points), axis=0)[0]))
    tint, layers = things.color(rng), []
    for eye, closed in shut.items():
        lids = polygon(points[list(OUTLINES[eye])], size, 0.05 * unit)
        ball = polygon(points[list(EYELIDS[eye])], size, 0.01 * unit)
        layers.append(flat(tint, lids if closed else lids * (1 - ball), none, rng.uniform(0.15, 0.6)))
    return layers


def things_circle(rng: Rng) -> NDArray[np.float64]:
    """(16, 2): an ellipse of half axes up to 1."""
    angle = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    return np.stack([np.cos(angle), np.sin(angle) * rng.uniform(0.5, 1)], axis=1)
