"""Several networks for screens and prints trained side by side, on the same views or without some of their sources."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from training.networks.nets import PresentationNet
from training.networks.vary import varied
from training.scenes.portrait import CLASSES, PERSON, sources_of
from training.scenes.presented import Presentations

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
_BFLOAT16 = DEVICE.type == "cuda" or torch.ops.mkldnn._is_mkldnn_bf16_supported()

_DROPPED = 0.15  # share of the views whose word is not heard
_ALONE = 0.3  # weight of each view's own error
_SMOOTHED = 0.03  # of the labels
_CLASS_SHARE = (0.5, 0.29, 0.21)
_COMPOSED_PEOPLE, _PHOTOS = 0.5, 0.2  # of the people drawn; the rest are people before the cameras of attacks
_FILMED = 0.3  # of the attacks drawn, where filmed ones take part; their weight is each recipe's own
_AVERAGED = 0.8  # share of a stage after which the weights are averaged
_KEPT = 0.995  # of the average at each step
_ROBUST, _FORGOTTEN = 1.5, 0.97  # how hard the worst groups are weighted up; of their errors at each step
COMPOSED = ("composed", "webcam")


@dataclass(frozen=True)
class Recipe:
    """filmed: share of the attacks' weight that those really shown to a camera have, 0 to 1.

    robust: groups of samples with a larger error than the others' weigh more (after Sagawa et al., "Distributionally
    robust neural networks for group shifts", 2020).
    """

    filmed: float
    robust: bool = False

    @property
    def name(self) -> str:
        """As `parse` reads it."""
        return f"{self.filmed:g}{'r' if self.robust else ''}"

    @staticmethod
    def parse(word: str) -> Recipe:
        """From "0.15", or "0.15r" for a robust one. Raises ValueError."""
        return Recipe(float(word.removesuffix("r")), word.endswith("r"))


class Shelf:
    """Views on the device, with room for `room` samples."""

    def __init__(self, room: int, side: int, device: torch.device = DEVICE) -> None:
        self.views = torch.empty((room, 3, side, side, 3), dtype=torch.uint8, device=device)
        self.label = torch.zeros(room, dtype=torch.int64, device=device)
        self.group = torch.zeros(room, dtype=torch.int64, device=device)
        self.filmed = torch.zeros(room, dtype=torch.bool, device=device)
        self._device = device
        self._keys: list[str] = []
        self._names: list[str] = []
        self._sources: list[frozenset[str]] = []

    def __len__(self) -> int:
        return len(self._keys)

    @property
    def full(self) -> bool:
        """Whether nothing more can be added."""
        return len(self) == len(self.label)

    def add(self, parts: Sequence[Presentations]) -> None:
        """As many as there is room for."""
        for data in parts:
            self._put(data.take(np.arange(min(len(data), len(self.label) - len(self)))))
        number = {key: place for place, key in enumerate(sorted(set(self._keys)))}
        self.group[: len(self)] = torch.tensor([number[key] for key in self._keys], device=self._device)

    def left_out(self, sources: frozenset[str]) -> NDArray[np.int64]:
        """Where the pictures of these sources are that are as they were taken."""
        plain = zip(self._sources, self._names, self._keys, strict=True)
        return np.array(
            [
                row
                for row, (own, name, key) in enumerate(plain)
                if own & sources and not name.endswith("+") and key.rsplit("/", 1)[0] not in COMPOSED
            ],
            np.int64,
        )

    def key(self, row: int) -> str:
        """group/label of a sample."""
        return self._keys[row]

    def _put(self, data: Presentations) -> None:
        start = len(self)
        rows = slice(start, start + len(data))
        self.views[rows] = torch.from_numpy(data.views).to(self._device)
        self.label[rows] = torch.from_numpy(data.label.astype(np.int64)).to(self._device)
        known = {str(name): frozenset(sources_of(str(name))) for name in np.unique(data.name)}
        self._sources += [known[str(name)] for name in data.name]
        self._names += [str(name) for name in data.name]
        self._keys += [f"{group}/{label}" for group, label in zip(data.group, data.label, strict=True)]
        filmed = (data.label != PERSON) & ~np.isin(data.group, COMPOSED)
        self.filmed[rows] = torch.from_numpy(filmed).to(self._device)

    def shares(self, without: frozenset[str], filmed: bool) -> Tensor:
        """(len,) how often each sample is drawn: classes and sources in fixed parts, whatever their numbers.

        without: sources of which nothing is drawn, also no scene with a picture of theirs.
        """
        free = np.array([not (sources & without) for sources in self._sources])
        return torch.from_numpy(even_shares(np.array(self._keys), free, filmed)).to(self._device)


def even_shares(keys: NDArray[np.str_], free: NDArray[np.bool_], filmed: bool) -> NDArray[np.float64]:
    """See `Shelf.shares`. keys (N,): group/label; free (N,): may be drawn."""
    group = np.array([key.rsplit("/", 1)[0] for key in keys])
    label = np.array([int(key.rsplit("/", 1)[1]) for key in keys])
    weights = np.zeros(len(keys))
    for key in np.unique(keys[free]):
        rows = free & (keys == key)
        # Large sources count more than small ones, but not as their numbers.
        weights[rows] = np.sqrt(rows.sum()) / rows.sum()
    composed, photos = np.isin(group, COMPOSED), np.char.startswith(group, "faces_")
    real = ~composed & ~photos
    parts = {PERSON: ((composed, _COMPOSED_PEOPLE), (photos, _PHOTOS), (real, 1 - _COMPOSED_PEOPLE - _PHOTOS))}
    attacks = ((composed, 1 - _FILMED), (real, _FILMED)) if filmed else ((composed, 1.0), (real, 0.0))
    out = np.zeros(len(keys))
    for kind, share in enumerate(_CLASS_SHARE):
        for rows, part in parts.get(kind, attacks):
            own = rows & (label == kind)
            if weights[own].sum() > 0:
                out[own] = share * part * weights[own] / weights[own].sum()
    return out / max(out.sum(), 1e-9)


class Learner:
    """One network, its optimiser, and the average of its weights over the end of a stage."""

    def __init__(self, recipe: Recipe, rate: float, start: PresentationNet | None = None) -> None:
        self.recipe = recipe
        self._net = PresentationNet().to(DEVICE, memory_format=torch.channels_last)
        if start is not None:
            self._net.load_state_dict(start.state_dict())
        self._net.train()
        self._rate = rate
        fused = {"fused": True} if DEVICE.type == "cuda" else {}
        self._optimizer = torch.optim.AdamW(self._net.parameters(), lr=rate, weight_decay=0.01, **fused)
        self._average = torch.optim.swa_utils.AveragedModel(
            self._net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(_KEPT), use_buffers=True
        )
        self._errors = torch.zeros(256, device=DEVICE)  # of each group
        self._began = self._averaged = False
        self.loss = torch.zeros((), device=DEVICE)  # lately

    @property
    def net(self) -> PresentationNet:
        """The averaged network once there is one, otherwise as it stands."""
        chosen = self._average.module if self._averaged else self._net
        return chosen  # type: ignore[return-value]

    def step(self, views: Tensor, label: Tensor, filmed: Tensor, group: Tensor, share: float) -> None:
        """Learn from a batch. share: of the stage that is over, 0 to 1."""
        now = self._rate * min(1.0, share / 0.04 + 0.02) * (0.5 + 0.5 * math.cos(math.pi * min(share, 1.0))) + 1e-6
        for settings in self._optimizer.param_groups:
            settings["lr"] = now
        with torch.autocast(DEVICE.type, torch.bfloat16, enabled=_BFLOAT16):
            words = self._net.words(views)
        errors = _errors(words.float(), label)
        weight = self._weights(errors.detach(), filmed, group)
        loss = (errors * weight).sum() / weight.sum().clamp(min=1e-6)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self._net.parameters(), 2.0)
        self._optimizer.step()
        if share > _AVERAGED:  # the first update copies the net, the rest are averaged into it
            self._average.update_parameters(self._net)
            self._averaged = True
        self.loss = torch.lerp(loss.detach(), self.loss, 0.98 if self._began else 0.0)
        self._began = True

    def _weights(self, errors: Tensor, filmed: Tensor, group: Tensor) -> Tensor:
        own = self.recipe.filmed
        weight = torch.where(filmed, own / max(1 - own, 1e-6) * (1 - _FILMED) / _FILMED, 1.0)
        if self.recipe.robust:
            count = torch.zeros_like(self._errors).index_add_(0, group, torch.ones_like(errors))
            mean = torch.zeros_like(self._errors).index_add_(0, group, errors) / count.clamp(min=1)
            mean = torch.where(self._errors > 0, torch.lerp(mean, self._errors, _FORGOTTEN), mean)
            self._errors = torch.where(count > 0, mean, self._errors)
            known = self._errors > 0
            middle = self._errors.sum() / known.sum().clamp(min=1)
            weight = weight * torch.exp(_ROBUST * (self._errors - middle)).clamp(0.3, 3)[group]
        return weight


def learn(
    shelf: Shelf,
    shares: Tensor,
    learners: Sequence[Learner],
    share: float,
    batch: int,
    generator: torch.Generator,
) -> None:
    """One batch, varied once, for all of them. shares: of `Shelf.shares`; share: of the stage that is over."""
    index = torch.multinomial(shares, batch, replacement=True, generator=generator)
    views = varied(shelf.views[index], generator)
    label, filmed, group = shelf.label[index], shelf.filmed[index], shelf.group[index]
    for learner in learners:
        learner.step(views, label, filmed, group, share)


def _errors(words: Tensor, label: Tensor) -> Tensor:
    """(N,): of all views' word, some of them not heard, and of each view's own. words (N, 3, classes)."""
    heard = (torch.rand(words.shape[:2], device=words.device) >= _DROPPED).float()[..., None]
    heard = torch.where(heard.sum(dim=1, keepdim=True) == 0, torch.ones_like(heard), heard)
    errors = functional.cross_entropy((words * heard).sum(dim=1), label, label_smoothing=_SMOOTHED, reduction="none")
    for view in range(words.shape[1]):
        alone = functional.cross_entropy(words[:, view], label, label_smoothing=_SMOOTHED, reduction="none")
        errors = errors + _ALONE * alone
    return errors


@torch.no_grad()
def scores(net: PresentationNet, views: NDArray[np.uint8], batch: int = 512) -> NDArray[np.float32]:
    """(N, 2, 3) probabilities, as the exported network gives them."""
    training = net.training
    net.eval()
    parts = [
        torch.softmax(net(torch.from_numpy(views[at : at + batch]).to(DEVICE)), dim=2).float().cpu().numpy()
        for at in range(0, len(views), batch)
    ]
    net.train(training)
    return np.concatenate(parts) if parts else np.zeros((0, 2, len(CLASSES)), np.float32)
