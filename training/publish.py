"""python -m training.publish --data FOLDER: makes the app's models of the trained weights.

Networks are quantised, but for one that is to be kept as it is; the thresholds are chosen and everything is measured on
the validation split; models and manifest.toml are written, and a table of what was gained and lost is printed.
"""

from __future__ import annotations

import argparse
import datetime
import shutil
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from core.settings import Settings
from core.vision import assets
from core.vision.assets import sha256
from core.vision.judge import Thresholds
from core.vision.occlusion import one_thread_session
from training.evaluate import load_thresholds
from training.faces.datasets import EyeCrops, Samples, workers
from training.faces.gather import gather
from training.faces.synthetic import astronaut_samples
from training.figures import people, report
from training.figures.measure import Read, choose_thresholds, read, run_batches
from training.networks import manifest
from training.networks.nets import EyeNet, MaskNet, parameters
from training.networks.quantize import quantize

WEIGHTS = Path(__file__).with_name("weights")
"""The networks as they were trained: what training goes on from."""

_FILES = {"occlusion": manifest.OCCLUSION, "eyes": manifest.EYES}
_PICTURES = 500  # that the ranges of the layers are taken from


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.publish", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder laid out as MODEL_CARD.md says")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder of trained networks")
    parser.add_argument("--out", type=Path, default=Path("models"), help="where the models go")
    parser.add_argument("--cache", type=Path, help="folder that keeps composed samples; default: a temporary one")
    parser.add_argument("--samples", type=int, default=2000, help="composites to take the layers' ranges from")
    parser.add_argument("--held", type=int, default=3000, help="composites to validate on")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--keep", choices=_FILES, help="the model whose file stays as it is, byte for byte")
    options = parser.parse_args(arguments)
    try:
        notes = {name: str(assets.manifest(options.out)[name]["training"]) for name in _FILES}
    except (assets.AssetError, KeyError):
        where = options.out / manifest.MANIFEST
        print(
            f"Nothing was written: {where}, which says how the networks were trained, can't be read.", file=sys.stderr
        )
        return 2
    try:
        with tempfile.TemporaryDirectory() as temporary:
            cache = options.cache or Path(temporary)
            data = gather(options.data, cache, options.samples, options.held, options.seed, workers())
    except ValueError as error:
        print(f"Nothing was written: {error}.", file=sys.stderr)
        return 2
    publish(options.weights, options.out, data.train, data.held, data.clips, notes, options.keep)
    return 0


def publish(
    weights: Path,
    out: Path,
    train: Samples,
    held: Samples,
    clips: EyeCrops,
    training: Mapping[str, str],
    keep: str | None = None,
) -> None:
    """Models and manifest of the weights in a folder. training: how each was trained.

    keep: the model ("occlusion" or "eyes") whose file in `out` stays as it is, with its date; with "eyes" also the
    threshold from which an eye is closed, for which the mask is not asked.
    """
    picked = np.random.default_rng(1).choice(len(train), min(_PICTURES, len(train)), replace=False)
    pictures = {manifest.OCCLUSION: train.face[picked], manifest.EYES: np.concatenate(list(train.eyes[picked]))}
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder)
        for name, seen in pictures.items():
            if keep and name == _FILES[keep]:
                shutil.copyfile(out / name, new / name)
            else:
                quantize(weights / name, new / name, seen)
        found = read(held, new / manifest.OCCLUSION, new / manifest.EYES)
        limits = choose_thresholds(held, found)
        if keep == "eyes":
            limits = replace(limits, closed=load_thresholds(out).closed)
        print("\n\n".join(table(held, found, limits) for table in (report.table, report.by_region, people.table)))
        if (out / manifest.MANIFEST).exists():
            before = read(held, out / manifest.OCCLUSION, out / manifest.EYES), load_thresholds(out)
            print("\n" + report.before_after(report.compare(held, before, (found, limits))))
        for name in pictures:
            (out / name).write_bytes((new / name).read_bytes())
    dates = dict.fromkeys(_FILES, datetime.date.today().isoformat())
    if keep:
        dates[keep] = str(assets.manifest(out)[keep]["date"])
    _write(out, limits, _measure(out, held, found, clips, limits), training, dates)
    print(f"\nWritten to {out}.")


def _measure(
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


def _write(
    folder: Path,
    limits: Thresholds,
    figures: dict[str, dict[str, object]],
    training: Mapping[str, str],
    dates: Mapping[str, str],
) -> None:
    """manifest.toml for the two models in `folder`. training: how each of them was; dates: when it was published."""
    settings = Settings().alignment
    tables: dict[str, dict[str, object]] = {
        "occlusion": {
            **_about(folder / manifest.OCCLUSION, dates["occlusion"], training["occlusion"], parameters(MaskNet())),
            "input": f"aligned faces (N, {settings.face_px}, {settings.face_px}, 3) uint8 RGB",
            "output": "(N, M, M) float32: probability that a pixel is a foreign thing",
        },
        "occlusion.thresholds": {region.value: value for region, value in limits.coverage.items()},
        "eyes": {
            **_about(folder / manifest.EYES, dates["eyes"], training["eyes"], parameters(EyeNet())),
            "input": f"eye crops (N, {settings.eye_px}, {settings.eye_px}, 3) uint8 RGB, the left eye mirrored",
            "output": "(N, 4) float32: probabilities of the classes",
            "classes": ["open", "closed", "blocked", "glare"],
        },
        "eyes.thresholds": {"blocked": limits.eye_blocked, "glare": limits.glare, "closed": limits.closed},
        **figures,
    }
    manifest.update(folder / manifest.MANIFEST, tables)


def _about(path: Path, date: str, training: str, count: int) -> dict[str, object]:
    return {
        "file": path.name,
        "sha256": sha256(path),
        "version": date,
        "date": date,
        "training": training,
        "parameters": count,
        "bytes": path.stat().st_size,
    }


if __name__ == "__main__":
    sys.exit(main())
