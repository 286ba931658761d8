"""The quality components that are measured in the face's pixels; see core.vision.components."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import INNER_LIPS, LOWER_FACE
from core.vision.components import Component, Components, Measured, points_in, score, shape_components, sigmoid
from core.vision.geometry import eye_centers
from core.vision.reading import Image, Reading

_EYES_AT = ((251.0, 272.0), (364.0, 272.0))  # px; where OFIQ lays the eyes in its aligned picture of 616x616
_BOX = (150, 200, 316, 330)  # x, y, width, height of its part with the face in it
_BLOCK = 8  # px; side of the blocks of JPEG, and of every second one of VP8 and H.264


def measure(rgb: Image, reading: Reading) -> Components:
    """All components of a picture. rgb: (H, W, 3) uint8, at full size; reading: of it, maybe reduced, with a face."""
    return shape_components(reading, (rgb.shape[1], rgb.shape[0])) | pixel_components(rgb, reading)


def pixel_components(rgb: Image, reading: Reading) -> dict[Component, Measured]:
    """Of the face's pixels at full size. rgb: (H, W, 3) uint8, the whole picture. There must be a face.

    Raw values: illumination_uniformity is what the histograms of two squares under the eyes share, under_ and
    over_exposure the shares of the face at a luminance of 0 to 25 and 247 to 255, sharpness the variance of the
    Laplacian of its luma, compression_artifacts how much larger steps of luma are at the borders of blocks of 8 pixels
    than within (1: no blocks are seen).
    """
    points = points_in(reading, rgb.shape[1])
    even, under, over = _light(rgb, points)
    sharp, blocks = _detail(rgb, points)
    return {
        Component.ILLUMINATION_UNIFORMITY: Measured(even, score(100 * even**0.3)),
        Component.UNDER_EXPOSURE: Measured(under, score(120 * (0.832 - sigmoid(under, 0.92, 0.05)))),
        Component.OVER_EXPOSURE: Measured(over, score(1 / (over + 0.01))),
        Component.SHARPNESS: Measured(sharp),
        Component.COMPRESSION: Measured(blocks),
    }


def _light(rgb: Image, points: NDArray[np.float32]) -> tuple[float, float, float]:
    """Evenness, share of the face that is too dark, and that is too bright; of OFIQ's aligned picture."""
    matrix = _onto_eyes(points)
    left, top, width, height = _BOX
    matrix[:, 2] -= (left, top)
    aligned = cv2.warpAffine(rgb, matrix, (width, height), flags=cv2.INTER_LINEAR)
    inside = points @ matrix[:, :2].T + matrix[:, 2]
    light = _luminance(aligned)
    mask = _hull(inside, (width, height))
    shares = _histogram(light, mask)
    eyes = np.array(_EYES_AT) - (left, top)
    side = int(0.3 * (eyes[1, 0] - eyes[0, 0]))
    mouth = inside[list(INNER_LIPS[0] + INNER_LIPS[1])].mean(axis=0)
    down = int(eyes[0, 1] + float(np.hypot(*(mouth - eyes.mean(axis=0)))) / 2)
    squares = (light[down : down + side, x : x + side] for x in (int(eyes[0, 0]), int(eyes[1, 0]) - side))
    one, other = (_histogram(square) for square in squares)
    return float(np.minimum(one, other).sum()), float(shares[:26].sum()), float(shares[247:].sum())


def _onto_eyes(points: NDArray[np.float32]) -> NDArray[np.float64]:
    """(2, 3): the similarity that lays the eyes where OFIQ has them."""
    right, left = (eye_centers(points)[::-1]).astype(np.float64)  # the subject's right eye is on the image's left
    want, have = (complex(*np.subtract(*ends)) for ends in (_EYES_AT[::-1], (left, right)))
    turn = want / have
    matrix = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    return np.column_stack([matrix, np.array(_EYES_AT[0]) - matrix @ right])


def _luminance(rgb: Image) -> Image:
    """(H, W) uint8: linear light of sRGB (IEC 61966-2-1) by the weights of ITU-R BT.709."""
    return np.rint(_LINEAR[rgb] @ np.array([0.2126, 0.7152, 0.0722], np.float32)).astype(np.uint8)


def _histogram(gray: Image, mask: Image | None = None) -> NDArray[np.float64]:
    counts = cv2.calcHist([np.ascontiguousarray(gray)], [0], mask, [256], [0, 256]).ravel().astype(np.float64)
    return counts / max(counts.sum(), 1.0)


def _detail(rgb: Image, points: NDArray[np.float32]) -> tuple[float, float]:
    """Sharpness and blocks of the face, cut along the borders of blocks."""
    limits = np.array([rgb.shape[1], rgb.shape[0]])
    low = np.clip(points.min(axis=0), 0, limits - 1).astype(int) // _BLOCK * _BLOCK
    high = np.clip(points.max(axis=0) + 1, low + 1, limits).astype(int)
    gray = cv2.cvtColor(rgb[low[1] : high[1], low[0] : high[0]], cv2.COLOR_RGB2GRAY)
    mask = _hull(points - low, (gray.shape[1], gray.shape[0]))
    _, spread = cv2.meanStdDev(cv2.Laplacian(gray, cv2.CV_32F), mask=mask)
    return float(spread[0, 0] ** 2), _blockiness(gray)


def _blockiness(gray: Image) -> float:
    at, within = [], []
    for steps in (np.abs(np.diff(gray.astype(np.int16), axis=1)), np.abs(np.diff(gray.astype(np.int16), axis=0)).T):
        border = np.arange(1, steps.shape[1] + 1) % _BLOCK == 0
        at.append(float(steps[:, border].mean()) if border.any() else 0.0)
        within.append(float(steps[:, ~border].mean()))
    return sum(at) / max(sum(within), 1e-6)


def _hull(points: NDArray[np.floating], size: tuple[int, int]) -> Image:
    """(H, W) uint8, 255 within the face from the brows to the chin."""
    mask = np.zeros((size[1], size[0]), np.uint8)
    cv2.fillConvexPoly(mask, cv2.convexHull(np.rint(points[list(LOWER_FACE)]).astype(np.int32)), 255)
    return mask


_STEPS = np.arange(256) / 255
_LINEAR = (255 * np.where(_STEPS > 0.04045, ((_STEPS + 0.055) / 1.055) ** 2.4, _STEPS / 12.92)).astype(np.float32)
