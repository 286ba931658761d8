"""python -m training.publish_presentation --material FILE --trained FILE ...: what training.presentation gave.

Says of each recipe what its networks make of the sources that they had not seen, at thresholds chosen on people who
were held back and on people of these sources. With --recipe: the model of that recipe, its part of manifest.toml, the
figures.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from core.settings import Settings
from core.vision.assets import sha256
from core.vision.presentation import PresentationModel
from training.networks import manifest
from training.networks.export import export_views
from training.networks.nets import PresentationNet, parameters
from training.networks.together import COMPOSED, scores
from training.presentation import EVERYTHING
from training.publish import WEIGHTS
from training.scenes.composing import Maker, cached, plain
from training.scenes.material import Material
from training.scenes.portrait import CLASSES, PERSON
from training.scenes.presented import Presentations

_ALARMS = 0.005  # share of the pictures of people held back that may look shown
_COMPOSED_ALARMS = 0.025  # of composed and spoilt scenes with them, in which more is doubtful than before a camera
_STRANGE_ALARMS = 0.02  # of people of a source that the network had not seen
_ODD_SOURCES = 0.1  # share of such sources that may have more: one person in haze would silence the look for all
_LOWEST, _HIGHEST = 0.5, 0.99  # of the thresholds
_HELD_SEED = 77

Scores = NDArray[np.float32]
"""(N, 2, 3) probabilities of the classes, by all views and by the surroundings alone."""


@dataclass(frozen=True)
class Held:
    """people: pictures of people held back, as they are; composed: scenes of them; shown: what was really shown to a
    camera, and clips of people."""

    people: Presentations
    composed: Presentations
    shown: Presentations


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.publish_presentation", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--material", type=Path, required=True, help="of training.gather_presentations")
    parser.add_argument("--trained", type=Path, nargs="+", required=True, help="files of training.presentation")
    parser.add_argument("--cache", type=Path, required=True, help="folder that keeps the scenes of people held back")
    parser.add_argument("--held", type=int, default=1000, help="scenes of people held back")
    parser.add_argument("--recipe", help="the recipe to publish; default: none")
    parser.add_argument("--training", default="", help="for the manifest: how it was trained, in words")
    parser.add_argument("--weights", type=Path, default=WEIGHTS / manifest.PRESENTATION, help="where the network goes")
    parser.add_argument("--out", type=Path, default=Path("models"), help="where the model goes")
    options = parser.parse_args(arguments)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    held = gather(options.material, options.cache, options.held)
    trained = read(options.trained)
    chosen = [options.recipe] if options.recipe else sorted({recipe for _, recipe in trained})
    for recipe in chosen:
        strangers = left_out(trained, recipe, held.shown)
        net = trained[EVERYTHING, recipe]
        limits = thresholds(
            scores(net, held.people.views),
            scores(net, only(held.composed, PERSON).views),
            people_of(held.shown, strangers),
        )
        found = figures(net, held, strangers, limits)
        print(json.dumps({"recipe": recipe, **limits, **found}, indent=1), flush=True)
        if options.recipe:
            publish(options, net, limits, found)
    return 0


def gather(material: Path, cache: Path, count: int) -> Held:
    """What the networks are judged on."""
    cache.mkdir(parents=True, exist_ok=True)
    known = Material.load(material)
    people = cached(cache / "people.pkl", lambda: plain([one for one in known.people if one.held]))
    clips = [one for one in known.people if one.name.startswith("videos/")]
    shown = cached(cache / "shown.pkl", lambda: plain((*known.shown, *clips)))
    composed = cached(cache / f"held-{count}.pkl", lambda: Maker(known, True).scenes(count, _HELD_SEED))
    return Held(people, composed, shown)


def read(paths: Sequence[Path]) -> dict[tuple[str, str], PresentationNet]:
    """(sources left out or `EVERYTHING`, recipe) -> network."""
    found = {}
    for path in paths:
        states: dict[str, dict[str, Tensor]] = torch.load(path, map_location="cpu")
        for key, state in states.items():
            net = PresentationNet()
            net.load_state_dict(
                {name: value.float() if value.is_floating_point() else value for name, value in state.items()}
            )
            word, recipe = key.rsplit(" ", 1)
            found[word, recipe] = net.eval()
    return found


def left_out(trained: dict[tuple[str, str], PresentationNet], recipe: str, shown: Presentations) -> dict[str, Scores]:
    """Source -> what a network that had not seen it says of its pictures, in their order."""
    found = {}
    for (word, own), net in trained.items():
        if own == recipe and word != EVERYTHING:
            for group in word.split(","):
                rows = shown.group == group
                if rows.any():
                    found[group] = scores(net, shown.views[rows])
    return found


def people_of(shown: Presentations, strangers: dict[str, Scores]) -> list[Scores]:
    """Of the people alone, source by source."""
    parts = [said[shown.label[shown.group == group] == PERSON] for group, said in strangers.items()]
    return [part for part in parts if len(part)]


def only(data: Presentations, label: int) -> Presentations:
    """The samples of one class."""
    return data.take(data.label == label)


def thresholds(people: Scores, composed: Scores, strangers: Sequence[Scores] = ()) -> dict[str, float]:
    """Scores that few people reach: of all views, and of the surroundings alone. All of people only.

    strangers: of each source left out of training, from the network that had not seen it. All but the oddest tenth of
    these sources count.
    """
    found = {}
    usual = _usual(strangers)
    for row, name in enumerate(("suspect", "edge")):
        reached = (
            float(np.quantile(1 - people[:, row, PERSON], 1 - _ALARMS)),
            float(np.quantile(1 - composed[:, row, PERSON], 1 - _COMPOSED_ALARMS)),
            *usual[:, row],
        )
        found[name] = min(max(*map(float, reached), _LOWEST), _HIGHEST)
    return found


def _usual(strangers: Sequence[Scores]) -> NDArray[np.float64]:
    """(N, 2): the scores that few pictures of each source reach, without the sources of the highest ones."""
    reached = np.array(
        [np.quantile(1 - said[:, :, PERSON], 1 - _STRANGE_ALARMS, axis=0) for said in strangers]
    ).reshape(-1, 2)
    return reached[np.argsort(reached.max(axis=1))][: len(reached) - int(_ODD_SOURCES * len(reached))]


def called(said: Scores, limits: dict[str, float]) -> NDArray[np.bool_]:
    """Which pictures are called shown."""
    return (1 - said[:, 0, PERSON] >= limits["suspect"]) | (1 - said[:, 1, PERSON] >= limits["edge"])


def rates(label: NDArray[np.int64], said: Scores, limits: dict[str, float]) -> dict[str, float]:
    """Share called shown, of each class that is there, and how many pictures these are; how well told apart."""
    shown = called(said, limits)
    out: dict[str, float] = {}
    for kind, name in enumerate(CLASSES):
        rows = label == kind
        if rows.any():
            out |= {name: float(shown[rows].mean()), f"{name}_pictures": int(rows.sum())}
    people, attacks = (1 - said[rows, 0, PERSON] for rows in (label == PERSON, label != PERSON))
    if len(people) and len(attacks):
        out["told_apart"] = float((attacks[:, None] > people[None]).mean())
    return out


def figures(
    net: PresentationNet, held: Held, strangers: dict[str, Scores], limits: dict[str, float]
) -> dict[str, float]:
    """For the manifest and the card."""
    parts = {"people": held.people} | {
        name: held.composed.take(held.composed.group == name)
        for name in COMPOSED
        if (held.composed.group == name).any()
    }
    found: dict[str, float] = {}
    for name, part in parts.items():
        found |= {f"{name}_{key}": value for key, value in rates(part.label, scores(net, part.views), limits).items()}
    for group, said in strangers.items():
        own = rates(held.shown.label[held.shown.group == group], said, limits)
        found |= {f"left_out_{group}_{key}": value for key, value in own.items()}
    for group in np.unique(held.shown.group):
        part = held.shown.take(held.shown.group == group)
        own = rates(part.label, scores(net, part.views), limits)
        found |= {f"trained_on_{group}_{key}": value for key, value in own.items()}
    return found


def publish(
    options: argparse.Namespace, net: PresentationNet, limits: dict[str, float], found: dict[str, float]
) -> None:
    """The weights, the model and its part of the manifest."""
    side = Settings().presentation.view_px
    export_views(net, side, options.weights)
    path = options.out / manifest.PRESENTATION
    path.write_bytes(options.weights.read_bytes())
    PresentationModel(path)  # the app can read it
    today = datetime.date.today().isoformat()
    about = {
        "file": path.name,
        "sha256": sha256(path),
        "version": today,
        "date": today,
        "training": options.training or f"recipe {options.recipe}",
        "parameters": parameters(net),
        "bytes": path.stat().st_size,
        "input": f"views (N, 3, {side}, {side}, 3) uint8 RGB: face, detail, surroundings",
        "output": "(N, 2, 3) float32: probabilities of the classes, by all views and by the surroundings alone",
        "classes": list(CLASSES),
    }
    kept = {key: value for key, value in found.items() if not key.startswith("trained_on_")}
    tables = {"presentation": about, "presentation.thresholds": limits, "presentation.figures": kept}
    manifest.update(options.out / manifest.MANIFEST, tables)


if __name__ == "__main__":
    sys.exit(main())
