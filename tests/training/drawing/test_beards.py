"""Drawn beards, for training."""

from __future__ import annotations

import numpy as np
import pytest

from core.regions import EYES, OUTLINES, Region
from tests.portraits import astronaut
from training.drawing import beards
from training.drawing.layers import polygon


@pytest.mark.parametrize("seed", range(12))
def test_should_grow_on_the_lower_face_and_hide_neither_lips_nor_nose(seed: int) -> None:
    points = astronaut().placed((400, 400), 100).landmarks[:, :2]
    layer = beards.beard(np.random.default_rng(seed), points, 400)

    inside = {region: polygon(points[list(OUTLINES[region])], 400) > 0.5 for region in Region}
    assert layer.alpha[inside[Region.MOUTH]].mean() < 0.1
    assert all(layer.alpha[inside[region]].max() < 0.1 for region in (*EYES, Region.FOREHEAD))
    assert layer.alpha[inside[Region.NOSE]].mean() < 0.05
    assert layer.alpha.max() > 0.2 and layer.alpha.sum() > 300
    assert not layer.foreign.any()
