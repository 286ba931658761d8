"""Every design trained side by side. Needs torch and onnx, which the app does without."""

from __future__ import annotations

import time
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs torch: pip install -r training/requirements.txt")
pytest.importorskip("onnx", reason="needs onnx: pip install -r training/requirements.txt")

from tests.portraits import astronaut  # noqa: E402
from training.faces.datasets import OPEN, Base, EyeCrops, Samples  # noqa: E402
from training.faces.drift import Drifts  # noqa: E402
from training.faces.packed import Packed  # noqa: E402
from training.faces.sources import Source  # noqa: E402
from training.faces.studio import Studio  # noqa: E402
from training.from_pack import FOLDS, School, fold_of  # noqa: E402
from training.publish import WEIGHTS  # noqa: E402

EYES = {"eyes", "eyes_without_crops", "eyes_onward"}
NAMES = {"mask", "regions", "onward", *(f"fold{fold}" for fold in range(FOLDS))}


class Ready:
    """What stands for the composing processes: these samples, at once."""

    def __init__(self, samples: Samples) -> None:
        self._samples = [samples]

    def ready(self) -> Iterator[Samples]:
        while self._samples:
            yield self._samples.pop()


@pytest.fixture(scope="module")
def bases() -> list[Base]:
    """One face under names of every fold."""
    portrait = astronaut()
    names: dict[int, str] = {}
    for number in range(40):
        names.setdefault(fold_of(str(number)), str(number))
    return [
        Base(Source(Path(f"{name}.png"), "faces_open", name, False), portrait.rgb, portrait.landmarks[:, :2], OPEN)
        for name in names.values()
    ]


@pytest.fixture(scope="module")
def samples(bases: list[Base]) -> Samples:
    return Studio(bases, {}).samples(np.random.default_rng(1), 12)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("out")


@pytest.fixture(scope="module")
def school(bases: list[Base], samples: Samples, folder: Path) -> School:
    """One that has taken the samples in."""
    eyes = EyeCrops(samples.eyes[:, 0], np.zeros(len(samples), np.int64), samples.source)
    drifts = Drifts(np.array(["clean"]), np.zeros((1, 10), np.float32), np.zeros((1, 478, 2), np.float32))
    held = samples.take(np.arange(6))
    pack = Packed(bases, {}, held, held, eyes, drifts)
    school = School(pack, Namespace(seconds=0.5, batch=4, seed=1, start=WEIGHTS, out=folder))
    school._take_in(Ready(samples))  # type: ignore[arg-type]
    return school


def test_should_never_show_a_network_the_faces_of_its_fold(school: School, samples: Samples) -> None:
    groups = [Path(name).stem for name in samples.source]
    for fold in range(FOLDS):
        assert {fold_of(groups[row]) for row in school._rows[fold]} == set(range(FOLDS)) - {fold}
    assert len(school._rows[-1]) == len(samples)


def test_should_train_every_network(school: School) -> None:
    lessons = school.masks | school.eyes
    before = {name: _plain(lesson.course.net) for name, lesson in lessons.items()}
    for round_ in range(FOLDS):
        school._round(round_, share=0.1)
    assert set(school.masks) == NAMES and set(school.eyes) == EYES
    for name, lesson in lessons.items():
        now = _plain(lesson.course.net)
        assert lesson.seen and any(not torch.equal(now[key], before[name][key]) for key in now), name


def test_should_write_down_every_network_and_what_it_catches(school: School, samples: Samples, folder: Path) -> None:
    school.run(Ready(samples), began=time.monotonic())  # type: ignore[arg-type]
    assert set(torch.load(folder / "masks.pt")) == NAMES and set(torch.load(folder / "eyes.pt")) == EYES
    said = (folder / "log.txt").read_text()
    assert "done" in said and all(f"{name} by mask: eyes, nose, mouth" in said for name in NAMES)


def _plain(net: Any) -> dict[str, Any]:
    return {key: value.clone() for key, value in net.named_parameters()}
