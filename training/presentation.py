"""python -m training.presentation --material FILE --out FOLDER: trains the look for screens and prints.

Scenes are composed by some processes while others train: first on them, on photos and on people before cameras; then
each recipe goes on from there with its own share of the attacks that were really shown to a camera. Every network is
trained again without the sources that --leave-out names, one word a network, from the beginning: what becomes of those
sources is the only honest figure, since in half of them camera or light differs between people and attacks. What was
trained goes into FOLDER; `python -m training.publish_presentation` chooses by it and makes the model.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from core.settings import Settings
from training.networks.together import DEVICE, Learner, Recipe, Shelf, learn, scores
from training.scenes.composing import Blocks, Composers

EVERYTHING = "everything"  # the name of what nothing is left out of
_LEFT_OUT = (
    "nuaa,v_webcam",
    "krzysiek,shubham,v_phone_2",
    "phone_a,phone_b,triplets,v_outdoor",
    "laptop_c,monitor_f,webcam_e,v_phone_1,v_beard",
    "phone_d,phone_frames,v_phone_2",
)
_RATE, _GO_ON = 2e-3, 0.4  # the rate of learning with a batch of 64; share of it in the second stage
_FASTER = 2.0  # at most, however large the batch
_LOOK_S = 15.0  # seconds between two looks for new blocks
_SAVE_S = 60.0  # seconds between two files of what is there


@dataclass(frozen=True)
class Times:
    """When training begins, when the second stage begins, and when it is over: seconds of `time.monotonic`."""

    begin: float
    second: float
    end: float


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.presentation", description=__doc__.splitlines()[0])
    parser.add_argument("--material", type=Path, required=True, help="of training.gather_presentations")
    parser.add_argument("--out", type=Path, required=True, help="folder for what is trained")
    parser.add_argument("--cache", type=Path, required=True, help="folder for the composed samples")
    parser.add_argument("--samples", type=int, default=8000, help="samples at most, composed or varied")
    parser.add_argument("--workers", type=int, default=1, help="processes that compose")
    parser.add_argument("--compose", type=float, default=5, help="minutes of composing before training begins")
    parser.add_argument("--rehearse", type=float, default=10, help="minutes of the first stage")
    parser.add_argument("--minutes", type=float, default=12, help="minutes of the second stage")
    parser.add_argument("--leave-out", nargs="*", default=[], metavar="SOURCES", help=f"such as {_LEFT_OUT[2]}")
    parser.add_argument("--each", action="store_true", help="leave out every source once, some of them together")
    parser.add_argument("--recipes", nargs="+", type=Recipe.parse, default=[Recipe(0.15)], help="such as 0.15 or 0.15r")
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--parts", type=int, default=1, help="processes that train")
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args(arguments)
    options.leave_out = [*options.leave_out, *(_LEFT_OUT if options.each else ())]
    begin = time.monotonic() + 60 * options.compose
    times = Times(begin, begin + 60 * options.rehearse, begin + 60 * (options.rehearse + options.minutes))
    options.out.mkdir(parents=True, exist_ok=True)
    composers = Composers(options.material, options.cache, False, options.workers, options.seed, options.samples)
    context = torch.multiprocessing.get_context("spawn")
    parts = [context.Process(target=train, args=(options, times, part)) for part in range(options.parts)]
    for process in parts:
        process.start()
    for process in parts:
        process.join()
    composers.stop()
    failed = [part for part, process in enumerate(parts) if process.exitcode]
    if failed:
        print(f"Parts that broke off: {failed}.", file=sys.stderr)
    return 1 if failed else 0


def train(options: argparse.Namespace, times: Times, part: int) -> None:
    """The networks of one process: every so many of those asked for."""
    torch.set_num_threads(1)
    torch.manual_seed(options.seed + part)
    torch.backends.cudnn.benchmark = True
    asked = [EVERYTHING, *options.leave_out][part :: options.parts]
    trainer = Trainer(
        options, asked, lambda words: print(f"{time.monotonic() - times.begin:7.1f} s {part}: {words}", flush=True)
    )
    while time.monotonic() < times.begin:
        time.sleep(min(1.0, max(times.begin - time.monotonic(), 0.01)))
        trainer.take_new(8)
    trainer.first(times.second)
    trainer.save(options.out / f"first-{part}.pt")
    trainer.second(times.end, options.out / f"trained-{part}.pt")


class Trainer:
    """Trains the networks of `asked`: words of sources to leave out, or `EVERYTHING`."""

    def __init__(self, options: argparse.Namespace, asked: list[str], say: Callable[[str], None]) -> None:
        self._recipes: list[Recipe] = options.recipes
        self._batch: int = options.batch
        self._rate = _RATE * min((options.batch / 64) ** 0.5, _FASTER)
        self._say = say
        self._blocks = Blocks(options.cache)
        self._shelf = Shelf(options.samples + 200, Settings().presentation.view_px)
        self._generator = torch.Generator(DEVICE).manual_seed(options.seed)
        without = {word: frozenset() if word == EVERYTHING else frozenset(word.split(",")) for word in asked}
        self._without: dict[str, frozenset[str]] = without
        self._learners: dict[str, list[Learner]] = {}
        self._shares: dict[str, Tensor] = {}

    def take_new(self, most: int) -> bool:
        """Put what has been composed since on the shelf; whether there was something."""
        parts = [] if self._shelf.full else self._blocks.new(most)
        self._shelf.add(parts)
        return bool(parts)

    def first(self, end: float) -> None:
        """Without any filmed attack, one network a word."""
        self._learners = {word: [Learner(Recipe(0.0), self._rate)] for word in self._without}
        self._stage("first stage", end, filmed=False, save=None)

    def second(self, end: float, path: Path) -> None:
        """Each recipe, from what the first stage left."""
        starts = {word: learners[0].net for word, learners in self._learners.items()}
        self._learners = {
            word: [Learner(recipe, _GO_ON * self._rate, start) for recipe in self._recipes]
            for word, start in starts.items()
        }
        self._stage("second stage", end, filmed=True, save=path)
        self.save(path)
        for word in self._without:
            self._report(word)

    def save(self, path: Path) -> None:
        """All networks as they are: word and recipe -> weights, those of what is left out in half precision."""
        trained = {}
        for word, learners in self._learners.items():
            for learner in learners:
                state = {name: value.detach().cpu().clone() for name, value in learner.net.state_dict().items()}
                if word != EVERYTHING:
                    state = {
                        name: value.half() if value.is_floating_point() else value for name, value in state.items()
                    }
                trained[f"{word} {learner.recipe.name}"] = state
        part = path.with_suffix(".part")
        torch.save(trained, part)
        part.replace(path)

    def _stage(self, name: str, end: float, filmed: bool, save: Path | None) -> None:
        self._weigh(filmed)
        begin = looked = saved = time.monotonic()
        rounds = 0
        while (now := time.monotonic()) < end:
            share = (now - begin) / (end - begin)
            for word, learners in self._learners.items():
                learn(self._shelf, self._shares[word], learners, share, self._batch, self._generator)
            rounds += 1
            if now - looked > _LOOK_S:
                looked = now
                self._tell(name, rounds, now - begin)
                if self.take_new(20):
                    self._weigh(filmed)
            if save is not None and now - saved > _SAVE_S:
                saved = now
                self.save(save)
        self._tell(name, rounds, end - begin)

    def _weigh(self, filmed: bool) -> None:
        while not len(self._shelf):  # nothing composed yet
            time.sleep(1)
            self.take_new(8)
        self._shares = {word: self._shelf.shares(sources, filmed) for word, sources in self._without.items()}

    def _tell(self, name: str, rounds: int, seconds: float) -> None:
        lost = {word: [round(float(one.loss), 3) for one in learners] for word, learners in self._learners.items()}
        rate = rounds * self._batch / max(seconds, 1e-3)
        self._say(f"{name}, {rounds} rounds, {rate:.0f} samples/s each, {len(self._shelf)} on the shelf, errors {lost}")

    def _report(self, word: str) -> None:
        """What the networks say of the sources that they have not seen."""
        rows = self._shelf.left_out(self._without[word])
        if not len(rows):
            return
        keys = np.array([self._shelf.key(int(row)) for row in rows])
        views = self._shelf.views[torch.from_numpy(rows).to(DEVICE)].cpu().numpy()
        for learner in self._learners[word]:
            shown = 1 - scores(learner.net, views)[:, 0, 0]
            middles = {
                str(key): np.quantile(shown[keys == key], (0.1, 0.5, 0.9)).round(2).tolist() for key in np.unique(keys)
            }
            self._say(f"{word} left out, recipe {learner.recipe.name}, scores' tenths 1, 5, 9: {middles}")


if __name__ == "__main__":
    sys.exit(main())
