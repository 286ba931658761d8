"""The training loops: one for each design, on equal data and for an equal time."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from tqdm import tqdm

from core.regions import Region
from training.datasets import REGIONS, UNKNOWN, Samples
from training.nets import CropNet, EyeNet, HeadsNet, MaskNet

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")

_KNOWS_BFLOAT16 = DEVICE.type == "cuda" or torch.ops.mkldnn._is_mkldnn_bf16_supported()


def _other(region: Region) -> Region:
    name = region.value
    swap = {"left": "right", "right": "left"}
    side, _, rest = name.partition("_")
    return Region(f"{swap[side]}_{rest}") if side in swap else region


_SWAP = [REGIONS.index(_other(region)) for region in REGIONS]
_GO_ON = 0.4  # share of the learning rate when training goes on from a trained network
_BITS = (1 << torch.arange(len(REGIONS), dtype=torch.int32))[None, :, None, None]


def jitter(rgb: Tensor) -> Tensor:
    """(N, H, W, 3) uint8 -> uint8: brightness, contrast, colour and a little noise differ from batch to batch."""
    n = len(rgb)
    x = rgb.float()
    gain = (1 + 0.12 * torch.randn(n, 1, 1, 1)) * (1 + 0.06 * torch.randn(n, 1, 1, 3))
    x = x * gain.clamp(0.5, 1.6) + 8 * torch.randn(n, 1, 1, 1)
    noisy = n // 4
    x[:noisy] += 5 * torch.randn(x[:noisy].shape)
    return x.clamp(0, 255).to(torch.uint8)


def forward(net: nn.Module, *inputs: Tensor) -> Tensor:
    """The net in bfloat16, four times as fast where the processor knows it, slow elsewhere; the answer in float32."""
    with torch.autocast(DEVICE.type, torch.bfloat16, enabled=_KNOWS_BFLOAT16):
        return net(*inputs).float()


@dataclass(frozen=True)
class Budget:
    """When to stop: after some seconds, or after some samples (which compares designs fairly on a busy machine)."""

    seconds: float = math.inf
    samples: float = math.inf

    def spent(self, seconds: float, samples: int) -> float:
        """The share used up, 0..1 and beyond."""
        return max(seconds / self.seconds, samples / self.samples)


def fit(
    net: nn.Module,
    step: Callable[[NDArray[np.int64]], Tensor],
    count: int,
    *,
    budget: Budget,
    batch: int,
    rate: float,
    name: str,
    weights: NDArray[np.float64] | None = None,
    seed: int = 0,
) -> nn.Module:
    """Train: AdamW, one cosine cycle over the budget, an average of the weights over its last fifth.

    step: the loss of the samples with these indices.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    net.train()
    optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.01)
    average = torch.optim.swa_utils.AveragedModel(
        net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995), use_buffers=True
    )
    start, seen, shown = time.monotonic(), 0, 0.0
    with tqdm(total=1000, desc=name, unit=" per mille", mininterval=10) as bar:
        for index in _batches(rng, count, batch, weights):
            share = budget.spent(time.monotonic() - start, seen)
            if share >= 1:
                break
            now = rate * min(1.0, share / 0.04 + 0.02) * (0.5 + 0.5 * np.cos(np.pi * share)) + 1e-6
            for group in optimizer.param_groups:
                group["lr"] = now
            optimizer.zero_grad(set_to_none=True)
            loss = step(index)
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            optimizer.step()
            if share > 0.8:  # the first update copies the net, the rest are averaged into it
                average.update_parameters(net)
            seen += len(index)
            shown = 0.98 * shown + 0.02 * loss.item() if shown else loss.item()
            bar.update(round(1000 * share) - bar.n)
            bar.set_postfix(loss=f"{shown:.4f}", epochs=f"{seen / count:.1f}", refresh=False)
    result = average.module
    result.eval()
    return result


