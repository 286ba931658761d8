"""The speed of a head."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core.flow.motion import HeadMotion
from core.vision.reading import Face
from tests.flow.script import INTER_EYE_PX, Look, reading

BASE_S = 0.033


def face(**look: object) -> Face:
    found = reading(replace(Look(), **look), 0.0).face  # type: ignore[arg-type]
    assert found is not None
    return found


def test_should_be_nothing_in_the_first_frame_and_in_one_of_the_same_time() -> None:
    motion = HeadMotion(BASE_S)
    assert motion.update(1.0, face()) == 0.0
    assert motion.update(1.0, face(at=(30.0, 0.0))) == 0.0


@pytest.mark.parametrize("dt", [1 / 30, 1 / 12])
@pytest.mark.parametrize("way", [(12.0, 0.0), (0.0, -12.0)])
def test_should_be_in_distances_between_the_eyes_a_second(dt: float, way: tuple[float, float]) -> None:
    motion = HeadMotion(BASE_S)
    motion.update(1.0, face())
    assert motion.update(1.0 + dt, face(at=way)) == pytest.approx(12 / INTER_EYE_PX / dt, rel=1e-3)


def test_should_be_the_same_for_a_face_twice_as_near() -> None:
    speeds = []
    for scale in (1.0, 2.0):
        motion = HeadMotion(BASE_S)
        motion.update(1.0, face(scale=scale))
        speeds.append(motion.update(1.1, face(scale=scale, at=(10.0 * scale, 0.0))))
    assert speeds[0] == pytest.approx(speeds[1], rel=1e-3)


def test_should_not_take_a_tremble_between_two_frames_at_once_for_speed() -> None:
    motion = HeadMotion(BASE_S)
    trembling = [(i / 15 + extra, px) for i in range(10) for extra, px in ((0.0, 0.0), (0.001, 0.6))]
    assert max(motion.update(t, face(at=(px, 0.0))) for t, px in trembling) < 0.4


def test_should_measure_over_more_frames_where_they_come_fast() -> None:
    motion = HeadMotion(BASE_S)
    found = [motion.update(i / 120, face(at=(i * INTER_EYE_PX / 120, 0.0))) for i in range(12)]
    assert found[6:] == pytest.approx([1.0] * 6, rel=0.02)
