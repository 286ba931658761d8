"""What networks still in training say of samples, in one line: figures to watch, not those of the model card."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from training.faces.datasets import REGIONS, Samples
from training.figures.measure import OTHERS, REQUIRED, caught, truth
from training.networks.fit import forward
from training.networks.nets import MaskNet, RegionNet
from training.networks.pool import DEVICE


def called_at(real: NDArray[np.int8], scores: NDArray[np.floating], alarms: float = 0.01) -> NDArray[np.bool_]:
    """(N, 10): the regions called blocked when each region's threshold gives so many false alarms."""
    said = np.zeros(real.shape, bool)
    for index in range(len(REGIONS)):
        said[:, index] = scores[:, index] > np.quantile(scores[real[:, index] == 0, index], 1 - alarms)
    return said


def caught_at(held: Samples, scores: NDArray[np.floating], alarms: float = 0.01) -> str:
    """What is caught then: eyes, nose and mouth, and the six others."""
    real = truth(held)
    said = called_at(real, scores, alarms)
    return f"eyes, nose, mouth {caught(real, said, REQUIRED)}; six others {caught(real, said, OTHERS)}"


def mask_scores(net: MaskNet, held: Samples) -> NDArray[np.float32]:
    """(N, 10) coverage read off the mask."""
    parts = []
    for at in range(0, len(held), 64):
        mask = torch.sigmoid(_answer(lambda rgb: forward(net, rgb), held, at)).numpy()
        inside = (held.outline[at : at + 64, None] >> np.arange(len(REGIONS))[:, None, None]) & 1
        parts.append((mask[:, None] * inside).sum(axis=(2, 3)) / np.maximum(inside.sum(axis=(2, 3)), 1))
    return np.concatenate(parts)


def heads_scores(net: nn.Module, held: Samples) -> NDArray[np.float32]:
    """(N, 10) logits of a network with nothing but an output a region."""
    return np.concatenate([_answer(lambda rgb: forward(net, rgb), held, at) for at in range(0, len(held), 64)])


def whether_scores(net: RegionNet, held: Samples) -> NDArray[np.float32]:
    """(N, 10) logits of the outputs a region."""
    return np.concatenate([_answer(lambda rgb: net.both(rgb)[1], held, at) for at in range(0, len(held), 64)])


@torch.no_grad()
def _answer(ask: Callable[[Tensor], Tensor], held: Samples, at: int) -> Tensor:
    return ask(torch.from_numpy(held.face[at : at + 64]).to(DEVICE)).float().cpu()
