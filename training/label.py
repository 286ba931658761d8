"""python -m training.label FOLDER: proposes labels for photos that nobody labelled yet.

Where the committed models agree with themselves (the two models on an eye; a photo and its mirror image on every
region) well away from the thresholds, the photo goes to FOLDER/proposed.csv, in the columns of labels.csv and with
the coverage of each region beside it. All others go to FOLDER/to_look_at.csv with the regions in doubt. labels.csv
itself is never touched: rename what you have checked.
"""

from __future__ import annotations

import argparse
import csv
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from tqdm import tqdm

from core.regions import EYES, Region
from core.vision.eyes import EyeModel
from core.vision.judge import Thresholds
from core.vision.occlusion import OcclusionModel
from training.evaluate import load_thresholds
from training.faces.datasets import Cutter
from training.faces.real import other_side
from training.faces.sources import IMAGES, labels, read_rgb
from training.networks import manifest


@dataclass(frozen=True)
class Opinion:
    """confidence: -1 surely clear .. 1 surely blocked, the weaker of all readings; 0 where they disagree."""

    coverage: dict[Region, float]
    confidence: dict[Region, float]


def opinion(readings: list[tuple[dict[Region, float], dict[Region, float]]], limits: Thresholds) -> Opinion:
    """Of one photo read several times. readings: (coverage of the ten regions, blocked score of the two eyes)."""
    confidence = {}
    for region in Region:
        views = []
        for coverage, eyes in readings:
            limit = limits.coverage.get(region, limits.eye_blocked)
            views.append(_sure(coverage[region], limit))
            if region in eyes:
                views.append(_sure(eyes[region], limits.eye_blocked))
        agree = min(views) > 0 or max(views) < 0
        confidence[region] = min(views, key=abs) if agree else 0.0
    mean = {region: float(np.mean([coverage[region] for coverage, _ in readings])) for region in Region}
    return Opinion(mean, confidence)


def _sure(value: float, limit: float) -> float:
    """0 at the limit, 1 at three times the limit or at 0.9, -1 at nothing."""
    if value >= limit:
        return min(1.0, (value - limit) / max(1e-6, min(2 * limit, 0.9 - limit)))
    return value / limit - 1


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.label", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--confidence", type=float, default=0.6, help="0..1; below it a person has to look")
    parser.add_argument("--models", type=Path, default=Path("models"))
    options = parser.parse_args(arguments)
    if not options.folder.is_dir():
        print(f"No folder {options.folder}.", file=sys.stderr)
        return 2
    done = {label.path.name for label in labels(options.folder)} if (options.folder / "labels.csv").exists() else set()
    photos = [p for p in sorted(options.folder.iterdir()) if p.suffix.lower() in IMAGES and p.name not in done]
    if not photos:
        print(f"Every photo in {options.folder} is labelled already, or there is none.")
        return 0
    reader = _Reader(options.models)
    sure, doubtful = [], []
    for path in tqdm(photos, unit="photo"):
        try:
            found = reader.read(path)
        except ValueError as error:
            doubtful.append([path.name, str(error)])
            continue
        doubt = [r.value for r, c in found.confidence.items() if abs(c) < options.confidence]
        if doubt:
            doubtful.append([path.name, " ".join(doubt)])
        else:
            blocked = " ".join(r.value for r, c in found.confidence.items() if c > 0)
            sure.append([path.name, blocked, "", *(f"{found.coverage[r]:.3f}" for r in Region)])
    _write(options.folder / "proposed.csv", ["file", "blocked", "unsure", *(r.value for r in Region)], sure)
    _write(options.folder / "to_look_at.csv", ["file", "why"], doubtful)
    print(f"{len(sure)} proposed, {len(doubtful)} to look at.")
    return 0


class _Reader:
    def __init__(self, models: Path) -> None:
        self._cutter = Cutter()
        self._dense = OcclusionModel(models / manifest.OCCLUSION)
        self._eyes = EyeModel(models / manifest.EYES)
        self._limits = load_thresholds(models)

    def read(self, path: Path) -> Opinion:
        rgb = read_rgb(path)
        readings = []
        for picture, flipped in ((rgb, False), (np.ascontiguousarray(rgb[:, ::-1]), True)):
            points = self._cutter.points(picture)
            if points is None:
                raise ValueError("no face found")
            aligned = self._cutter.aligner.align(picture, points)
            coverage = self._dense.read(aligned)
            crops = self._eyes.read([self._cutter.aligner.eye(picture, aligned, eye) for eye in EYES])
            eyes = {eye: scores.blocked for eye, scores in zip(EYES, crops, strict=True)}
            if flipped:
                coverage = {other_side(region): value for region, value in coverage.items()}
                eyes = {other_side(region): value for region, value in eyes.items()}
            readings.append((coverage, eyes))
        return opinion(readings, self._limits)


def _write(path: Path, header: list[str], rows: list[list[str]]) -> None:
    with path.open("w", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])


if __name__ == "__main__":
    sys.exit(main())
