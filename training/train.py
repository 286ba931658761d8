"""python -m training.train --data FOLDER [--extra FOLDER] [--start models]: composes, trains, exports, reports.

Without --start both networks begin anew; with it they go on from the models in that folder, which takes minutes.
"""

from __future__ import annotations

import argparse
import datetime
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch

from core.settings import Settings
from core.vision import assets
from core.vision.assets import sha256
from core.vision.judge import Thresholds
from core.vision.occlusion import one_thread_session
from training import export, manifest, people, report
from training.datasets import Samples, workers
from training.evaluate import load_thresholds
from training.fit import Budget, fit_eyes, fit_mask
from training.gather import Gathered, extra, gather
from training.measure import Read, choose_thresholds, read, run_batches
from training.nets import EyeNet, MaskNet, parameters
from training.real import EyeCrops
from training.restore import restore
from training.synthetic import astronaut_samples

_NEW_SHARE = 0.5  # of the weights, where training went on from a trained network
_CLASS_WEIGHT = np.array([1.0, 2.2, 1.3, 3.0])  # open, closed, blocked, glare: the rarer the more often


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.train", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder laid out as MODEL_CARD.md says")
    parser.add_argument("--extra", type=Path, help="folder of photos with a labels.csv, to train on as well")
    parser.add_argument("--start", type=Path, help="folder of models to go on from; default: new networks")
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
        found = read(held, new / manifest.OCCLUSION, new / manifest.EYES)
        limits = choose_thresholds(held, found)
        tables = report.table, report.by_region, people.table
        print("\n\n".join(table(held, found, limits) for table in tables))
        if (options.out / manifest.MANIFEST).exists():
            old = options.out / manifest.OCCLUSION, options.out / manifest.EYES
            before = read(held, *old), load_thresholds(options.out)
            print("\n" + report.before_after(report.compare(held, before, (found, limits))))
        for name in (manifest.OCCLUSION, manifest.EYES):
            (options.out / name).write_bytes((new / name).read_bytes())
    notes = {name: note(options, len(train), name) for name in ("occlusion", "eyes")}
    write(options.out, limits, measure(options.out, held, found, data.clips, limits), notes)
    print(f"\nWritten to {options.out}.")
    return 0


def note(options: argparse.Namespace, faces: int, name: str) -> str:
    """How a model was trained, for the manifest."""
    now = f"{faces} faces, {options.minutes:g} minutes on {options.threads} CPU cores, seed {options.seed}"
    if not options.start:
        return now
    return f"{assets.manifest(options.start)[name]['training']}; then {now}, and {_NEW_SHARE:.0%} of the way there"


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


def measure(
    folder: Path, held: Samples, found: Read, clips: EyeCrops, limits: Thresholds
) -> dict[str, dict[str, object]]:
    """Every figure that goes into the manifest, by table."""
    drawn = astronaut_samples()
    drawn_found = read(drawn, folder / manifest.OCCLUSION, folder / manifest.EYES)
    scores = run_batches(one_thread_session(folder / manifest.EYES), clips.crops)
    return {
        "occlusion.figures": report.figures(held, found, limits),
        "occlusion.people": people.figures(held, found, limits),
        "occlusion.synthetic": report.figures(drawn, drawn_found, limits),
        "eyes.figures": report.eye_figures(held, found, (clips, scores), limits),
    }


def write(folder: Path, limits: Thresholds, figures: dict[str, dict[str, object]], training: Mapping[str, str]) -> None:
    """manifest.toml for the two models in `folder`. training: how each of them was."""
    settings = Settings().alignment
    today = datetime.date.today().isoformat()
    tables: dict[str, dict[str, object]] = {
        "occlusion": {
            **_about(folder / manifest.OCCLUSION, today, training["occlusion"], parameters(MaskNet())),
            "input": f"aligned faces (N, {settings.face_px}, {settings.face_px}, 3) uint8 RGB",
            "output": "(N, M, M) float32: probability that a pixel is a foreign thing",
        },
        "occlusion.thresholds": {region.value: value for region, value in limits.coverage.items()},
        "eyes": {
            **_about(folder / manifest.EYES, today, training["eyes"], parameters(EyeNet())),
            "input": f"eye crops (N, {settings.eye_px}, {settings.eye_px}, 3) uint8 RGB, the left eye mirrored",
            "output": "(N, 4) float32: probabilities of the classes",
            "classes": ["open", "closed", "blocked", "glare"],
        },
        "eyes.thresholds": {"blocked": limits.eye_blocked, "glare": limits.glare, "closed": limits.closed},
        **figures,
    }
    manifest.write_manifest(folder / manifest.MANIFEST, tables)


def _about(path: Path, today: str, training: str, count: int) -> dict[str, object]:
    return {
        "file": path.name,
        "sha256": sha256(path),
        "version": today,
        "date": today,
        "training": training,
        "parameters": count,
        "bytes": path.stat().st_size,
    }


if __name__ == "__main__":
    sys.exit(main())
