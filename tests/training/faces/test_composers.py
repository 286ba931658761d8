"""Processes that compose from a pack while a network trains."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

from tests.portraits import astronaut
from training.faces import composers
from training.faces.composers import Composers
from training.faces.datasets import OPEN, Base, EyeCrops, Samples
from training.faces.drift import measure_drifts
from training.faces.packed import Packed
from training.faces.sources import Source
from training.faces.studio import Studio


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one face and one thing to lay over it, beside what is drawn."""
    portrait = astronaut()
    source = Source(Path("astronaut.png"), "faces_open", "astronaut", held=False)
    base = Base(source, portrait.rgb, portrait.landmarks[:, :2], OPEN)
    studio = Studio([base], {})
    some = studio.samples(np.random.default_rng(0), 2)
    eyes = EyeCrops(some.eyes[:, 0], np.zeros(2, np.int64), np.array(["eyes/1", "eyes/2"]))
    folder = tmp_path_factory.mktemp("pack")
    board = np.full((40, 60, 4), 255, np.uint8)
    Packed([base], {"object": [board]}, some, some, eyes, measure_drifts(studio, np.random.default_rng(1), 4)).save(
        folder
    )
    return folder


class Full(Exception):
    """Nobody takes more."""


class Shelf(list[Samples]):
    """What stands for the queue to the process that trains, and takes one chunk."""

    def put(self, samples: Samples) -> None:
        if self:
            raise Full
        self.append(samples)


def composed(pack: Path, seed: int, number: int, monkeypatch: pytest.MonkeyPatch) -> Samples:
    """The first chunk of a process."""
    monkeypatch.setattr(composers, "_CHUNK", 4)
    monkeypatch.setattr(composers.os, "nice", lambda _: 0)
    shelf = Shelf()
    with pytest.raises(Full):
        composers._compose(pack, shelf, seed, number)  # type: ignore[arg-type]
    return shelf[0]


def test_should_compose_the_same_from_the_same_seed_and_other_things_in_each_process(
    pack: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again, other = (composed(pack, 3, number, monkeypatch) for number in (0, 0, 1))
    assert len(first) == 4 and set(first.source) == {"faces_open/astronaut.png"}
    assert np.array_equal(first.face, again.face) and np.array_equal(first.coverage, again.coverage)
    assert not np.array_equal(first.face, other.face)


def test_should_hand_over_what_is_finished_and_end_with_the_training(pack: Path) -> None:
    with Composers(pack, 1, 3) as made:
        until = time.monotonic() + 60
        found: list[Samples] = []
        while not found and time.monotonic() < until:
            found = list(made.ready())
            time.sleep(0.05)
        processes = made._processes
        assert all(process.is_alive() for process in processes)
    assert found and len(found[0]) == 32 and found[0].face.shape[1:] == (160, 160, 3)
    assert not any(process.is_alive() for process in processes)
