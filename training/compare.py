"""python -m training.compare --data FOLDER --cache FOLDER: three designs on equal data.

A dense mask that regions read their coverage from; one net with an output a region; crops of each region through one
shared net. Each region's threshold is the one that gives 1 % false alarms, so that only what is caught differs.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray

from core.regions import Region
from training.faces.datasets import REGIONS, UNKNOWN, Samples, workers
from training.faces.gather import gather
from training.figures.measure import OTHERS, REQUIRED, Rate, caught, truth
from training.networks.fit import Budget, fit_crops, fit_heads, fit_mask, forward
from training.networks.nets import CropNet, parameters
from training.networks.pool import DEVICE
from training.networks.scores import called_at, heads_scores, mask_scores

CROP_PX = 64
_PER_FACE = 4  # regions of each face that the crop net sees


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.compare", description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--cache", type=Path, required=True)
    parser.add_argument("--samples", type=int, default=24000)
    parser.add_argument("--held", type=int, default=4000)
    parser.add_argument("--seen", type=int, default=30000, help="faces that each design trains on")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--threads", type=int, default=workers())
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    data = gather(options.data, options.cache, options.samples, options.held, options.seed, options.threads)
    budget = Budget(samples=options.seen)
    mask, heads = fit_mask(data.train, budget), fit_heads(data.train, budget)
    crops = fit_crops(*crop_data(data.train, np.random.default_rng(0)), Budget(samples=_PER_FACE * options.seen))
    scores = {
        f"dense mask ({parameters(mask) / 1e6:.2f} M)": mask_scores(mask, data.held),
        f"one output a region ({parameters(heads) / 1e6:.2f} M)": heads_scores(heads, data.held),
        f"region crops ({parameters(crops) / 1e6:.2f} M)": crop_scores(crops, data.held),
    }
    print("\n".join(rows(data.held, scores)))
    return 0


def rows(held: Samples, scores: dict[str, NDArray[np.floating]], alarms: float = 0.01) -> list[str]:
    """One line a design: what is caught at `alarms` false alarms in every region."""
    real = truth(held)
    kinds = [k for k in sorted(set(held.kind)) if (real[held.kind == k] == 1).any()]
    lines = [f"| {'design':32} | eyes, nose, mouth | six others | " + " | ".join(kinds) + " |"]
    for name, value in scores.items():
        said = called_at(real, value, alarms)
        rates: list[Rate] = [caught(real, said, REQUIRED), caught(real, said, OTHERS)]
        rates += [caught(real, said, REQUIRED, held.kind == kind) for kind in kinds]
        lines.append(f"| {name:32} | " + " | ".join(f"{100 * rate.share:.1f} %" for rate in rates) + " |")
    return lines


@torch.no_grad()
def crop_scores(net: CropNet, held: Samples) -> NDArray[np.float32]:
    """(N, 10) logits, each from its own crop."""
    out = np.zeros((len(held), len(REGIONS)), np.float32)
    for index in range(len(REGIONS)):
        crops = np.stack([crop(held, row, index) for row in range(len(held))])
        region = torch.full((256,), index)
        for at in range(0, len(held), 256):
            part = torch.from_numpy(crops[at : at + 256]).to(DEVICE)
            out[at : at + 256, index] = forward(net, part, region[: len(part)].to(DEVICE)).cpu().numpy()
    return out


def crop(samples: Samples, row: int, index: int) -> NDArray[np.uint8]:
    """(64, 64, 3): a square round one region of an aligned face, the left side's mirrored."""
    face = samples.face[row]
    ys, xs = np.nonzero((samples.outline[row] >> index) & 1)
    factor = face.shape[0] / samples.outline.shape[1]
    if len(ys) == 0:
        return cv2.resize(face, (CROP_PX, CROP_PX))
    middle = np.array([xs.min() + xs.max() + 1, ys.min() + ys.max() + 1]) * factor / 2
    zoom = CROP_PX / (1.5 * factor * max(np.ptp(xs), np.ptp(ys), 4))
    shift = CROP_PX / 2 - zoom * middle
    matrix = np.array([[zoom, 0, shift[0]], [0, zoom, shift[1]]])
    cut = cv2.warpAffine(face, matrix, (CROP_PX, CROP_PX), borderMode=cv2.BORDER_REPLICATE)
    return cut[:, ::-1] if REGIONS[index].value.startswith("left") else cut


def crop_data(
    samples: Samples, rng: np.random.Generator, per_face: int = _PER_FACE
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.float32]]:
    """A few regions of each face, the eyes more often: crops, region indices, coverages."""
    weight = np.array([2.0 if region in (Region.LEFT_EYE, Region.RIGHT_EYE) else 1.0 for region in REGIONS])
    crops, regions, covered = [], [], []
    for row in range(len(samples)):
        for index in rng.choice(len(REGIONS), per_face, replace=False, p=weight / weight.sum()):
            if samples.coverage[row, index] > UNKNOWN / 2:
                crops.append(crop(samples, row, int(index)))
                regions.append(index)
                covered.append(samples.coverage[row, index])
    return np.stack(crops), np.array(regions), np.array(covered, np.float32)


if __name__ == "__main__":
    sys.exit(main())
