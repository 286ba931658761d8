"""A decoded frame of a clip as a player shows it: its colours, the shape of its pixels, turned and mirrored."""

from __future__ import annotations

import struct
from fractions import Fraction
from typing import Any, cast

import cv2
import numpy as np
from av.video.frame import VideoFrame

from core.files.color import standard_clip_rgb
from core.vision.reading import Image

_WIDEST_PIXEL = 3  # times as wide as high, or as high as wide; what claims more is a slip of its writer


def shown(picture: VideoFrame, pixel_aspect: Fraction | None) -> Image:
    """(H, W, 3) uint8 RGB. pixel_aspect: width of a pixel by its height; None or 0 where the clip does not say."""
    rgb = _square_pixels(standard_clip_rgb(picture), float(pixel_aspect or 1))
    matrix = picture.side_data.get("DISPLAYMATRIX")
    return rgb if matrix is None else _placed(rgb, struct.unpack("=9i", cast(Any, matrix)))


def _square_pixels(rgb: Image, aspect: float) -> Image:
    """Enlarged on one side, so that no pixel is lost."""
    if aspect == 1 or not 1 / _WIDEST_PIXEL <= aspect <= _WIDEST_PIXEL:
        return rgb
    height, width = rgb.shape[:2]
    size = (round(width * aspect), height) if aspect > 1 else (width, round(height / aspect))
    return cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR)


def _placed(rgb: Image, matrix: tuple[int, ...]) -> Image:
    """By a display matrix: nine integers a b u c d v x y w; x' = a x + c y and y' = b x + d y, as in ISO/IEC 14496-12.

    One that turns by no whole quarter is taken for the nearest that does.
    """
    a, b, _, c, d, *_ = matrix
    if abs(a) + abs(d) >= abs(b) + abs(c):
        down, right = d, a
    else:
        rgb, down, right = rgb.transpose(1, 0, 2), b, c
    return np.ascontiguousarray(rgb[:: -1 if down < 0 else 1, :: -1 if right < 0 else 1])
