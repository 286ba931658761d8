"""Each face by a network that never saw it. Needs torch, which the app does without."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs torch: pip install -r training/requirements.txt")

from tests.portraits import astronaut
from training.cross_validate import by_network, table, untouched
from training.faces.datasets import OPEN, Base
from training.faces.sources import Source
from training.from_pack import fold_of

PORTRAIT = astronaut()


def face(name: str, group: str, held: bool = False) -> Base:
    source = Source(Path(f"somewhere/{name}"), "faces_open", group, held)
    return Base(source, PORTRAIT.rgb, PORTRAIT.landmarks[:, :2], OPEN)


def test_should_read_each_face_once_by_a_network_that_never_saw_it() -> None:
    bases = [face(f"{n}.png", f"group {n // 2}", held=n > 17) for n in range(20) for _ in range(2)]  # as is, mirrored

    found = by_network(bases)

    assert sorted(base.source.path.name for faces in found.values() for base in faces) == sorted(
        f"{n}.png" for n in range(20)
    )
    for name, faces in found.items():
        for base in faces:
            assert name == ("regions" if base.source.held else f"fold{fold_of(base.source.group)}")


def test_should_count_false_alarms_on_photos_with_nothing_over_them() -> None:
    samples = untouched([face("one.png", "one"), face("two.png", "two")])
    said = np.zeros((2, 10), bool)
    assert "0.0 % (0/8)" in next(line for line in table(samples, said) if line.startswith("all"))
    said[0] = True
    line = next(line for line in table(samples, said) if line.startswith("all"))
    assert "50.0 % (4/8)" in line and "80.7 %" in line
