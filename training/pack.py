"""python -m training.pack --data FOLDER --cache FOLDER --out FOLDER: what training starts from, small enough to carry.

For `training.from_pack` on a machine with a GPU. The pack holds faces: like the data, it stays outside the project.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from training.faces.drift import measure_drifts
from training.faces.gather import cached, gather, load_side
from training.faces.packed import Packed
from training.faces.studio import Studio

_HANDS = 2  # one hand in so many travels: neighbours are frames of one clip
_EYE_COPIES = 2  # one copy of an eye crop in so many


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.pack", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder laid out as MODEL_CARD.md says")
    parser.add_argument("--cache", type=Path, required=True, help="folder that keeps samples, outside the project")
    parser.add_argument("--out", type=Path, required=True, help="where the pack goes, outside the project")
    parser.add_argument("--samples", type=int, default=500)
    parser.add_argument("--held", type=int, default=3000)
    parser.add_argument("--validation", type=int, default=500, help="of the held samples, how many travel")
    parser.add_argument("--drifts", type=int, default=1500, help="composites whose mesh is compared")
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args(arguments)
    data = gather(options.data, options.cache, options.samples, options.held, options.seed, 1)
    rng = np.random.default_rng(options.seed)
    bases, patches = load_side(options.cache, held=False)
    drifts = cached(
        options.cache / f"drifts-{options.drifts}.pkl",
        lambda: measure_drifts(Studio(bases, patches), rng, options.drifts),
    )
    masks = data.train.take(data.train.kind == "real_mask")
    masks = masks.take(_first_of_each(masks.source))
    bases = [bases[i] for i in _first_of_each(np.array([f"{b.source.kind}/{b.source.path.name}" for b in bases]))]
    picked = rng.choice(len(data.held), min(options.validation, len(data.held)), replace=False)
    patches = patches | {"hand": patches.get("hand", [])[::_HANDS]}
    eyes = data.eyes.take(np.arange(0, len(data.eyes.crops), _EYE_COPIES))
    Packed(bases, patches, masks, data.held.take(picked), eyes, drifts).save(options.out)
    size = sum(path.stat().st_size for path in options.out.iterdir())
    print(f"{len(bases)} faces, {len(masks)} real masks, {len(drifts.kind)} drifts: {size / 2**20:.1f} MiB")
    return 0


def _first_of_each(names: np.ndarray) -> np.ndarray:
    """Indices of the first of each name: the mirrored copies stay behind, training mirrors by itself."""
    return np.sort(np.unique(names, return_index=True)[1])


if __name__ == "__main__":
    sys.exit(main())
