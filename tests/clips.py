"""Small clips as phones and editors write them: turned and mirrored, with oblong pixels, in wide and bright colours."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorTrc
from numpy.typing import NDArray

from core.vision.reading import Image

_ONE = 1 << 16
MATRICES = {
    "as it is": (1, 0, 0, 1),
    "mirrored": (-1, 0, 0, 1),
    "upside down": (-1, 0, 0, -1),
    "upside down, mirrored": (1, 0, 0, -1),
    "a quarter right": (0, 1, -1, 0),
    "a quarter left": (0, -1, 1, 0),
    "transposed": (0, 1, 1, 0),
    "transposed the other way": (0, -1, -1, 0),
}
"""a, b, c, d of a display matrix: x' = a x + c y, y' = b x + d y."""

_BT2020 = np.array([0.2627, 0.6780, 0.0593])  # luma
_709_TO_2020 = np.array([[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]])


def write_placed(rgb: Image, path: Path, matrix: tuple[int, int, int, int], aspect: Fraction = Fraction(1)) -> Path:
    """A clip of one picture, stored as `rgb`, with a display matrix in its track header and the shape of its pixels."""
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.height, stream.width, stream.pix_fmt = *rgb.shape[:2], "yuv420p"
        stream.options = {"crf": "10"}
        stream.codec_context.sample_aspect_ratio = aspect
        container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        container.mux(stream.encode())
    data = bytearray(path.read_bytes())
    a, b, c, d = (value * _ONE for value in matrix)
    # Of version 0: 36 bytes of flags, times, numbers and sound come first.
    start = data.index(b"tkhd") + 4 + 40
    data[start : start + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(data)
    return path


def write_wide(rgb: Image, path: Path, transfer: ColorTrc) -> Path:
    """A 10-bit clip of one picture in BT.2020, HLG or PQ, its white at 203 nits (ITU-R BT.2100, BT.2408)."""
    code = _encoded(203 * (rgb / 255) ** 2.4 @ _709_TO_2020.T, transfer)
    luma = code @ _BT2020
    blue, red = (code[..., 2] - luma) / 1.8814, (code[..., 0] - luma) / 1.4746
    planes = [64 + 876 * luma, *(512 + 896 * cv2.resize(plane, None, fx=0.5, fy=0.5) for plane in (blue, red))]
    picture = av.VideoFrame(rgb.shape[1], rgb.shape[0], "yuv420p10le")
    for plane, values in zip(picture.planes, planes, strict=True):
        lines = np.zeros((values.shape[0], plane.line_size // 2), "<u2")
        lines[:, : values.shape[1]] = values.round()
        plane.update(lines.tobytes())
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx265", rate=25)
        stream.height, stream.width, stream.pix_fmt = *rgb.shape[:2], "yuv420p10le"
        stream.options = {"crf": "12", "x265-params": "log-level=0"}
        for tagged in (stream.codec_context, picture):
            tagged.color_trc, tagged.color_primaries, tagged.colorspace, tagged.color_range = (
                transfer, ColorPrimaries.BT2020, 9, 1
            )  # fmt: skip
        for picture.pts in range(3):
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


def _encoded(nits: NDArray[np.float64], transfer: ColorTrc) -> NDArray[np.float64]:
    if transfer == ColorTrc.SMPTE2084:
        power = (nits / 10000) ** (2610 / 16384)
        return ((3424 / 4096 + 2413 / 128 * power) / (1 + 2392 / 128 * power)) ** (2523 / 32)
    light = nits / 1000
    scene = light * np.maximum(light @ _BT2020, 1e-9)[..., None] ** (-0.2 / 1.2)
    bright = 0.17883277 * np.log(np.maximum(12 * scene - 0.28466892, 1e-9)) + 0.55991073
    return np.where(scene <= 1 / 12, np.sqrt(3 * scene), bright)
