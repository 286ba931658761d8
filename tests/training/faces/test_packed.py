"""What travels to another machine, and samples composed there without a face finder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.vision import landmarks
from tests.portraits import astronaut
from training.faces.datasets import CLOSED, OPEN, Base, Cutter, EyeCrops, Samples
from training.faces.drift import DriftingMesh, Drifts, measure_drifts
from training.faces.packed import Packed
from training.faces.sources import Source
from training.faces.studio import Studio

BROAD = np.dstack([np.tile(np.linspace(20, 230, 90), (60, 1))] * 3 + [np.full((60, 90), 255)]).astype(np.uint8)


@pytest.fixture(scope="module")
def base() -> Base:
    portrait = astronaut()
    source = Source(Path("somewhere/astronaut.png"), "faces_open", "astronaut", held=False)
    twice = np.repeat(np.repeat(portrait.rgb, 2, axis=0), 2, axis=1)  # larger than a pack keeps it
    return Base(source, twice, 2 * portrait.landmarks[:, :2] + 0.5, OPEN)


@pytest.fixture(scope="module")
def drifts(base: Base) -> Drifts:
    return measure_drifts(Studio([base], {}), np.random.default_rng(2), 12)


@pytest.fixture(scope="module")
def samples(base: Base) -> Samples:
    return Studio([base], {"object": [BROAD]}).samples(np.random.default_rng(3), 4)


def test_should_give_back_what_was_packed(base: Base, drifts: Drifts, samples: Samples, tmp_path: Path) -> None:
    eyes = EyeCrops(samples.eyes[:, 0], np.array([OPEN, CLOSED, OPEN, OPEN]), np.array(["eyes/1"] * 4))
    Packed([base], {"object": [BROAD]}, samples.take(np.arange(1)), samples, eyes, drifts).save(tmp_path)

    found = Packed.load(tmp_path)

    scale = found.bases[0].rgb.shape[0] / base.rgb.shape[0]
    assert scale < 1 and (found.bases[0].source.path.name, found.bases[0].eyes) == ("astronaut.png", OPEN)
    assert np.abs(found.bases[0].points - (scale * (base.points + 0.5) - 0.5)).max() < 0.5
    patch = found.patches["object"][0]
    assert patch.shape == BROAD.shape and np.abs(patch.astype(int) - BROAD).mean() < 4
    assert np.array_equal(found.held.mask, samples.mask) and np.array_equal(found.held.outline, samples.outline)
    assert np.abs(found.held.face.astype(int) - samples.face).mean() < 4
    assert np.abs(found.held.eyes[:, 1].astype(int) - samples.eyes[:, 1]).mean() < 5
    assert len(found.masks) == 1 and list(found.eyes.label) == list(eyes.label)
    assert np.array_equal(found.drifts.moved, drifts.moved)


def test_should_compose_without_a_face_finder(base: Base, drifts: Drifts, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*args: object, **more: object) -> None:
        raise AssertionError("a face finder was made")

    monkeypatch.setattr(landmarks, "FaceFinder", none)
    made = Studio([base], {}, mesh=DriftingMesh(drifts, Cutter())).samples(np.random.default_rng(5), 6)

    assert len(made) == 6 and (made.coverage >= 0).all() and made.mask.any()


def test_should_move_the_mesh_as_on_a_composite_of_the_kind(base: Base, drifts: Drifts) -> None:
    studio = Studio([base], {}, shares={"mask": 1.0})
    made, canvas, _ = studio.composed(np.random.default_rng(1), base)
    still, away = np.zeros_like(drifts.moved[:2]), np.full_like(drifts.moved[:2], 0.25)
    two = Drifts(
        np.array(["mask", "mask", "clean", "clean"]), np.zeros((4, 10), np.float32), np.concatenate([away, still])
    )

    points = DriftingMesh(two, Cutter())(np.random.default_rng(0), canvas, made)

    assert np.allclose(points - canvas.points, 0.25 * canvas.unit, atol=1e-2)
