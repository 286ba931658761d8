"""Views as other cameras and lights would give them."""

from __future__ import annotations

import numpy as np

from core.vision.presentation import OUTSIDE
from training.vary import varied


def views(count: int) -> np.ndarray:
    drawn = np.random.default_rng(1).integers(0, 120, (count, 3, 48, 48, 3)).astype(np.uint8)
    drawn[:, 2, :10] = OUTSIDE  # above the frame
    return drawn


def test_should_change_the_light_and_keep_the_shape() -> None:
    before = views(8)
    after = varied(np.random.default_rng(2), before)
    assert after.shape == before.shape
    assert after.dtype == np.uint8
    assert (after != before).mean() > 0.5
    assert np.array_equal(after, varied(np.random.default_rng(2), before))


def test_should_leave_grey_what_lies_outside_the_frame() -> None:
    after = varied(np.random.default_rng(3), views(40))
    assert (after[:, 2, :10] == OUTSIDE).all()


def test_should_show_less_of_the_surroundings_at_times_but_never_of_the_face() -> None:
    after = varied(np.random.default_rng(4), views(60))
    trimmed = (after[:, 2, 11:] == OUTSIDE).all(axis=-1).mean(axis=(1, 2)) > 0.05
    assert 0.05 < trimmed.mean() < 0.4
    assert (after[:, :2] == OUTSIDE).all(axis=-1).mean() < 0.01
