"""The networks. Each takes uint8 RGB pictures as they come, (N, H, W, 3), and normalises them itself."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class Normalize(nn.Module):
    """uint8 or float (N, H, W, 3) -> float (N, 3, H, W) with the picture's own brightness and contrast taken out.

    One mean and one deviation for all three channels, so that colour stays.
    """

    def forward(self, pixels: Tensor) -> Tensor:
        x = pixels.permute(0, 3, 1, 2).float() / 255
        mean = x.mean(dim=(1, 2, 3), keepdim=True)
        spread = ((x - mean) ** 2).mean(dim=(1, 2, 3), keepdim=True)
        return (x - mean) / torch.sqrt(spread + 1e-3)


def conv(inputs: int, outputs: int, size: int = 3, stride: int = 1, groups: int = 1, act: bool = True) -> nn.Sequential:
    """Convolution, batch norm and, unless told otherwise, a rectifier."""
    layers: list[nn.Module] = [
        nn.Conv2d(inputs, outputs, size, stride, size // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
    ]
    return nn.Sequential(*layers, nn.ReLU(inplace=True)) if act else nn.Sequential(*layers)


class Light(nn.Module):
    """Depthwise 3x3 and pointwise convolution with a bypass."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = nn.Sequential(conv(width, width, groups=width), conv(width, width, 1, act=False))

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.body(x))


class Full(nn.Module):
    """3x3 convolution with a bypass."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.body = conv(width, width, act=False)

    def forward(self, x: Tensor) -> Tensor:
        return functional.relu(x + self.body(x))


class Encoder(nn.Module):
    """Features at 1/2, 1/4, 1/8 and 1/16 of the picture's side."""

    def __init__(self, widths: tuple[int, int, int, int] = (16, 32, 64, 128)) -> None:
        super().__init__()
        a, b, c, d = widths
        self.norm = Normalize()
        self.first = nn.Sequential(conv(3, a, stride=2), Light(a))
        self.quarter = nn.Sequential(conv(a, b, stride=2), Full(b))
        self.eighth = nn.Sequential(conv(b, c, stride=2), Full(c))
        self.sixteenth = nn.Sequential(conv(c, d, stride=2), Full(d), Light(d))

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        half = self.first(self.norm(pixels))
        quarter = self.quarter(half)
        eighth = self.eighth(quarter)
        return half, quarter, eighth, self.sixteenth(eighth)


