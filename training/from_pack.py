"""python -m training.from_pack PACK OUT --seconds 520 --cores 7: trains every design side by side from a pack.

All cores but one compose samples for as long as it lasts; the networks train on what there is, on the GPU if there is
one. OUT gets masks.pt and eyes.pt (network by name, each minute anew) and log.txt; `training.adopt` makes weights of
one of them. Three of the networks never see a third of the faces each, for `training.cross_validate`.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from training.faces.composers import Composers
from training.faces.datasets import GLARE
from training.faces.packed import Packed
from training.networks.fit import Course, eye_loss, forward, mask_loss, regions_loss
from training.networks.nets import EyeNet, MaskNet, RegionNet
from training.networks.pool import DEVICE, Faces, Pool, varied
from training.networks.restore import restore
from training.networks.scores import caught_at, mask_scores, whether_scores

FOLDS = 3
_REAL_SHARE = 0.04  # of each batch: real masks
_CROPS_SHARE = 0.2  # of each batch of eyes: the collection of eye crops
_CLASS_WEIGHT = (1.0, 2.2, 1.3, 3.0)  # open, closed, blocked, glare: the rarer the more often
_FIRST = 1500  # samples from which training begins
_ROOM = 110_000  # samples kept: 13 GB
_RESERVE = 0.04  # share of the time kept for the last validation and for writing
_ONWARD = 0.4  # share of the learning rate where training goes on from trained weights


def fold_of(group: str) -> int:
    """The fold of a group of look-alikes, the same on every machine."""
    return int(hashlib.sha256(group.encode()).hexdigest()[:8], 16) % FOLDS


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.from_pack", description=__doc__)
    parser.add_argument("pack", type=Path, help="folder that `training.pack` filled")
    parser.add_argument("out", type=Path)
    parser.add_argument("--seconds", type=float, default=520, help="wall time for everything")
    parser.add_argument("--cores", type=int, default=7)
    parser.add_argument("--start", type=Path, help="folder of weights: some networks go on from them")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    began = time.monotonic()
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(options.seed)
    torch.backends.cudnn.benchmark = True
    torch.set_num_threads(1 if DEVICE.type == "cuda" else max(1, options.cores))
    with Composers(options.pack, max(1, options.cores - 1), options.seed) as composers:
        school = School(Packed.load(options.pack), options)
        school.run(composers, began)
    return 0


@dataclass
class Lesson:
    """A network, its course, and how long its steps took, seconds. fold: whose faces it never sees; -1: it sees all."""

    course: Course
    fold: int = -1
    seconds: float = 0.0
    seen: int = 0


class School:
    """Every network in training, and what they train on."""

    def __init__(self, pack: Packed, options: argparse.Namespace) -> None:
        self._options, self._held = options, pack.held
        self._rng = np.random.default_rng(options.seed)
        self._pool, self._real = Pool(_ROOM if DEVICE.type == "cuda" else 6000), Pool.of(pack.masks)
        self._fold = {f"{b.source.kind}/{b.source.path.name}": fold_of(b.source.group) for b in pack.bases}
        self._crops = torch.from_numpy(pack.eyes.crops).to(DEVICE), torch.from_numpy(pack.eyes.label).to(DEVICE)
        self._rows: dict[int, NDArray[np.int64]] = {}
        self._eyes: list[NDArray[np.int64]] = []
        self.masks, self.eyes = self._lessons(pack)
        self._log = (options.out / "log.txt").open("w")

    def _lessons(self, pack: Packed) -> tuple[dict[str, Lesson], dict[str, Lesson]]:
        masks = {"mask": Lesson(_course(MaskNet(), 4e-3)), "regions": Lesson(_course(RegionNet(), 4e-3))}
        masks |= {f"fold{fold}": Lesson(_course(RegionNet(), 4e-3), fold) for fold in range(FOLDS)}
        eyes = {"eyes": Lesson(_course(EyeNet(), 2e-3)), "eyes_without_crops": Lesson(_course(EyeNet(), 2e-3))}
        if self._options.start:
            trained, net = MaskNet(), RegionNet()
            restore(trained, self._options.start / "occlusion.onnx", torch.from_numpy(pack.masks.face[:96]))
            net.load_state_dict(trained.state_dict(), strict=False)
            masks["onward"] = Lesson(_course(net, 4e-3 * _ONWARD))
            trained_eyes = EyeNet()
            crops = torch.from_numpy(pack.eyes.crops[:: max(1, len(pack.eyes.crops) // 96)][:96])
            restore(trained_eyes, self._options.start / "eyes.onnx", crops)
            eyes["eyes_onward"] = Lesson(_course(trained_eyes, 2e-3 * _ONWARD))
        return masks, eyes

    def run(self, composers: Composers, began: float) -> None:
        """Until the time is over. began: of `time.monotonic`."""
        total = self._options.seconds
        end = began + total * (1 - _RESERVE)
        while len(self._pool) < _FIRST and time.monotonic() - began < 0.2 * total:
            self._take_in(composers)
            time.sleep(0.05)
        while not len(self._pool):
            self._take_in(composers)
        start = time.monotonic()
        spoken = saved = start
        self._say(f"{start - began:.0f} s: begins with {len(self._pool)} samples on {DEVICE}")
        round_ = 0
        while (now := time.monotonic()) < end:
            share = (now - start) / (end - start)
            if round_ % 8 == 0:
                self._take_in(composers)
            self._round(round_, share)
            round_ += 1
            if now - spoken > 15:
                spoken = now
                self._report(now - began, round_)
            if now - saved > min(60, 0.3 * total):
                saved = now
                self._save()
                self._validate()
        self._report(time.monotonic() - began, round_)
        self._save()
        self._validate()
        self._say(f"{time.monotonic() - began:.0f} s: done, {round_} rounds")

    def _round(self, round_: int, share: float) -> None:
        """One batch for the networks that see everything, one for one fold, one of eyes."""
        for fold in (-1, round_ % FOLDS):
            faces = varied(self._batch(fold))
            for lesson in (one for one in self.masks.values() if one.fold == fold):
                with _timed(lesson, len(faces.rgb)):
                    net = lesson.course.net
                    both = isinstance(net, RegionNet)
                    loss = regions_loss(net, faces) if both else mask_loss(forward(net, faces.rgb), faces)
                    lesson.course.step(loss, share)
        for names in (("eyes", "eyes_onward"), ("eyes_without_crops",)):
            rgb, label = self._eye_batch(with_crops=names[0] == "eyes")
            for lesson in (self.eyes[name] for name in names if name in self.eyes):
                with _timed(lesson, len(rgb)):
                    lesson.course.step(eye_loss(lesson.course.net, rgb, label), share)

    def _batch(self, fold: int) -> Faces:
        real = round(_REAL_SHARE * self._options.batch)
        rows = self._rng.choice(self._rows[fold], self._options.batch - real)
        return Faces.join(self._pool.faces(rows), self._real.faces(self._rng.integers(0, len(self._real), real)))

    def _eye_batch(self, with_crops: bool) -> tuple[torch.Tensor, torch.Tensor]:
        count = 3 * self._options.batch // 2
        from_crops = round(_CROPS_SHARE * count) if with_crops else 0
        weight = np.array([w * len(rows) for w, rows in zip(_CLASS_WEIGHT, self._eyes, strict=True)])
        each = self._rng.multinomial(count - from_crops, weight / weight.sum())
        picked = np.concatenate([self._rng.choice(rows, n) for rows, n in zip(self._eyes, each, strict=True) if n])
        rgb, label = self._pool.eye_crops(picked // 2, picked % 2)
        if from_crops:
            at = torch.from_numpy(self._rng.integers(0, len(self._crops[0]), from_crops)).to(DEVICE)
            rgb, label = torch.cat([rgb, self._crops[0][at]]), torch.cat([label, self._crops[1][at]])
        return rgb, label

    def _take_in(self, composers: Composers) -> None:
        parts = list(composers.ready())
        for part in parts:
            self._pool.add(part)
        if parts:
            sources = self._pool.source[: len(self._pool)]
            folds = np.array([self._fold[name] for name in sources])
            self._rows = {-1: np.arange(len(folds))} | {k: np.flatnonzero(folds != k) for k in range(FOLDS)}
            classes = self._pool.eye_class[: len(self._pool)].cpu().numpy().ravel()
            self._eyes = [np.flatnonzero(classes == kind) for kind in range(GLARE + 1)]

    def _report(self, seconds: float, rounds: int) -> None:
        words = [f"{seconds:.0f} s: {len(self._pool)} samples ({len(self._pool) / seconds:.0f}/s), {rounds} rounds"]
        for name, one in (self.masks | self.eyes).items():
            words.append(f"{name} {one.course.loss:.4f} ({one.seen} seen)")
        self._say("; ".join(words))

    @torch.no_grad()
    def _validate(self) -> None:
        """What is caught when each region's threshold gives 1 % false alarms, on the held samples."""
        for name, lesson in self.masks.items():
            net = lesson.course.result.eval()
            lines = {"mask": mask_scores(net, self._held)}
            if isinstance(net, RegionNet):
                lines["outputs"] = whether_scores(net, self._held)
            for way, scores in lines.items():
                self._say(f"    {name} by {way}: " + caught_at(self._held, scores))
            lesson.course.net.train()
        label = torch.from_numpy(self._held.eye_class.astype(np.int64)).ravel()
        crops = torch.from_numpy(self._held.eyes).flatten(0, 1)
        for name, lesson in self.eyes.items():
            net = lesson.course.result.eval()
            said = torch.cat([forward(net, part.to(DEVICE)).argmax(dim=1).cpu() for part in crops.split(256)])
            right = [f"{(said[label == k] == k).float().mean():.3f}" for k in range(GLARE + 1)]
            self._say(f"    {name}: right of open, closed, blocked, glare {' '.join(right)}")
            lesson.course.net.train()

    def _save(self) -> None:
        for path, lessons in (("masks.pt", self.masks), ("eyes.pt", self.eyes)):
            states = {name: _plain(one.course.result.state_dict()) for name, one in lessons.items()}
            torch.save(states, self._options.out / f".{path}")
            (self._options.out / f".{path}").replace(self._options.out / path)

    def _say(self, text: str) -> None:
        print(text, flush=True)
        print(text, file=self._log, flush=True)


def _course(net: torch.nn.Module, rate: float) -> Course:
    return Course(net.to(DEVICE, memory_format=torch.channels_last), rate)


def _plain(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {key: value.detach().cpu().contiguous().clone() for key, value in state.items()}


@contextmanager
def _timed(lesson: Lesson, count: int) -> Iterator[None]:
    began = time.monotonic()
    yield
    lesson.seconds += time.monotonic() - began
    lesson.seen += count


if __name__ == "__main__":
    sys.exit(main())
