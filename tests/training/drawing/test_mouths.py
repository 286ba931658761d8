"""Closed mouths that are opened, for training."""

from __future__ import annotations

import numpy as np
import pytest

from core.regions import CHIN_TIP, EYES, INNER_LIPS, OUTLINES
from core.settings import Settings
from core.vision import assets
from core.vision.landmarks import FaceFinder
from core.vision.reading import Frame
from tests.portraits import astronaut
from training.drawing import mouths
from training.drawing.layers import polygon


def _closed() -> tuple[np.ndarray, np.ndarray]:
    """The astronaut, whose mouth smiles open, with its lips brought together: in the mesh alone, which is all that is
    asked."""
    portrait = astronaut().placed((400, 400), 100)
    points = portrait.landmarks[:, :2].copy()
    upper, lower = (list(lip) for lip in INNER_LIPS)
    points[upper] = points[lower] = (points[upper] + points[lower]) / 2
    return portrait.rgb, points


@pytest.mark.parametrize("seed", range(6))
def test_should_part_the_lips_and_leave_the_upper_face_alone(seed: int) -> None:
    rgb, points = _closed()
    out, moved = mouths.opened(np.random.default_rng(seed), rgb, points)

    (upper, lower) = (moved[list(lip)].mean(axis=0) for lip in INNER_LIPS)
    width = np.hypot(*(points[61] - points[291]))
    assert np.hypot(*(lower - upper)) > 0.15 * width
    assert lower[1] > upper[1] and moved[CHIN_TIP][1] > points[CHIN_TIP][1]
    for eye in EYES:
        ring = points[list(OUTLINES[eye])]
        assert np.abs(out.astype(int) - rgb)[polygon(ring, 400) > 0.5].mean() < 1
        assert np.abs(moved[list(OUTLINES[eye])] - ring).max() < 0.5


def test_should_look_open_to_a_face_finder() -> None:
    rgb, points = _closed()
    out, moved = mouths.opened(np.random.default_rng(3), rgb, points)
    finder = FaceFinder(assets.ensure_face_model(), Settings().landmarks)
    found = finder.find(Frame(out, 0.0))[0].landmarks[:, :2]
    finder.close()

    (upper, lower), (as_drawn, low) = ([mesh[list(lip)].mean(axis=0) for lip in INNER_LIPS] for mesh in (found, moved))
    drawn = np.hypot(*(low - as_drawn))
    assert np.hypot(*(lower - upper)) == pytest.approx(drawn, rel=0.4)


def test_should_leave_a_mouth_that_is_open_or_too_small_as_it_is() -> None:
    portrait = astronaut().placed((400, 400), 100)
    points = portrait.landmarks[:, :2].copy()
    points[list(INNER_LIPS[1])] += (0, 30)
    rng = np.random.default_rng(0)
    assert mouths.opened(rng, portrait.rgb, points)[0] is portrait.rgb
    _, closed = _closed()
    small = (200 + 0.05 * (closed - 200)).astype(np.float32)
    assert mouths.opened(rng, portrait.rgb, small)[0] is portrait.rgb