class MaskNet(nn.Module):
    """Aligned faces -> (N, S/2, S/2) logits: is this pixel a foreign thing? A U-Net whose skips are added."""

    def __init__(self, widths: tuple[int, int, int, int] = (16, 32, 64, 128)) -> None:
        super().__init__()
        a, b, c, d = widths
        self.encoder = Encoder(widths)
        self.context = nn.Sequential(nn.Linear(d, d), nn.ReLU(inplace=True), nn.Linear(d, d))
        self.to_eighth, self.eighth = conv(d, c, 1, act=False), nn.Sequential(Light(c), Light(c))
        self.to_quarter, self.quarter = conv(c, b, 1, act=False), nn.Sequential(Light(b), Light(b))
        self.to_half, self.fine = conv(b, a, 1, act=False), nn.Sequential(Light(a), Light(a))
        self.head = nn.Conv2d(a, 1, 1)

    def forward(self, pixels: Tensor) -> Tensor:
        return self._dense(pixels)[0]

    def _dense(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """The logits, and the deepest features (N, 128, S/16, S/16)."""
        half, quarter, eighth, deep = self.encoder(pixels)
        deep = deep + self.context(deep.mean(dim=(2, 3)))[:, :, None, None]
        x = self.eighth(functional.relu(eighth + _double(self.to_eighth(deep))))
        x = self.quarter(functional.relu(quarter + _double(self.to_quarter(x))))
        x = self.fine(functional.relu(half + _double(self.to_half(x))))
        return self.head(x)[:, 0], deep


class RegionNet(MaskNet):
    """A mask as `MaskNet` gives, for how much of a region is covered, and one output a region for whether it is."""

    def __init__(self, regions: int = 10, face_px: int = 160) -> None:
        super().__init__()
        cells = (face_px // 16) ** 2
        self.squeezed = conv(128, 16, 1)
        self.whether = nn.Sequential(nn.Linear(16 * cells, 48), nn.ReLU(inplace=True), nn.Linear(48, regions))

    def both(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of the mask (N, S/2, S/2) and of the regions (N, regions)."""
        mask, deep = self._dense(pixels)
        return mask, self.whether(self.squeezed(deep).flatten(1))


class HeadsNet(nn.Module):
    """Aligned faces -> (N, regions) logits of each region's coverage, from one pooled feature. Kept for comparison."""

    def __init__(self, regions: int = 10) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.deep = nn.Sequential(conv(128, 192, stride=2), Full(192))
        self.head = nn.Sequential(nn.Linear(192 * 25, 96), nn.ReLU(inplace=True), nn.Linear(96, regions))

    def forward(self, pixels: Tensor) -> Tensor:
        return self.head(self.deep(self.encoder(pixels)[3]).flatten(1))


class CropNet(nn.Module):
    """Crops (N, 64, 64, 3) of one region each and its index -> (N,) logit of its coverage. Kept for comparison."""

    def __init__(self, regions: int = 10) -> None:
        super().__init__()
        self.encoder = Encoder((16, 32, 64, 96))
        self.head = nn.Sequential(nn.Linear(96 * 16, 64), nn.ReLU(inplace=True), nn.Linear(64, regions))

    def forward(self, pixels: Tensor, region: Tensor) -> Tensor:
        return self.head(self.encoder(pixels)[3].flatten(1)).gather(1, region[:, None])[:, 0]


class EyeNet(nn.Module):
    """Eye crops (N, 64, 64, 3) -> (N, 4) logits: open, closed, blocked, glare."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder((16, 24, 48, 96))
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(96 * 16, 64), nn.ReLU(inplace=True), nn.Linear(64, 4))

    def forward(self, pixels: Tensor) -> Tensor:
        return self.head(self.encoder(pixels)[3].flatten(1))


class PresentationNet(nn.Module):
    """Views (N, 3, S, S, 3) of a face, its detail and its surroundings -> (N, 2, 3) logits: person, screen, print.

    Each view has an encoder and a word of its own; they are added up (first row), so that none needs the others. The
    second row is the word of the surroundings alone.
    """

    def __init__(self, widths: tuple[int, int, int, int] = (12, 20, 32, 56)) -> None:
        super().__init__()
        self.encoders = nn.ModuleList(_plain_encoder(widths) for _ in range(3))
        self.heads = nn.ModuleList(nn.Sequential(nn.Dropout(0.2), nn.Linear(2 * widths[-1], 3)) for _ in range(3))

    def words(self, views: Tensor) -> Tensor:
        """(N, 3, 3): the logits of each view."""
        out = []
        for index, (encoder, head) in enumerate(zip(self.encoders, self.heads, strict=True)):
            deep = encoder(views[:, index])
            out.append(head(torch.cat([deep.mean(dim=(2, 3)), deep.amax(dim=(2, 3))], dim=1)))
        return torch.stack(out, dim=1)

    def forward(self, views: Tensor) -> Tensor:
        words = self.words(views)
        return torch.stack([words.sum(dim=1), words[:, 2]], dim=1)


class Served(nn.Module):
    """A network with its last step, as it is exported: sigmoid for a mask, softmax for classes."""

    def __init__(self, net: nn.Module, last: nn.Module) -> None:
        super().__init__()
        self.net, self.last = net, last

    def forward(self, pixels: Tensor) -> Tensor:
        return self.last(self.net(pixels))


def _plain_encoder(widths: tuple[int, int, int, int]) -> nn.Sequential:
    """Features at 1/16 of the picture's side, with little work at its full size."""
    a, b, c, d = widths
    shallow = (Normalize(), conv(3, a, stride=2), conv(a, b, stride=2), Full(b))
    return nn.Sequential(*shallow, conv(b, c, stride=2), Full(c), conv(c, d, stride=2), Full(d), Light(d))


def _double(x: Tensor) -> Tensor:
    return functional.interpolate(x, scale_factor=2.0, mode="nearest")


def parameters(net: nn.Module) -> int:
    """How many numbers a network holds."""
    return sum(p.numel() for p in net.parameters())
