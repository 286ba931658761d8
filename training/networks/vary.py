"""Views as other cameras and lights would give them, people and attacks alike, so that neither tells.

In torch, on whatever device the views are: a processor could not feed a graphics card.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from core.vision.presentation import OUTSIDE

_TRIM = 0.25  # share of the samples whose surroundings lose some sides
_TRIMMED = 0.3  # at most so much of a side
_DARK = 0.2  # share that lacks light; the camera's gain then makes noise of it
_PACKED, _HALVED, _THIRD, _MOVED, _SHARPENED = 0.2, 0.2, 0.1, 0.08, 0.06  # of these each sample has at most one

# Quantisation tables of the JPEG standard (ITU-T T.81, annex K), luminance and chrominance.
_LUMA = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
_CHROMA = (
    (17, 18, 24, 47, 99, 99, 99, 99),
    (18, 21, 26, 66, 99, 99, 99, 99),
    (24, 26, 56, 99, 99, 99, 99, 99),
    (47, 66, 99, 99, 99, 99, 99, 99),
    *((99,) * 8,) * 4,
)
_YCC = ((0.299, 0.587, 0.114), (-0.168736, -0.331264, 0.5), (0.5, -0.418688, -0.081312))  # JFIF


def varied(views: Tensor, generator: torch.Generator) -> Tensor:
    """(N, 3, S, S, 3) uint8 -> the same: mirrored at times, in other light and colour, hazy, noisy, less sharp, packed
    hard, with less of the frame round the face. What lies outside the frame stays grey.

    S must be a multiple of 16. generator: of the views' device.
    """
    draw = _Draw(len(views), views.device, generator)
    x = torch.where(draw.some(0.5), views.flip(3), views)
    outside = (x == OUTSIDE).all(dim=-1, keepdim=True)
    x, dark = _lit(x.float() / 255, draw)
    grey = x.mean(dim=-1, keepdim=True)
    keep = torch.where(draw.some(0.4), draw.uniform(0.2, 1.5), 1.0)
    x = (grey + keep * (x - grey)).clamp(0, 1)
    x = _coarse(x, draw)
    x = _noisy(x, dark, draw)
    out = (255 * x).round().clamp(0, 255).to(torch.uint8)
    out = torch.where(outside, OUTSIDE, out)
    out[:, 2] = torch.where(_trimmed(draw, out.shape[2]), OUTSIDE, out[:, 2])
    return out


class _Draw:
    """Random numbers of `count` samples, shaped to go with (N, 3, S, S, 3)."""

    def __init__(self, count: int, device: torch.device, generator: torch.Generator) -> None:
        self.count, self.device, self._generator = count, device, generator

    def uniform(self, low: float, high: float, channels: int = 1) -> Tensor:
        drawn = torch.rand(self.count, 1, 1, 1, channels, device=self.device, generator=self._generator)
        return low + (high - low) * drawn

    def normal(self, middle: float, deviation: float, channels: int = 1) -> Tensor:
        drawn = torch.randn(self.count, 1, 1, 1, channels, device=self.device, generator=self._generator)
        return middle + deviation * drawn

    def some(self, share: float) -> Tensor:
        return self.uniform(0, 1) < share

    def noise(self, shape: torch.Size | list[int]) -> Tensor:
        return torch.randn(shape, device=self.device, generator=self._generator)

    def order(self) -> Tensor:
        return torch.randperm(self.count, device=self.device, generator=self._generator)


def _lit(x: Tensor, draw: _Draw) -> tuple[Tensor, Tensor]:
    """Gamma, exposure (at times too much or far too little), white balance, offset, haze; and who lacks light."""
    x = x ** torch.where(draw.some(0.4), draw.uniform(0.6, 1.6), 1.0)
    gain = (draw.normal(1, 0.12) * draw.normal(1, 0.06, 3)).clamp(0.5, 1.6)
    over = torch.where(draw.some(0.2), draw.uniform(1.1, 1.6), 1.0)
    dark = draw.some(_DARK)
    under = torch.where(dark, draw.uniform(0.2, 0.7), 1.0)
    x = (x * gain * torch.where(dark, under, over) + draw.normal(0, 0.03)).clamp(0, 1)
    haze = torch.where(draw.some(0.15), draw.uniform(0.05, 0.4), 0.0)
    return x * (1 - haze) + haze * draw.uniform(0.5, 1.0), dark


def _noisy(x: Tensor, dark: Tensor, draw: _Draw) -> Tensor:
    strength = draw.uniform(1, 8) * torch.where(dark, 1.5, 1.0) / 255
    strength = torch.where(draw.some(0.35) | dark & draw.some(0.5), strength, 0.0)
    coloured = draw.noise(x.shape)
    return x + strength * torch.where(draw.some(0.5), coloured, coloured[..., :1])


def _coarse(x: Tensor, draw: _Draw) -> Tensor:
    """Each sample packed, blurred, moved or sharpened, or as it is."""
    order, start = draw.order(), 0
    x = x.clone()
    for share, change in (
        (_PACKED, _packed),
        (_HALVED, _halved),
        (_THIRD, _third),
        (_MOVED, _moved),
        (_SHARPENED, _sharpened),
    ):
        rows = order[start : start + round(share * draw.count)]
        start += len(rows)
        if len(rows):
            strength = draw.uniform(0, 1)[: len(rows)]
            x[rows] = change(x[rows], strength)
    return x.clamp(0, 1)


def _smaller(x: Tensor, times: int) -> Tensor:
    """Averaged down and drawn up again."""
    flat = x.flatten(0, 1).permute(0, 3, 1, 2)
    small = functional.avg_pool2d(flat, times)
    return functional.interpolate(small, flat.shape[2:], mode="bilinear").permute(0, 2, 3, 1).reshape(x.shape)


def _halved(x: Tensor, strength: Tensor) -> Tensor:
    return torch.lerp(x, _smaller(x, 2), 0.4 + 0.6 * strength)


def _third(x: Tensor, strength: Tensor) -> Tensor:
    return torch.lerp(x, _smaller(x, 3), 0.6 + 0.4 * strength)


def _moved(x: Tensor, strength: Tensor) -> Tensor:
    """Blurred along one side, by up to five pixels."""
    near = (x + x.roll(1, 3) + x.roll(-1, 3)) / 3
    far = (near + x.roll(2, 3) / 3 + x.roll(-2, 3) / 3) * 0.6
    return torch.lerp(near, far, strength)


def _sharpened(x: Tensor, strength: Tensor) -> Tensor:
    return x + (0.3 + strength) * (x - _smaller(x, 2))


def _packed(x: Tensor, strength: Tensor) -> Tensor:
    """What JPEG leaves of it at qualities from 30 to 90, the colours at half the resolution."""
    quality = 30 + 60 * strength[..., 0]
    scale = torch.where(quality < 50, 50 / quality, 2 - quality / 50)
    to = torch.tensor(_YCC)
    back_to = torch.linalg.inv(to).T.to(x.device)
    to = to.to(x.device)
    ycc = (255 * x) @ to.T
    planes = ycc.flatten(0, 1).permute(0, 3, 1, 2)
    scale = scale.expand(x.shape[:2] + (1, 1)).flatten()
    luma = _quantised(planes[:, :1] - 128, _LUMA, scale) + 128
    chroma = _quantised(functional.avg_pool2d(planes[:, 1:], 2), _CHROMA, scale)
    chroma = functional.interpolate(chroma, scale_factor=2.0, mode="bilinear")
    back = torch.cat([luma, chroma], dim=1).permute(0, 2, 3, 1) @ back_to
    return back.reshape(x.shape) / 255


def _quantised(planes: Tensor, table: tuple[tuple[int, ...], ...], scale: Tensor) -> Tensor:
    """(M, C, H, W) through the discrete cosine transform of blocks of 8 x 8. scale (M,): of the table."""
    m, c, h, w = planes.shape
    k = torch.arange(8, device=planes.device, dtype=planes.dtype)
    cosine = torch.cos(torch.pi / 8 * (k[None] + 0.5) * k[:, None]) / 2
    cosine = torch.cat([cosine[:1] / 2**0.5, cosine[1:]])
    blocks = planes.reshape(m, c, h // 8, 8, w // 8, 8).transpose(3, 4)
    steps = (torch.tensor(table, device=planes.device) * scale[:, None, None]).clamp(min=1)[:, None, None, None]
    waves = torch.round(cosine @ blocks @ cosine.T / steps) * steps
    return (cosine.T @ waves @ cosine).transpose(3, 4).reshape(m, c, h, w)


def _trimmed(draw: _Draw, side: int) -> Tensor:
    """(N, S, S, 1): what of the surroundings is cut off."""
    reach = side * _TRIMMED * draw.uniform(0, 1, 4) * (draw.uniform(0, 1, 4) < 0.5) * draw.some(_TRIM)
    left, top, right, bottom = reach[:, 0, 0, 0].T[..., None, None]
    at = torch.arange(side, device=draw.device)
    x, y = at[None, None, :], at[None, :, None]
    return ((x < left.floor()) | (x >= side - right.floor()) | (y < top.floor()) | (y >= side - bottom.floor()))[
        ..., None
    ]
