"""python -m training.evaluate FOLDER [--sheet OUT]: the committed models on photos that a person labelled.

FOLDER holds a labels.csv with the columns file, blocked, unsure (regions separated by spaces). The sheet of the worst
mistakes goes to a folder outside the project, as it shows faces.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from core.vision import assets
from core.vision.judge import Thresholds
from training.faces.datasets import REGIONS, Cutter, Samples
from training.faces.real import labelled_sample
from training.faces.sources import labels
from training.figures import people, report
from training.figures.measure import Read, blocked_states, judged, read, truth
from training.networks import manifest


def load_thresholds(models: Path) -> Thresholds:
    """From manifest.toml of a models folder."""
    return Thresholds.from_manifest(assets.manifest(models))


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.evaluate", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sheet", type=Path, help="folder for worst.png; must lie outside the project")
    parser.add_argument("--models", type=Path, default=Path("models"))
    options = parser.parse_args(arguments)
    if options.sheet and Path.cwd() in [options.sheet.resolve(), *options.sheet.resolve().parents]:
        print("The sheet shows faces: choose a folder outside the project.", file=sys.stderr)
        return 2
    try:
        known = labels(options.folder)
    except ValueError as error:
        print(f"Cannot evaluate: {error}.", file=sys.stderr)
        return 2
    cutter = Cutter()
    made = [labelled_sample(cutter, label, "photo") for label in tqdm(known, unit="photo")]
    missing = [label.path.name for label, sample in zip(known, made, strict=True) if sample is None]
    samples = Samples.join([sample for sample in made if sample is not None]) if len(missing) < len(known) else None
    if missing:
        print(f"No face found in {len(missing)} of {len(known)}: {', '.join(missing[:10])}")
    if samples is None:
        return 2
    found = read(samples, options.models / manifest.OCCLUSION, options.models / manifest.EYES)
    limits = load_thresholds(options.models)
    print("\n\n".join(table(samples, found, limits) for table in (report.table, report.by_region, people.table)))
    if options.sheet:
        options.sheet.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(options.sheet / "worst.png"), worst_sheet(samples, found, limits)[..., ::-1])
        print(f"\nWorst mistakes: {options.sheet / 'worst.png'}")
    return 0


def worst_sheet(samples: Samples, found: Read, limits: Thresholds, columns: int = 10, most: int = 60) -> np.ndarray:
    """(H, W, 3) uint8: the mistakes farthest from their threshold, the region outlined and its score written on it."""
    real, said, scores = truth(samples), blocked_states(judged(found, limits)), found.scores()
    limit = np.array([limits.coverage.get(region, limits.eye_blocked) for region in REGIONS])
    wrong = ((real == 1) & ~said) | ((real == 0) & said)
    order = sorted(np.argwhere(wrong), key=lambda at: -abs(scores[tuple(at)] - limit[at[1]]))
    shown: dict[int, int] = {}
    for row, column in order:
        shown.setdefault(int(row), int(column))
    tiles = [_tile(samples, row, column, scores[row, column]) for row, column in list(shown.items())[:most]]
    blank = np.zeros_like(samples.face[0])
    tiles += [blank] * (-len(tiles) % columns or (columns if not tiles else 0))
    return np.vstack([np.hstack(tiles[at : at + columns]) for at in range(0, len(tiles), columns)])


def _tile(samples: Samples, row: int, column: int, score: float) -> np.ndarray:
    tile = samples.face[row].copy()
    inside = ((samples.outline[row] >> column) & 1).astype(np.uint8)
    inside = cv2.resize(inside, tile.shape[1::-1], interpolation=cv2.INTER_NEAREST)
    cv2.drawContours(tile, cv2.findContours(inside, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)[0], -1, (255, 0, 0), 1)
    word = "missed" if samples.coverage[row, column] > 0.1 else "false"
    name = samples.source[row].split("/")[-1][-20:]
    for text, y in ((f"{word} {REGIONS[column].value} {score:.2f}", 11), (name, tile.shape[0] - 5)):
        cv2.putText(tile, text, (2, y), cv2.FONT_HERSHEY_SIMPLEX, 0.36, (255, 255, 0), 1)
    return tile


if __name__ == "__main__":
    sys.exit(main())
