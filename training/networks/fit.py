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

from training.faces.datasets import REGIONS, UNKNOWN, Samples
from training.networks.nets import CropNet, EyeNet, HeadsNet, MaskNet, RegionNet
from training.networks.pool import DEVICE, SWAP, Faces, Pool, jitter, swap_centres, varied, warp

_KNOWS_BFLOAT16 = DEVICE.type == "cuda" or torch.ops.mkldnn._is_mkldnn_bf16_supported()

_GO_ON = 0.4  # share of the learning rate when training goes on from a trained network
_WHETHER = 0.25  # weight of what the outputs a region say, beside the mask
_AVERAGED = 0.2  # of the course: its end, over which the weights are averaged


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


class Course:
    """One network's way through training: AdamW, one cosine cycle, an average of the weights over its last fifth.

    rate: the highest learning rate.
    """

    def __init__(self, net: nn.Module, rate: float) -> None:
        self.net, self.rate = net, rate
        net.train()
        self._optimizer = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=0.01)
        self._average = torch.optim.swa_utils.AveragedModel(
            net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995), use_buffers=True
        )
        self._averaged = False
        self._loss: Tensor | None = None

    def step(self, loss: Tensor, share: float) -> None:
        """One step down `loss`. share: of the course that is over, 0..1."""
        now = self.rate * min(1.0, share / 0.04 + 0.02) * (0.5 + 0.5 * math.cos(math.pi * share)) + 1e-6
        for group in self._optimizer.param_groups:
            group["lr"] = now
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), 2.0)
        self._optimizer.step()
        if share > 1 - _AVERAGED:  # the first update copies the net, the rest are averaged into it
            self._average.update_parameters(self.net)
            self._averaged = True
        loss = loss.detach()
        self._loss = loss if self._loss is None else 0.98 * self._loss + 0.02 * loss

    @property
    def loss(self) -> float:
        """The loss of late."""
        return float("nan") if self._loss is None else self._loss.item()

    @property
    def result(self) -> nn.Module:
        """The average, or the net as it stands while there is none yet."""
        return self._average.module if self._averaged else self.net


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
    """Train `net` by one `Course`.

    step: the loss of the samples with these indices.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    course = Course(net, rate)
    start, seen = time.monotonic(), 0
    with tqdm(total=1000, desc=name, unit=" per mille", mininterval=10) as bar:
        for index in _batches(rng, count, batch, weights):
            share = budget.spent(time.monotonic() - start, seen)
            if share >= 1:
                break
            course.step(step(index), share)
            seen += len(index)
            if bar.update(round(1000 * share) - bar.n):  # reading the loss waits for the GPU: only when it is shown
                bar.set_postfix(loss=f"{course.loss:.4f}", epochs=f"{seen / count:.1f}", refresh=False)
    return course.result.eval()


def _batches(
    rng: np.random.Generator, count: int, batch: int, weights: NDArray[np.float64] | None
) -> Iterator[NDArray[np.int64]]:
    share = None if weights is None else weights / weights.sum()
    while True:
        order = rng.permutation(count) if share is None else rng.choice(count, count, p=share)
        for at in range(0, count - batch + 1, batch):
            yield order[at : at + batch]


def fit_mask(data: Samples, budget: Budget, seed: int = 0, start: MaskNet | None = None) -> MaskNet:
    """The dense design. start: a trained network to go on from, with smaller steps."""
    net = (start or MaskNet()).to(DEVICE, memory_format=torch.channels_last)
    rate, pool = 3e-3 * (_GO_ON if start else 1.0), Pool.of(data)

    def step(index: NDArray[np.int64]) -> Tensor:
        faces = varied(pool.faces(index))
        return mask_loss(forward(net, faces.rgb), faces)

    return fit(net, step, len(data), budget=budget, batch=48, rate=rate, name="mask", seed=seed)


def mask_loss(logits: Tensor, faces: Faces) -> Tensor:
    """Cross-entropy of each pixel plus the error of each region's coverage. logits (N, M, M)."""
    weight = faces.known[:, None, None] * (1 + 1.5 * (faces.inside.amax(dim=1) > 0))
    pixels = (functional.binary_cross_entropy_with_logits(logits, faces.mask, reduction="none") * weight).mean()
    found = torch.einsum("nhw,nrhw->nr", torch.sigmoid(logits), faces.inside)
    found = found / faces.inside.sum(dim=(2, 3)).clamp(min=1)
    return pixels + 0.5 * _region_loss(found, faces.covered)


def _region_loss(found: Tensor, covered: Tensor) -> Tensor:
    """Error of coverage, regions nobody knows left out; the eyes count twice."""
    known = (covered > UNKNOWN / 2).float()
    weight = known * torch.tensor([2.0 if "eye" in region.value else 1.0 for region in REGIONS], device=found.device)
    error = functional.smooth_l1_loss(found, covered.clamp(min=0), reduction="none", beta=0.1)
    return (error * weight).sum() / weight.sum().clamp(min=1)


def regions_loss(net: RegionNet, faces: Faces) -> Tensor:
    """`mask_loss`, and whether each region is blocked."""
    with torch.autocast(DEVICE.type, torch.bfloat16, enabled=_KNOWS_BFLOAT16):
        logits, blocked = net.both(faces.rgb)
    return mask_loss(logits.float(), faces) + _WHETHER * _logit_loss(blocked.float(), faces.covered)


def fit_heads(data: Samples, budget: Budget, seed: int = 0) -> HeadsNet:
    """One output a region, read off the whole aligned face."""
    net = HeadsNet().to(DEVICE, memory_format=torch.channels_last)

    def step(index: NDArray[np.int64]) -> Tensor:
        rgb, covered = torch.from_numpy(data.face[index]).to(DEVICE), torch.from_numpy(data.coverage[index]).to(DEVICE)
        if torch.rand(()) < 0.5:
            rgb, covered = rgb.flip(2), covered[:, SWAP]
        return _logit_loss(forward(net, jitter(rgb)), covered)

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
        rgb = jitter(torch.from_numpy(crops[index]).to(DEVICE))
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
        rgb, label = torch.from_numpy(crops[index]).to(DEVICE), torch.from_numpy(classes[index]).to(DEVICE)
        return eye_loss(net, rgb, label)

    return fit(net, step, len(crops), budget=budget, batch=128, rate=rate, name="eyes", weights=weights, seed=seed)


def eye_loss(net: EyeNet, rgb: Tensor, label: Tensor) -> Tensor:
    """Cross-entropy of the classes (N,) of crops (N, 64, 64, 3), once they are varied."""
    rgb, label = swap_centres(warp(rgb), label)
    return functional.cross_entropy(forward(net, jitter(rgb)), label, label_smoothing=0.03)
