"""The speed of a head."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.flow.motion import HeadMotion
from core.vision.reading import Face
from tests.flow.script import INTER_EYE_PX, Look, reading


def face(**look: object) -> Face:
    found = reading(replace(Look(), **look), 0.0).face  # type: ignore[arg-type]
    assert found is not None
    return found


def test_should_be_nothing_in_the_first_frame_and_in_one_of_the_same_time() -> None:
    motion = HeadMotion()
    assert motion.update(1.0, face()) == 0.0
    assert motion.update(1.0, face(at=(30.0, 0.0))) == 0.0


@pytest.mark.parametrize("dt", [1 / 60, 1 / 12])
@pytest.mark.parametrize("way", [(12.0, 0.0), (0.0, -12.0)])
def test_should_be_in_distances_between_the_eyes_a_second(dt: float, way: tuple[float, float]) -> None:
    motion = HeadMotion()
    motion.update(1.0, face())
    assert motion.update(1.0 + dt, face(at=way)) == pytest.approx(12 / INTER_EYE_PX / dt, rel=1e-3)


def test_should_be_the_same_for_a_face_twice_as_near() -> None:
    speeds = []
    for scale in (1.0, 2.0):
        motion = HeadMotion()
        motion.update(1.0, face(scale=scale))
        speeds.append(motion.update(1.1, face(scale=scale, at=(10.0 * scale, 0.0))))
    assert speeds[0] == pytest.approx(speeds[1], rel=1e-3)


def test_should_not_take_another_face_for_a_movement() -> None:
    motion = HeadMotion()
    motion.update(1.0, face())
    motion.forget()
    assert motion.update(1.1, face(at=(50.0, 0.0))) == 0.0