def _batches(
    rng: np.random.Generator, count: int, batch: int, weights: NDArray[np.float64] | None
) -> Iterator[NDArray[np.int64]]:
    share = None if weights is None else weights / weights.sum()
    while True:
        order = rng.permutation(count) if share is None else rng.choice(count, count, p=share)
        for at in range(0, count - batch + 1, batch):
            yield order[at : at + batch]


def fit_mask(data: Samples, budget: Budget, seed: int = 0, start: MaskNet | None = None) -> MaskNet:
    """The dense design: cross-entropy of each pixel plus the error of each region's coverage.

    start: a trained network to go on from, with smaller steps.
    """
    net = (start or MaskNet()).to(DEVICE, memory_format=torch.channels_last)
    rate = 3e-3 * (_GO_ON if start else 1.0)

    def step(index: NDArray[np.int64]) -> Tensor:
        rgb = torch.from_numpy(data.face[index])
        mask = torch.from_numpy(data.mask[index]).float() / 255
        bits = torch.from_numpy(data.outline[index].astype(np.int32))
        covered = torch.from_numpy(data.coverage[index])
        known = torch.from_numpy(data.known[index]).float()[:, None, None]
        if torch.rand(()) < 0.5:
            rgb, mask, bits, covered = rgb.flip(2), mask.flip(2), bits.flip(2), covered[:, _SWAP]
            inside = ((bits[:, None] & _BITS) > 0)[:, _SWAP].float()
        else:
            inside = ((bits[:, None] & _BITS) > 0).float()
        logits = forward(net, jitter(rgb).to(DEVICE))
        mask, inside, covered, known = (x.to(DEVICE) for x in (mask, inside, covered, known))
        weight = known * (1 + 1.5 * (inside.sum(dim=1) > 0))
        pixels = (functional.binary_cross_entropy_with_logits(logits, mask, reduction="none") * weight).mean()
        found = torch.einsum("nhw,nrhw->nr", torch.sigmoid(logits), inside) / inside.sum(dim=(2, 3)).clamp(min=1)
        return pixels + 0.5 * _region_loss(found, covered)

    return fit(net, step, len(data), budget=budget, batch=48, rate=rate, name="mask", seed=seed)


def _region_loss(found: Tensor, covered: Tensor) -> Tensor:
    """Error of coverage, regions nobody knows left out; the eyes count twice."""
    known = (covered > UNKNOWN / 2).float()
    weight = known * torch.tensor([2.0 if "eye" in region.value else 1.0 for region in REGIONS], device=found.device)
    error = functional.smooth_l1_loss(found, covered.clamp(min=0), reduction="none", beta=0.1)
    return (error * weight).sum() / weight.sum().clamp(min=1)


def fit_heads(data: Samples, budget: Budget, seed: int = 0) -> HeadsNet:
    """One output a region, read off the whole aligned face."""
    net = HeadsNet().to(DEVICE, memory_format=torch.channels_last)

    def step(index: NDArray[np.int64]) -> Tensor:
        rgb, covered = torch.from_numpy(data.face[index]), torch.from_numpy(data.coverage[index])
        if torch.rand(()) < 0.5:
            rgb, covered = rgb.flip(2), covered[:, _SWAP]
        return _logit_loss(forward(net, jitter(rgb).to(DEVICE)), covered.to(DEVICE))

    return fit(net, step, len(data), budget=budget, batch=48, rate=2e-3, name="heads", seed=seed)


def _logit_loss(logits: Tensor, covered: Tensor) -> Tensor:
    known = (covered > UNKNOWN / 2).float()
    target = (covered / 0.4).clamp(0, 1)
    loss = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    return (loss * known).sum() / known.sum().clamp(min=1)


