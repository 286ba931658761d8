"""What becomes of a face after a break, by how much it is like the one before."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.flow.continuity import ContinuityGuard
from core.flow.snapshot import Reason
from core.settings import ContinuitySettings
from core.vision.likeness import Likeness
from tests.flow.script import Look, during, reading

FPS = 15
LIMITS = ContinuitySettings()


def watch(monkeypatch: pytest.MonkeyPatch, likenesses: list[float]) -> list[Reason | None]:
    """Two dark frames, then frames of a face that is like the one before as told; what is said of each of these."""
    guard = ContinuityGuard(LIMITS)
    alike = iter(likenesses)

    def compare(a: Likeness, b: Likeness) -> NDArray[np.float32]:
        lights_on = lit > 3 and guard._reference is not None and a is guard._reference.likeness
        return np.full(count, next(alike) if lights_on else 0.95, np.float32)

    count = len(guard._rest)
    monkeypatch.setattr("core.flow.continuity.compare", compare)
    dark = during(2 / FPS, 4 / FPS, light=0.02)
    said = []
    for lit in range(4 + len(likenesses)):
        t = lit / FPS
        said.append(guard.update(reading(dark(Look(), t), t)))
        if lit == 1:
            assert guard.begin(0.0) is None
    return said[4:]


def test_a_face_that_is_a_little_too_little_alike_should_be_called_within_a_quarter_of_a_second(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = watch(monkeypatch, [0.49] * 4)
    assert said == [None, None, None, Reason.FACE_CHANGED]


def test_one_unclear_frame_after_a_break_should_not_fail_the_same_face(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(watch(monkeypatch, [0.3, *[0.7] * 12])) == {None}


def test_a_face_known_again_should_not_be_held_to_the_break_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(watch(monkeypatch, [0.7, *[0.49] * 12])) == {None}
