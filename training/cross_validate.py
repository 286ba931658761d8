"""python -m training.cross_validate OUT --cache FOLDER: false alarms by skin tone, each face by a network new to it.

OUT is the folder that `training.from_pack` filled, the cache the one its pack was made of. Training faces are read by
the network of their fold, the faces held back by `regions`. Networks of a fold see a third of the steps of the others:
their figures compare groups of people, they are not the app's.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.attacks.report import upper
from training.faces.datasets import Base, Cutter, Samples
from training.faces.gather import load_side, without_spoiled
from training.faces.skin import typology_angle
from training.figures.measure import OTHERS, REQUIRED, false_alarms, truth
from training.figures.people import groups
from training.from_pack import FOLDS, fold_of
from training.networks.nets import RegionNet
from training.networks.pool import DEVICE
from training.networks.scores import called_at, mask_scores


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.cross_validate", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--cache", type=Path, required=True, help="folder that keeps samples, outside the project")
    parser.add_argument("--alarms", type=float, default=0.01, help="false alarms of each fold's thresholds, all faces")
    options = parser.parse_args(arguments)
    states = torch.load(options.out / "masks.pt", map_location="cpu")
    bases = [base for held in (False, True) for base in load_side(options.cache, held)[0]]
    photos, said = [], []
    for name, of_fold in by_network(bases).items():
        net = RegionNet()
        net.load_state_dict(states[name])
        samples = without_spoiled(untouched(of_fold))
        photos.append(samples)
        said.append(called_at(truth(samples), mask_scores(net.to(DEVICE).eval(), samples), options.alarms))
    print("\n".join(table(Samples.join(photos), np.concatenate(said))))
    return 0


def by_network(bases: list[Base]) -> dict[str, list[Base]]:
    """The network that never saw them -> faces, none of them in the mirror as well."""
    first = {(base.source.kind, base.source.path.name): base for base in reversed(bases)}
    out: dict[str, list[Base]] = {name: [] for name in (*(f"fold{fold}" for fold in range(FOLDS)), "regions")}
    for base in first.values():
        out["regions" if base.source.held else f"fold{fold_of(base.source.group)}"].append(base)
    return {name: faces for name, faces in out.items() if faces}


def untouched(bases: list[Base]) -> Samples:
    """The photos as they are, along the mesh that was found on them."""
    cutter = Cutter()
    return Samples.join(
        [
            cutter.sample(
                base.rgb,
                base.points,
                np.zeros(base.rgb.shape[:2], np.float32),
                None,
                (base.eyes, base.eyes),
                "photo",
                f"{base.source.kind}/{base.source.path.name}",
            )
            for base in bases
        ]
    )


def table(samples: Samples, said: NDArray[np.bool_]) -> Iterator[str]:
    """False alarms of everybody and of each group; the bound is the upper one of 95 % (one-sided)."""
    real = truth(samples)
    yield f"{'false alarms':26}{'photos':>7}  {'eyes, nose, mouth':24}{'upper bound':13}six others"
    angle = typology_angle(samples)
    low, high = np.quantile(angle, (1 / 3, 2 / 3))
    everybody = {"all": angle <= np.inf, "lightest third": angle > high, "darkest third": angle <= low}
    for name, rows in (everybody | groups(samples)).items():
        rate, others = (false_alarms(real, said, regions, rows) for regions in (REQUIRED, OTHERS))
        yield f"{name:26}{rows.sum():7d}  {rate!s:24}{100 * upper(rate.hits, rate.total):7.1f} %    {others}"


if __name__ == "__main__":
    sys.exit(main())
