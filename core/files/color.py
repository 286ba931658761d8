"""Wide and high-dynamic-range colours to those of an ordinary screen, as a player shows them.

Models and thresholds know pictures of BT.709 and sRGB. swscale converts as well, but takes four seconds of a processor
before the first frame of each clip, and cuts off what is brighter than white.
"""

from __future__ import annotations

from functools import lru_cache
from io import BytesIO

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorTrc, Interpolation
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageCms, ImageFilter

from core.vision.reading import Image

_WHITE_NITS = 203.0  # of diffuse white in HLG and PQ, ITU-R BT.2408
_GAMMA = 2.4  # of a standard screen, ITU-R BT.1886
_KNEE = 0.8  # share of white, linear, from which highlights are squeezed so that those above white are seen
_NODES = 65  # of the table, in each colour
# Without it swscale's RGB is a level too low, which is two where dark tones have few levels, as in PQ.
_EXACT = int(Interpolation.BILINEAR | Interpolation.FULL_CHR_H_INT)
_SRGB = ImageCms.createProfile("sRGB")

# Linear light of the wide primaries -> that of BT.709: ITU-R BT.2087, and SMPTE EG 432-1 (Display P3).
_TO_709: dict[int, NDArray[np.float64]] = {
    ColorPrimaries.BT2020: np.array(
        [[1.6605, -0.5876, -0.0728], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1187]]
    ),
    ColorPrimaries.SMPTE432: np.array([[1.2249, -0.2247, 0.0], [-0.0420, 1.0419, 0.0], [-0.0197, -0.0786, 1.0979]]),
}
_HDR = (ColorTrc.SMPTE2084, ColorTrc.ARIB_STD_B67)


def standard_clip_rgb(picture: VideoFrame) -> Image:
    """(H, W, 3) uint8: a decoded frame in BT.709, by what the frame says of itself."""
    transfer, primaries = picture.color_trc, picture.color_primaries
    if transfer not in _HDR and primaries not in _TO_709:
        return picture.to_ndarray(format="rgb24")
    rgb = picture.to_ndarray(format="rgb24", interpolation=_EXACT)
    return np.asarray(Pillow.fromarray(rgb).filter(_table(transfer, primaries)))


def standard_photo_rgb(rgb: Image, profile: bytes | None) -> Image:
    """(H, W, 3) uint8: a photo in sRGB. profile: its ICC profile; one that can't be used is passed over."""
    if not profile:
        return rgb
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        if source.profile.xcolor_space.strip() != "RGB" or "sRGB" in (source.profile.profile_description or ""):
            return rgb
        shown = ImageCms.profileToProfile(Pillow.fromarray(rgb), source, _SRGB, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return rgb
    return np.asarray(shown)


@lru_cache(maxsize=8)
def _table(transfer: int, primaries: int) -> ImageFilter.Color3DLUT:
    """Encoded RGB of the clip -> encoded RGB of BT.709."""
    steps = np.linspace(0, 1, _NODES)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")  # red runs fastest
    light = _light(np.stack([red, green, blue], axis=-1).reshape(-1, 3), transfer)
    narrow = np.maximum(light @ _TO_709.get(primaries, np.eye(3)).T, 0)
    if transfer in _HDR:
        narrow *= _squeeze(narrow.max(axis=1, keepdims=True))
    return ImageFilter.Color3DLUT(_NODES, (narrow.clip(0, 1) ** (1 / _GAMMA)).astype(np.float32).ravel())


def _light(code: NDArray[np.float64], transfer: int) -> NDArray[np.float64]:
    """(N, 3) encoded, 0..1 -> light of the screen, 1 for diffuse white. ITU-R BT.2100, tables 4 and 5."""
    if transfer == ColorTrc.SMPTE2084:
        power = code ** (32 / 2523)
        nits = 10000 * (np.maximum(power - 3424 / 4096, 0) / (2413 / 128 - 2392 / 128 * power)) ** (16384 / 2610)
        return nits / _WHITE_NITS
    if transfer == ColorTrc.ARIB_STD_B67:
        a, b, c = 0.17883277, 0.28466892, 0.55991073
        scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
        luminance = scene @ (0.2627, 0.6780, 0.0593)
        return (
            scene * luminance[:, None] ** 0.2 * 1000 / _WHITE_NITS
        )  # a screen of 1,000 nits has a system gamma of 1.2
    return code**_GAMMA


def _squeeze(brightest: NDArray[np.float64]) -> NDArray[np.float64]:
    """What a pixel is to be multiplied with, by its brightest colour: 1 up to the knee, above it ever less."""
    over = np.maximum(brightest - _KNEE, 0) / (1 - _KNEE)
    return np.where(over > 0, (_KNEE + (1 - _KNEE) * over / (1 + over)) / np.maximum(brightest, _KNEE), 1)
