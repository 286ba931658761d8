"""python -m training.train --data FOLDER [--extra FOLDER] [--start training/weights]: composes, trains, publishes.

Without --start both networks begin anew; with it they go on from the weights in that folder, which takes minutes.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
import torch

from core.settings import Settings
from core.vision import assets
from training.faces.datasets import EyeCrops, Samples, workers
from training.faces.gather import Gathered, extra, gather
from training.networks import export, manifest
from training.networks.fit import Budget, fit_eyes, fit_mask
from training.networks.nets import EyeNet, MaskNet
from training.networks.restore import restore
from training.publish import WEIGHTS, publish

_NEW_SHARE = 0.5  # of the weights, where training went on from a trained network
_CLASS_WEIGHT = np.array([1.0, 2.2, 1.3, 3.0])  # open, closed, blocked, glare: the rarer the more often


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder laid out as MODEL_CARD.md says")
    parser.add_argument("--extra", type=Path, help="folder of photos with a labels.csv, to train on as well")
    parser.add_argument("--start", type=Path, help="folder of weights to go on from; default: new networks")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where the weights go")
    parser.add_argument("--out", type=Path, default=Path("models"), help="where the models go")
    parser.add_argument("--cache", type=Path, help="folder that keeps composed samples; default: a temporary one")
    parser.add_argument("--samples", type=int, default=24000, help="composites to train on")
    parser.add_argument("--held", type=int, default=4000, help="composites to validate on")
    parser.add_argument("--minutes", type=float, default=50, help="training time, both nets together")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--threads", type=int, default=workers(), help="processor cores to use")
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        with tempfile.TemporaryDirectory() as temporary:
            cache = options.cache or Path(temporary)
            data = gather(options.data, cache, options.samples, options.held, options.seed, options.threads)
            more = extra(options.extra) if options.extra else (None, None)
            return _run(options, data, *more)
    except ValueError as error:
        print(f"Nothing was trained: {error}.", file=sys.stderr)
        return 2


def _run(options: argparse.Namespace, data: Gathered, more: Samples | None, more_held: Samples | None) -> int:
    train = data.train if more is None else Samples.join([data.train, more])
    held = data.held if more_held is None else Samples.join([data.held, more_held])
    settings = Settings().alignment
    seconds = 60 * options.minutes
    crops, classes, weights = eye_data(train, data.eyes)
    mask_start, eye_start = restored(options.start, train.face, crops) if options.start else (None, None)
    mask = fit_mask(train, Budget(0.82 * seconds), options.seed, mask_start)
    eyes = fit_eyes(crops, classes, weights, Budget(0.18 * seconds), options.seed, eye_start)
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder)
        export.export_both(mask, eyes, new, settings.face_px, settings.eye_px)
        if options.start:
            for name in (manifest.OCCLUSION, manifest.EYES):
                export.mix(options.start / name, new / name, _NEW_SHARE)
        options.weights.mkdir(parents=True, exist_ok=True)
        for name in (manifest.OCCLUSION, manifest.EYES):
            shutil.copyfile(new / name, options.weights / name)
    notes = {name: note(options, len(train), name) for name in ("occlusion", "eyes")}
    publish(options.weights, options.out, train, held, data.clips, notes)
    return 0


def note(options: argparse.Namespace, faces: int, name: str) -> str:
    """How a model was trained, for the manifest."""
    now = f"{faces} faces, {options.minutes:g} minutes on {options.threads} CPU cores, seed {options.seed}"
    if not options.start:
        return now
    return f"{assets.manifest(options.out)[name]['training']}; then {now}, and {_NEW_SHARE:.0%} of the way there"


def restored(folder: Path, faces: np.ndarray, crops: np.ndarray) -> tuple[MaskNet, EyeNet]:
    """The networks in a folder, ready to be trained on. faces, crops: pictures as they will see them."""
    mask, eyes = MaskNet(), EyeNet()
    some = np.random.default_rng(0)
    for net, name, pictures in ((mask, manifest.OCCLUSION, faces), (eyes, manifest.EYES, crops)):
        picked = pictures[some.choice(len(pictures), 96, replace=False)]
        restore(net, folder / name, torch.from_numpy(picked))
    return mask, eyes


def eye_data(train: Samples, folder: EyeCrops) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Crops, classes and how often each is drawn: the eyes of the faces and those of the eye collection."""
    label = train.eye_class.ravel().astype(np.int64)
    known = label >= 0
    crops = train.eyes.reshape(-1, *train.eyes.shape[2:])[known]
    classes = np.concatenate([label[known], folder.label])
    return np.concatenate([crops, folder.crops]), classes, _CLASS_WEIGHT[classes]


if __name__ == "__main__":
    sys.exit(main())
