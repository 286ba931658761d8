"""python -m training.adopt OUT occlusion NAME [--share 0.5]: weights of a network that `training.from_pack` trained.

OUT is the folder which that command filled, NAME one of its networks. `training.publish` then makes the models.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import nn

from core.settings import Settings
from training.networks import manifest
from training.networks.export import export, mix
from training.networks.nets import EyeNet, MaskNet
from training.publish import WEIGHTS


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.adopt", description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("model", choices=("occlusion", "eyes"))
    parser.add_argument("name")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder that gets them")
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the way from the weights that are there to NAME's; 1: all of it"
    )
    options = parser.parse_args(arguments)
    states = torch.load(options.out / f"{'masks' if options.model == 'occlusion' else 'eyes'}.pt", map_location="cpu")
    if options.name not in states:
        print(f"No network {options.name}: there are {', '.join(states)}.", file=sys.stderr)
        return 2
    adopt(states[options.name], options.model, options.weights, options.share)
    return 0


def adopt(state: Mapping[str, torch.Tensor], model: str, weights: Path, share: float) -> None:
    """Write a network's state to the folder `weights`. What it has beside the exported network is left out."""
    settings = Settings().alignment
    net: nn.Module = MaskNet() if model == "occlusion" else EyeNet()
    net.load_state_dict({key: state[key] for key in net.state_dict()})
    last, side = (nn.Sigmoid(), settings.face_px) if model == "occlusion" else (nn.Softmax(dim=1), settings.eye_px)
    path = weights / (manifest.OCCLUSION if model == "occlusion" else manifest.EYES)
    weights.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / path.name
        export(net, last, side, new)
        if share < 1:
            mix(path, new, share)
        path.write_bytes(new.read_bytes())


if __name__ == "__main__":
    sys.exit(main())