def fit_crops(
    crops: NDArray[np.uint8], region: NDArray[np.int64], covered: NDArray[np.float32], budget: Budget, seed: int = 0
) -> CropNet:
    """One net for the crops of every region."""
    net = CropNet().to(DEVICE, memory_format=torch.channels_last)

    def step(index: NDArray[np.int64]) -> Tensor:
        rgb = jitter(torch.from_numpy(crops[index])).to(DEVICE)
        logits = forward(net, rgb, torch.from_numpy(region[index]).to(DEVICE))
        return _logit_loss(logits, torch.from_numpy(covered[index]).to(DEVICE))

    return fit(net, step, len(crops), budget=budget, batch=160, rate=2e-3, name="crops", seed=seed)


def fit_eyes(
    crops: NDArray[np.uint8],
    classes: NDArray[np.int64],
    weights: NDArray[np.float64],
    budget: Budget,
    seed: int = 0,
    start: EyeNet | None = None,
) -> EyeNet:
    """The eye net. Centres of eyes change places, so that the surroundings tell nothing about the class.

    start: a trained network to go on from, with smaller steps.
    """
    net = (start or EyeNet()).to(DEVICE, memory_format=torch.channels_last)
    rate = 2e-3 * (_GO_ON if start else 1.0)

    def step(index: NDArray[np.int64]) -> Tensor:
        rgb, label = torch.from_numpy(crops[index]), torch.from_numpy(classes[index])
        rgb, label = swap_centres(warp(rgb), label)
        logits = forward(net, jitter(rgb).to(DEVICE))
        return functional.cross_entropy(logits, label.to(DEVICE), label_smoothing=0.03)

    return fit(net, step, len(crops), budget=budget, batch=128, rate=rate, name="eyes", weights=weights, seed=seed)


def warp(rgb: Tensor) -> Tensor:
    """(N, H, W, 3) uint8: each picture turned, scaled and shifted a little, some of them blurred by halving."""
    n = len(rgb)
    angle, zoom = 0.13 * torch.randn(n), 1 + 0.12 * torch.randn(n)
    cos, sin = zoom * torch.cos(angle), zoom * torch.sin(angle)
    shift = 0.07 * torch.randn(2, n)
    grid = torch.stack([torch.stack([cos, -sin, shift[0]], 1), torch.stack([sin, cos, shift[1]], 1)], 1)
    x = rgb.permute(0, 3, 1, 2).float()
    at = functional.affine_grid(grid, list(x.shape), align_corners=False)
    x = functional.grid_sample(x, at, padding_mode="border", align_corners=False)
    coarse = functional.interpolate(functional.avg_pool2d(x, 2), scale_factor=2.0, mode="bilinear")
    x = torch.where(torch.rand(n, 1, 1, 1) < 0.2, coarse, x)
    return x.permute(0, 2, 3, 1).clamp(0, 255).to(torch.uint8)


def swap_centres(rgb: Tensor, label: Tensor, share: float = 0.35) -> tuple[Tensor, Tensor]:
    """The lids of one eye, in the colour of another's skin, on the other's surroundings: the lids give the class.

    rgb (N, H, W, 3) uint8, label (N,). Only open (0) and closed (1) eyes take part.
    """
    side = rgb.shape[1]
    eye = torch.nonzero((label < 2) & (torch.rand(len(label)) < share))[:, 0]
    if len(eye) < 2:
        return rgb, label
    giver = eye.roll(1)
    y, x = torch.meshgrid(torch.linspace(-1, 1, side), torch.linspace(-1, 1, side), indexing="ij")
    inside = (1.4 - ((x / 0.72) ** 2 + (y / 0.5) ** 2)).clamp(0, 0.6)[None, ..., None] / 0.6
    a, b = rgb[giver].float(), rgb[eye].float()
    ring = ((inside > 0.05) & (inside < 0.95)).float()
    tone_a, tone_b = ((p * ring).sum(dim=(1, 2), keepdim=True) / ring.sum() for p in (a, b))
    a = a * (tone_b / tone_a.clamp(min=8)).clamp(0.3, 3)
    out, classes = rgb.clone(), label.clone()
    out[eye] = (a * inside + b * (1 - inside)).clamp(0, 255).to(torch.uint8)
    classes[eye] = label[giver]
    return out, classes
