"""Lids drawn over open eyes, for training."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from core.regions import EYES, OUTLINES
from core.settings import LandmarkSettings
from core.vision import assets
from core.vision.landmarks import FaceFinder
from core.vision.reading import Frame
from tests.portraits import astronaut
from training.drawing import lids
from training.drawing.layers import polygon
from training.faces.datasets import CLEAR_EYE, CLOSED, OPEN, lid_class


@pytest.fixture(scope="module")
def finder() -> Iterator[FaceFinder]:
    with FaceFinder(assets.ensure_face_model(), LandmarkSettings()) as finder:
        yield finder


@pytest.mark.parametrize("seed", range(12))
def test_should_shut_the_eyes_that_it_says_and_change_nothing_else(seed: int, finder: FaceFinder) -> None:
    portrait = astronaut().placed((400, 400), 100)
    points = portrait.landmarks[:, :2]
    rgb, amounts = lids.shut(np.random.default_rng(seed), portrait.rgb, points)

    changed = (rgb != portrait.rgb).any(axis=2)
    away = np.ones((400, 400), bool)
    for eye in EYES:
        ring = points[list(OUTLINES[eye])]
        near = polygon(ring.mean(axis=0) + 2.2 * (ring - ring.mean(axis=0)), 400) > 0
        assert (changed & near).any() == (amounts[eye] > 0)
        away &= ~near
    assert not (changed & away).any()

    (before,), (after,) = finder.find(Frame(portrait.rgb, 0.0)), finder.find(Frame(rgb, 0.0))
    for eye in EYES:
        if amounts[eye] >= lids.SHUT_FROM:
            assert after.blink[eye] > before.blink[eye] + 0.15


@pytest.mark.parametrize(("amount", "known"), [(0.0, OPEN), (0.4, OPEN), (0.7, CLEAR_EYE), (0.97, CLOSED)])
def test_should_call_an_eye_closed_only_when_the_lid_is_down(amount: float, known: int) -> None:
    assert lid_class(amount) == known
