"""python -m training.presentation --data FOLDER [--extra FOLDER] [--leave-out]: the look for screens and prints.

Composes attacks and people, trains on them alone, then also on what was really shown to a camera, chooses the
thresholds on people who were held back, and writes the model, its part of manifest.toml and the figures. --leave-out
goes on from the first stage without each source of real attacks, too, and says what becomes of that source: the only
honest figure, since in half of the sources the camera or the light differs between people and attacks. The people of
these sources then count among those on whom the thresholds are chosen.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from core.settings import Settings
from core.vision.assets import sha256
from core.vision.presentation import PresentationModel
from training import manifest
from training.export import export_views
from training.fit import DEVICE, Budget, fit, forward
from training.gather_presentations import Rehearsed, gather
from training.nets import PresentationNet, parameters
from training.portrait import CLASSES, PERSON
from training.presented import Presentations, Viewer
from training.publish import WEIGHTS
from training.restore import restore
from training.shown import extra_pictures, presentations, sources_of
from training.vary import varied

_DROPPED = 0.15  # share of the views whose word is not heard
_ALONE = 0.3  # weight of each view's own error
_CLASS_SHARE = (0.5, 0.29, 0.21)
_PAD_SHARE = 0.35  # of what was really shown, where there is any; the rest is composed and plain people
_ALARMS = 0.005  # share of the pictures of people held back that may look shown
_COMPOSED_ALARMS = 0.025  # of composed and spoilt scenes with them, in which more is doubtful than before a camera
_STRANGE_ALARMS = 0.02  # of people before cameras that the network had not seen
_LOWEST, _HIGHEST = 0.5, 0.99  # of the thresholds
_GO_ON = 0.4  # share of the learning rate when training goes on from a trained network


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.presentation", description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder laid out as MODEL_CARD.md says")
    parser.add_argument("--extra", type=Path, help="folder of photos and clips with a labels.csv (file, shown)")
    parser.add_argument("--start", type=Path, help="trained network to go on from; default: a new one")
    parser.add_argument("--weights", type=Path, default=WEIGHTS / manifest.PRESENTATION, help="where the network goes")
    parser.add_argument("--out", type=Path, default=Path("models"), help="where the model goes")
    parser.add_argument("--cache", type=Path, help="folder that keeps composed samples; default: a temporary one")
    parser.add_argument("--samples", type=int, default=8000, help="composed scenes to train on")
    parser.add_argument("--held", type=int, default=1000, help="composed scenes to choose the thresholds on")
    parser.add_argument("--rehearse", type=float, default=10, help="minutes of training on composed scenes alone")
    parser.add_argument("--minutes", type=float, default=12, help="training time after that")
    parser.add_argument(
        "--leave-out", type=float, default=0, metavar="MINUTES", help="training time without each source"
    )
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args(arguments)
    torch.set_num_threads(options.threads)
    try:
        with tempfile.TemporaryDirectory() as temporary:
            data = gather(options.data, options.cache or Path(temporary), options.samples, options.held, options.seed)
        more = presentations(extra_pictures(options.extra), Viewer(), 3, 4) if options.extra else None
    except ValueError as error:
        print(f"Nothing was trained: {error}.", file=sys.stderr)
        return 2
    _run(options, data, more)
    return 0


def _run(options: argparse.Namespace, data: Rehearsed, more: Presentations | None) -> None:
    plain = Presentations.join([data.composed, data.people])
    shown = data.pad if more is None else Presentations.join([data.pad, more])
    if options.start:
        start = restored(options.start, plain.views[:8])
    else:
        unseen = without(plain, set(_sources(shown)))
        start = train(unseen, shown.take(np.zeros(len(shown), bool)), Budget(60 * options.rehearse), options.seed, None)
    left_out: dict[str, NDArray[np.float32]] = {}
    for group in _sources(data.pad) if options.leave_out else ():
        rest, others = without(plain, {group}), shown.take(shown.group != group)
        net = train(rest, others, Budget(60 * options.leave_out), options.seed, start)
        left_out[group] = _scored(net, data.pad.take(data.pad.group == group))
    if options.minutes <= 0:
        return
    net = train(plain, shown, Budget(60 * options.minutes), options.seed, start)
    export_views(net, Settings().presentation.view_px, options.weights)
    print(json.dumps(publish(options, data, left_out), indent=1))


def restored(path: Path, views: NDArray[np.uint8]) -> PresentationNet:
    """A network with the weights of a file that `export_views` wrote. views (N, 3, S, S, 3): a few that it saw."""
    net = PresentationNet()
    restore(net, path, torch.from_numpy(views))
    return net


def train(
    plain: Presentations, shown: Presentations, budget: Budget, seed: int, start: PresentationNet | None
) -> PresentationNet:
    """One network. plain: composed scenes and people; shown: what was really shown to a camera, or none of it."""
    data = Presentations.join([plain, shown])
    net = PresentationNet()
    if start is not None:
        net.load_state_dict(start.state_dict())
    net = net.to(DEVICE, memory_format=torch.channels_last)
    rng = np.random.default_rng(seed)

    def step(index: NDArray[np.int64]) -> Tensor:
        label = torch.from_numpy(data.label[index]).to(DEVICE)
        words = forward(_Words(net), torch.from_numpy(varied(rng, data.views[index])).to(DEVICE))
        heard = (torch.rand(words.shape[:2]) >= _DROPPED).float().to(DEVICE)[..., None]
        heard = torch.where(heard.sum(dim=1, keepdim=True) == 0, torch.ones_like(heard), heard)
        loss = functional.cross_entropy((words * heard).sum(dim=1), label, label_smoothing=0.03)
        for view in range(words.shape[1]):
            loss = loss + _ALONE * functional.cross_entropy(words[:, view], label, label_smoothing=0.03)
        return loss

    rate = 2e-3 * (_GO_ON if start is not None else 1.0)
    weights = shares(plain, shown)
    fit(net, step, len(data), budget=budget, batch=64, rate=rate, name="shown", weights=weights, seed=seed)
    return net


class _Words(nn.Module):
    def __init__(self, net: PresentationNet) -> None:
        super().__init__()
        self._net = net

    def forward(self, views: Tensor) -> Tensor:
        return self._net.words(views)


def shares(plain: Presentations, shown: Presentations) -> NDArray[np.float64]:
    """How often each sample is drawn: classes and sources in even parts, whatever their numbers."""
    parts = [(plain, 1.0 - _PAD_SHARE if len(shown) else 1.0), (shown, _PAD_SHARE)]
    out = []
    for data, part in parts:
        keys = np.char.add(np.char.add(data.group.astype("U40"), "/"), data.label.astype("U1"))
        weights = np.zeros(len(data))
        for key in np.unique(keys):
            rows = keys == key
            # Large sources count more than small ones, but not as their numbers.
            weights[rows] = np.sqrt(rows.sum()) / rows.sum()
        for kind, share in enumerate(_CLASS_SHARE):
            rows = data.label == kind
            if rows.any():
                weights[rows] *= share / weights[rows].sum()
        out.append(part * weights / max(weights.sum(), 1e-9))
    return np.concatenate(out)


def _sources(pad: Presentations) -> Sequence[str]:
    return sorted({str(group) for group in pad.group})


def without(plain: Presentations, groups: set[str]) -> Presentations:
    """The composed scenes and people in which nothing comes from these sources."""
    names, back = np.unique(plain.name, return_inverse=True)
    free = np.array([not (sources_of(str(name)) & groups) for name in names])
    return plain.take(free[back])


def _scored(net: PresentationNet, part: Presentations) -> NDArray[np.float32]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / manifest.PRESENTATION
        export_views(net, Settings().presentation.view_px, path)
        return score(PresentationModel(path), part)


def _people(data: Presentations) -> Presentations:
    return data.take(data.label == PERSON)


def plain_people(data: Presentations) -> NDArray[np.bool_]:
    """Which are pictures of people as they are."""
    return (data.label == PERSON) & ~np.char.endswith(data.name, "+")


def score(model: PresentationModel, data: Presentations, batch: int = 64) -> NDArray[np.float32]:
    """(N, 2, 3) probabilities."""
    parts = [model.scores(data.views[at : at + batch]) for at in range(0, len(data), batch)]
    return np.concatenate(parts) if parts else np.zeros((0, 2, 3), np.float32)


def thresholds(
    people: NDArray[np.float32], composed: NDArray[np.float32], strangers: Sequence[NDArray[np.float32]] = ()
) -> dict[str, float]:
    """Scores that few people reach: of all views, and of the surroundings alone. Each (N, 2, 3), of people only.

    strangers: of each source left out of training, from the network that had not seen it. Every source counts alike.
    """
    found = {}
    for row, name in enumerate(("suspect", "edge")):
        reached = (
            float(np.quantile(1 - people[:, row, PERSON], 1 - _ALARMS)),
            float(np.quantile(1 - composed[:, row, PERSON], 1 - _COMPOSED_ALARMS)),
            _even_quantile([1 - scores[:, row, PERSON] for scores in strangers], 1 - _STRANGE_ALARMS),
        )
        found[name] = min(max(*reached, _LOWEST), _HIGHEST)
    return found


def _even_quantile(parts: Sequence[NDArray[np.float32]], share: float) -> float:
    """The quantile of all, in which every part weighs the same; 0 where there is none."""
    if not parts:
        return 0.0
    values = np.concatenate(parts)
    weights = np.concatenate([np.full(len(part), 1 / len(part)) for part in parts]) / len(parts)
    order = np.argsort(values)
    return float(values[order][np.searchsorted(np.cumsum(weights[order]), share).clip(0, len(values) - 1)])


def rates(data: Presentations, scores: NDArray[np.float32], limits: dict[str, float]) -> dict[str, float]:
    """Share called shown, of each class that is there, over single pictures as they are, and how many these are."""
    said = (1 - scores[:, 0, PERSON] >= limits["suspect"]) | (1 - scores[:, 1, PERSON] >= limits["edge"])
    plain = np.array([not name.endswith("+") for name in data.name])
    out: dict[str, float] = {}
    for kind, name in enumerate(CLASSES):
        rows = plain & (data.label == kind)
        if rows.any():
            out |= {name: float(said[rows].mean()), f"{name}_pictures": int(rows.sum())}
    return out


def publish(
    options: argparse.Namespace, data: Rehearsed, left_out: dict[str, NDArray[np.float32]]
) -> dict[str, object]:
    """The model and its part of the manifest, from the trained network's file; the figures.

    left_out: scores (N, 2, 3) of each source of `data.pad` by a network that had not seen it.
    """
    path = options.out / manifest.PRESENTATION
    path.write_bytes(options.weights.read_bytes())
    model = PresentationModel(path)
    parts = {group: data.pad.take(data.pad.group == group) for group in left_out}
    strangers = [left_out[group][plain_people(part)] for group, part in parts.items() if plain_people(part).any()]
    limits = thresholds(score(model, data.held_people), score(model, _people(data.held_composed)), strangers)
    figures: dict[str, object] = {}
    for name, part in {"people": data.held_people, "composed": data.held_composed}.items():
        found = rates(part, score(model, part), limits)
        figures |= {f"{name}_{key}": value for key, value in found.items()}
    for group, part in parts.items():
        found = rates(part, left_out[group], limits)
        figures |= {f"left_out_{group}_{key}": value for key, value in found.items()}
    today = datetime.date.today().isoformat()
    side = Settings().presentation.view_px
    about = {
        "file": path.name,
        "sha256": sha256(path),
        "version": today,
        "date": today,
        "training": f"{len(data.composed)} composed scenes, {len(data.people)} pictures of people, {len(data.pad)} of "
        f"what was shown to a camera and of people there; {options.minutes:.0f} minutes, seed {options.seed}, after "
        + (options.start.name if options.start else f"{options.rehearse:.0f} minutes of composed scenes and people"),
        "parameters": parameters(PresentationNet()),
        "bytes": path.stat().st_size,
        "input": f"views (N, 3, {side}, {side}, 3) uint8 RGB: face, detail, surroundings",
        "output": "(N, 2, 3) float32: probabilities of the classes, by all views and by the surroundings alone",
        "classes": list(CLASSES),
    }
    tables = {"presentation": about, "presentation.thresholds": limits, "presentation.figures": figures}
    manifest.update(options.out / manifest.MANIFEST, tables)
    return {"thresholds": limits, **figures}


if __name__ == "__main__":
    sys.exit(main())
