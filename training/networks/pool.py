"""Samples where the networks train: on the GPU, if there is one, and varied there, so that nothing waits for them."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from core.regions import Region
from training.faces.datasets import MASK_PX, REGIONS, UNKNOWN, Samples

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def other(region: Region) -> Region:
    """The same region of the other side, itself in the middle."""
    swap = {"left": "right", "right": "left"}
    side, _, rest = region.value.partition("_")
    return Region(f"{swap[side]}_{rest}") if side in swap else region


SWAP = [REGIONS.index(other(region)) for region in REGIONS]
_BITS = 1 << torch.arange(len(REGIONS), dtype=torch.int32)


@dataclass(frozen=True)
class Faces:
    """A batch. rgb (N, S, S, 3) uint8; mask (N, M, M) 0..1; inside (N, 10, M, M) 0 or 1: the outlines; covered (N, 10),
    UNKNOWN where not known; known (N,) 0 or 1: whether `mask` is."""

    rgb: Tensor
    mask: Tensor
    inside: Tensor
    covered: Tensor
    known: Tensor

    @staticmethod
    def join(*parts: Faces) -> Faces:
        """All of them in one batch."""
        return Faces(*(torch.cat([getattr(part, f.name) for part in parts]) for f in fields(Faces)))


class Pool:
    """Aligned faces on `DEVICE`; more may come while training goes on, until it is full."""

    def __init__(self, capacity: int, face_px: int = 160, eye_px: int = 64) -> None:
        def room(*shape: int, dtype: torch.dtype = torch.uint8) -> Tensor:
            return torch.zeros((capacity, *shape), dtype=dtype, device=DEVICE)

        self.capacity, self._count = capacity, 0
        self._rgb, self._mask = room(face_px, face_px, 3), room(MASK_PX, MASK_PX)
        self._outline = room(MASK_PX, MASK_PX, dtype=torch.int16)
        self._covered, self._known = room(len(REGIONS), dtype=torch.float32), room()
        self.eyes, self.eye_class = room(2, eye_px, eye_px, 3), room(2, dtype=torch.int8)
        self.source = np.full(capacity, "", dtype=object)

    @classmethod
    def of(cls, samples: Samples) -> Pool:
        """One that holds just these."""
        pool = cls(len(samples), samples.face.shape[1], samples.eyes.shape[2])
        pool.add(samples)
        return pool

    def __len__(self) -> int:
        return self._count

    def add(self, samples: Samples) -> None:
        """Take in as many as there is room for."""
        samples = samples.take(np.arange(min(len(samples), self.capacity - self._count)))
        rows = slice(self._count, self._count + len(samples))
        columns = {
            "_rgb": samples.face,
            "_mask": samples.mask,
            "_outline": samples.outline.astype(np.int16),
            "_covered": samples.coverage,
            "_known": samples.known,
            "eyes": samples.eyes,
            "eye_class": samples.eye_class,
        }
        for name, value in columns.items():
            getattr(self, name)[rows] = torch.from_numpy(np.ascontiguousarray(value)).to(DEVICE)
        self.source[rows] = samples.source
        self._count += len(samples)

    def faces(self, index: NDArray[np.integer]) -> Faces:
        """Those with these numbers, as they are."""
        at = torch.from_numpy(index).to(DEVICE)
        bits = self._outline[at].int()[:, None] & _BITS.to(DEVICE)[None, :, None, None]
        mask = self._mask[at].float() / 255
        return Faces(self._rgb[at], mask, (bits > 0).float(), self._covered[at], self._known[at].float())

    def eye_crops(self, rows: NDArray[np.integer], sides: NDArray[np.integer]) -> tuple[Tensor, Tensor]:
        """Crops (N, 64, 64, 3) uint8 and their classes (N,) of these eyes; side 0 is the left one."""
        at, side = torch.from_numpy(rows).to(DEVICE), torch.from_numpy(sides).to(DEVICE)
        return self.eyes[at, side], self.eye_class[at, side].long()


def mirrored(faces: Faces) -> Faces:
    """The batch in the mirror: left and right change places."""
    return Faces(
        faces.rgb.flip(2), faces.mask.flip(2), faces.inside.flip(3)[:, SWAP], faces.covered[:, SWAP], faces.known
    )


def exchanged(faces: Faces, share: float = 0.4) -> Faces:
    """Some of the things are laid over another face of the batch, one that is free, just where they lay before.

    share: of the faces that have a thing. Masks that are not known stay out of it.
    """
    side, device = faces.rgb.shape[1], faces.rgb.device
    sure = (faces.known > 0) & (faces.covered > UNKNOWN / 2).all(dim=1)
    most = faces.covered.amax(dim=1)
    free = torch.nonzero(sure & (most <= 0))[:, 0]
    at = torch.nonzero(sure & (most > 0) & (torch.rand(len(most), device=device) < share))[:, 0]
    if len(free) == 0 or len(at) == 0:
        return faces
    face = free[torch.randint(len(free), (len(at),), device=device)]
    small, inside = faces.mask[at], faces.inside.clone()
    laid = functional.interpolate(small[:, None], size=(side, side), mode="bilinear", align_corners=False)
    laid = laid.permute(0, 2, 3, 1)
    rgb, covered = faces.rgb.clone(), faces.covered.clone()
    rgb[at] = (faces.rgb[at].float() * laid + faces.rgb[face].float() * (1 - laid)).round().to(torch.uint8)
    inside[at] = faces.inside[face]
    covered[at] = (small[:, None] * inside[at]).sum(dim=(2, 3)) / inside[at].sum(dim=(2, 3)).clamp(min=1)
    return replace(faces, rgb=rgb, inside=inside, covered=covered)


def moved(faces: Faces, turn: float = 0.04, zoom: float = 0.04, shift: float = 0.02) -> Faces:
    """Each face turned (radians), scaled and shifted (shares of the side) a little, its outlines with it.

    Standard deviations; a mesh that strays moves the cut so.
    """
    grid = affine(len(faces.rgb), turn, zoom, shift, faces.rgb.device)
    rgb = sampled(faces.rgb.permute(0, 3, 1, 2).float(), grid).permute(0, 2, 3, 1)
    layers = sampled(torch.cat([faces.mask[:, None], faces.inside], dim=1), grid)
    inside = (layers[:, 1:] > 0.5).float()
    return replace(faces, rgb=rgb.round().clamp(0, 255).to(torch.uint8), mask=layers[:, 0], inside=inside)


def affine(count: int, turn: float, zoom: float, shift: float, device: torch.device) -> Tensor:
    """(count, 2, 3) random similarities in the coordinates of `affine_grid`; standard deviations."""
    angle, scale = turn * torch.randn(count, device=device), 1 + zoom * torch.randn(count, device=device)
    cos, sin = scale * torch.cos(angle), scale * torch.sin(angle)
    x, y = shift * torch.randn(2, count, device=device)
    return torch.stack([torch.stack([cos, -sin, x], 1), torch.stack([sin, cos, y], 1)], 1)


def sampled(x: Tensor, matrix: Tensor) -> Tensor:
    """(N, C, H, W) float through (N, 2, 3), the edge repeated."""
    at = functional.affine_grid(matrix, list(x.shape), align_corners=False)
    return functional.grid_sample(x, at, padding_mode="border", align_corners=False)


def jitter(rgb: Tensor) -> Tensor:
    """(N, H, W, 3) uint8 -> uint8: brightness, contrast, colour and a little noise differ from batch to batch."""
    n, device = len(rgb), rgb.device
    x = rgb.float()
    gain = (1 + 0.12 * torch.randn(n, 1, 1, 1, device=device)) * (1 + 0.06 * torch.randn(n, 1, 1, 3, device=device))
    x = x * gain.clamp(0.5, 1.6) + 8 * torch.randn(n, 1, 1, 1, device=device)
    noisy = n // 4
    x[:noisy] += 5 * torch.randn(x[:noisy].shape, device=device)
    return x.clamp(0, 255).to(torch.uint8)


def softened(rgb: Tensor, share: float = 0.1) -> Tensor:
    """(N, H, W, 3) uint8: some of them with half their resolution."""
    x = rgb.permute(0, 3, 1, 2).float()
    coarse = functional.interpolate(functional.avg_pool2d(x, 2), scale_factor=2.0, mode="bilinear")
    x = torch.where(torch.rand(len(x), 1, 1, 1, device=x.device) < share, coarse, x)
    return x.permute(0, 2, 3, 1).clamp(0, 255).to(torch.uint8)


def varied(faces: Faces) -> Faces:
    """The batch as training sees it: half the time mirrored; things exchanged; moved; in other light."""
    if torch.rand(()) < 0.5:
        faces = mirrored(faces)
    faces = moved(exchanged(faces))
    return replace(faces, rgb=jitter(softened(faces.rgb)))


def warp(rgb: Tensor) -> Tensor:
    """(N, H, W, 3) uint8 eye crops: each turned, scaled and shifted, some of them with half their resolution."""
    x = sampled(rgb.permute(0, 3, 1, 2).float(), affine(len(rgb), 0.13, 0.12, 0.07, rgb.device))
    return softened(x.permute(0, 2, 3, 1).clamp(0, 255).to(torch.uint8), 0.2)


def swap_centres(rgb: Tensor, label: Tensor, share: float = 0.35) -> tuple[Tensor, Tensor]:
    """The lids of one eye, in the colour of another's skin, on the other's surroundings: the lids give the class.

    rgb (N, H, W, 3) uint8, label (N,). Only open (0) and closed (1) eyes take part.
    """
    side, device = rgb.shape[1], rgb.device
    eye = torch.nonzero((label < 2) & (torch.rand(len(label), device=device) < share))[:, 0]
    if len(eye) < 2:
        return rgb, label
    giver = eye.roll(1)
    line = torch.linspace(-1, 1, side, device=device)
    y, x = torch.meshgrid(line, line, indexing="ij")
    inside = (1.4 - ((x / 0.72) ** 2 + (y / 0.5) ** 2)).clamp(0, 0.6)[None, ..., None] / 0.6
    a, b = rgb[giver].float(), rgb[eye].float()
    ring = ((inside > 0.05) & (inside < 0.95)).float()
    tone_a, tone_b = ((p * ring).sum(dim=(1, 2), keepdim=True) / ring.sum() for p in (a, b))
    a = a * (tone_b / tone_a.clamp(min=8)).clamp(0.3, 3)
    out, classes = rgb.clone(), label.clone()
    out[eye] = (a * inside + b * (1 - inside)).clamp(0, 255).to(torch.uint8)
    classes[eye] = label[giver]
    return out, classes
