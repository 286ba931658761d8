"""python -m training.hard --data FOLDER --cache FOLDER [--models FOLDER ...]: hard things, by kind and skin.

Prints for each folder of models: what is caught under the things that training composes, and under those of another
drawing program (`strangers`); false alarms by band of the Individual Typology Angle on untouched photos of people whom
training never saw (the side held back, and collections left out whole), and on photos moved to each band and lit hard.
"""

from __future__ import annotations

import argparse
import pickle
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from tqdm import tqdm

from core.files.clip import read_clip
from core.settings import Settings
from training.drawing import tones
from training.drawing.canvas import Canvas, cut_canvas
from training.drawing.degrade import camera
from training.drawing.strangers import KINDS, Strangers, required
from training.evaluate import load_thresholds
from training.faces.datasets import CLEAR_EYE, OPEN, Base, Cutter, Samples
from training.faces.gather import gather
from training.faces.real import labelled_sample
from training.faces.sources import IMAGES, Label, read_rgb
from training.figures import reliability, report
from training.figures.measure import (
    OTHERS,
    REQUIRED,
    Read,
    blocked_states,
    caught,
    false_alarms,
    judged,
    read,
    truth,
)
from training.figures.people import groups
from training.networks import manifest

BANDS = {"very light": 62.0, "light": 48.0, "intermediate": 35.0, "tan": 19.0, "brown": -10.0, "dark": -45.0}
"""Degrees that a photo is moved to: the middle of each band."""

LEFT_OUT = ("pad/nuaa_real", "pad/triplets_real", "pad/crops_real")
"""Collections of people that the region models never train on; of the frames of one person, every fourth."""

