"""Open eyes whose look is turned aside, for training."""

from __future__ import annotations

import numpy as np
import pytest

from core.regions import EYES, OUTLINES
from tests.portraits import astronaut
from training.drawing import gaze
from training.drawing.layers import polygon


@pytest.mark.parametrize("seed", range(6))
def test_should_move_what_lies_between_the_lids_and_nothing_else(seed: int) -> None:
    portrait = astronaut().placed((400, 400), 100)
    points = portrait.landmarks[:, :2]

    changed = (gaze.turned(np.random.default_rng(seed), portrait.rgb, points) != portrait.rgb).any(axis=2)

    away = np.ones((400, 400), bool)
    for eye in EYES:
        ring = points[list(OUTLINES[eye])]
        assert changed[polygon(ring, 400) > 0.5].mean() > 0.3
        away &= polygon(ring.mean(axis=0) + 1.5 * (ring - ring.mean(axis=0)), 400) == 0
    assert not changed[away].any()


def test_should_leave_eyes_too_small_to_show_it() -> None:
    portrait = astronaut().placed((400, 400), 100)
    points = 200 + 0.02 * (portrait.landmarks[:, :2] - 200)

    assert (gaze.turned(np.random.default_rng(0), portrait.rgb, points) == portrait.rgb).all()