_PER_KIND = 220


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.hard", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder laid out as MODEL_CARD.md says")
    parser.add_argument("--cache", type=Path, required=True, help="folder that keeps samples, outside the project")
    parser.add_argument("--models", type=Path, action="append", help="folder of models; may be given again")
    parser.add_argument("--samples", type=int, default=2000, help="as training composed them")
    parser.add_argument("--held", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args(arguments)
    parts: dict[str, Callable[[], Samples]] = {
        "strangers": lambda: strangers(options.data, options.cache),
        "people": lambda: people(options.data),
        "clips": lambda: clips(options.data),
        "tones": lambda: in_tones(options.cache),
    }
    data = gather(options.data, options.cache, options.samples, options.held, options.seed, 1)
    photos = data.held.take(np.isin(data.held.kind, ["photo", "real_mask"]))
    made = {name: _kept(options.cache / f"hard-{name}.npz", make) for name, make in parts.items()}
    made["people"] = Samples.join([photos, made["people"]])
    for folder in options.models or [Path("models")]:
        print(f"\n== {folder} ==\n")
        print("\n\n".join(_tables(made, data.held, folder)))
    return 0


def _tables(made: dict[str, Samples], held: Samples, folder: Path) -> Iterator[str]:
    limits = load_thresholds(folder)

    def found(samples: Samples) -> Read:
        return read(samples, folder / manifest.OCCLUSION, folder / manifest.EYES)

    composed = found(held)
    yield "Composed, validation side\n" + report.table(held, composed, limits)
    yield "Reliability, composed\n" + reliability.table(held, composed, limits)
    drawn = made["strangers"]
    real, said = truth(drawn), blocked_states(judged(found(drawn), limits))
    lines = [f"{'Drawn by another program':26}{'caught (regions it is for)':30}{'caught, all':26}false alarms"]
    for kind in KINDS:
        rows = drawn.kind == kind
        own, every = caught(real, said, required(kind), rows), caught(real, said, REQUIRED, rows)
        lines.append(f"{kind:26}{own!s:30}{every!s:26}{false_alarms(real, said, REQUIRED, rows)}")
    yield "\n".join(lines)
    for name, samples in (("people", made["people"]), ("clips", made["clips"])):
        real, said = truth(samples), blocked_states(judged(found(samples), limits))
        lines = [f"{'False alarms, ' + name:26}{'photos':>7}  {'eyes, nose, mouth':24}six others"]
        everybody = {"all": np.ones(len(samples), bool)} | groups(samples)
        for group, rows in everybody.items():
            pair = (false_alarms(real, said, regions, rows) for regions in (REQUIRED, OTHERS))
            lines.append(f"{group:26}{rows.sum():7d}  " + "".join(f"{rate!s:24}" for rate in pair).rstrip())
        yield "\n".join(lines)
    samples = made["tones"]
    real, said = truth(samples), blocked_states(judged(found(samples), limits))
    lines = [f"{'False alarms, tone moved':26}" + "".join(f"{light:24}" for light in ("as it is", *tones.LIGHTS))]
    for band in BANDS:
        rates = (false_alarms(real, said, REQUIRED, samples.kind == f"{band}/{light}") for light in ("", *tones.LIGHTS))
        lines.append(f"{band:26}" + "".join(f"{rate!s:24}" for rate in rates).rstrip())
    yield "\n".join(lines)


def strangers(data: Path, cache: Path, seed: int = 41) -> Samples:
    """Things of `training.drawing.strangers` over clean photos held back; scenes come from a collection left out."""
    bases, patches = _held(cache)
    scenes = [read_rgb(path) for path in sorted((data / "pad/nuaa_real").iterdir())[::40] if path.suffix in IMAGES]
    draw = Strangers(patches["shades"], scenes, [(b.rgb, b.points) for b in bases[::3]])

    def lay(rng: np.random.Generator, canvas: Canvas, number: int) -> tuple[np.ndarray, np.ndarray, str]:
        made = draw.lay(rng, canvas, KINDS[number % len(KINDS)])
        return camera(rng, made.rgb), made.foreign, made.kind

    return _composed(bases, _PER_KIND * len(KINDS), seed, lay)


def in_tones(cache: Path, seed: int = 43) -> Samples:
    """Each clean photo held back in one light for each band; kind: "BAND/LIGHT", the light empty as it is."""
    bases, _ = _held(cache)
    bases = [base for base in bases if base.source.kind == "faces_clean"][::2]
    lights = ("", *tones.LIGHTS)
    jobs = [(band, light) for band in BANDS for light in lights]

    def lay(rng: np.random.Generator, canvas: Canvas, number: int) -> tuple[np.ndarray, np.ndarray, str]:
        band, light = jobs[number % len(jobs)]
        rgb = tones.in_tone(rng, canvas.rgb, canvas.points, BANDS[band])
        rgb = tones.lit(rng, rgb, canvas.points, light) if light else rgb
        return rgb, np.zeros(rgb.shape[:2], np.float32), f"{band}/{light}"

    return _composed(bases, 60 * len(jobs), seed, lay)


def people(data: Path) -> Samples:
    """Untouched photos of the collections left out, with nothing before the faces."""
    cutter, parts = Cutter(), []
    for folder in LEFT_OUT:
        paths = [path for path in sorted((data / folder).rglob("*")) if path.suffix.lower() in IMAGES]
        for path in tqdm(paths[::4] if len(paths) > 40 else paths, desc=folder):
            sample = labelled_sample(cutter, Label(path, frozenset(), frozenset()), "photo", CLEAR_EYE)
            parts += [sample] if sample is not None else []
    return Samples.join(parts)


def clips(data: Path, every: int = 24) -> Samples:
    """Frames of the clips, nothing laid on them."""
    cutter, parts = Cutter(), []
    for clip in sorted((data / "videos").glob("*.mp4")):
        for number, frame in enumerate(read_clip(clip, Settings().files)):
            points = cutter.points(frame.rgb) if number % every == 0 else None
            if points is not None:
                none = np.zeros(frame.rgb.shape[:2], np.float32)
                name = f"videos/{clip.stem}"
                parts.append(cutter.sample(frame.rgb, points, none, None, (CLEAR_EYE, CLEAR_EYE), "photo", name))
    return Samples.join(parts)


Lay = Callable[[np.random.Generator, Canvas, int], tuple[np.ndarray, np.ndarray, str]]


def _composed(bases: list[Base], count: int, seed: int, lay: Lay) -> Samples:
    cutter, parts = Cutter(), []
    for number in tqdm(range(count)):
        rng = np.random.default_rng([seed, number])
        base = bases[rng.integers(len(bases))]
        canvas = cut_canvas(rng, base.rgb, base.points)
        rgb, foreign, kind = lay(rng, canvas, number)
        points = cutter.points(rgb)
        if points is not None:
            parts.append(cutter.sample(rgb, points, foreign, None, (OPEN, OPEN), kind, "held/" + base.source.path.name))
    return Samples.join(parts)


def _held(cache: Path) -> tuple[list[Base], dict[str, list[np.ndarray]]]:
    with (cache / "bases1.pkl").open("rb") as handle:
        bases, patches = pickle.load(handle)
    return [base for base in bases if base.source.kind != "faces_closed"], patches


def _kept(path: Path, make: Callable[[], Samples]) -> Samples:
    if not path.exists():
        make().save(path)
    return Samples.load(path)


if __name__ == "__main__":
    sys.exit(main())
