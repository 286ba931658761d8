"""When the flow needs every frame."""

from __future__ import annotations

from collections.abc import Iterable

from core.flow.senses import Senses
from core.regions import Region
from core.settings import Settings
from core.vision.reading import Reading
from tests.flow.script import Script, blink, during, frame_of


def settled(readings: Iterable[Reading]) -> dict[float, bool]:
    senses = Senses(Settings())
    return {reading.t: senses.update(frame_of(reading), reading).settled for reading in readings}


def test_a_calm_face_should_need_few_frames() -> None:
    assert all(calm for calm in settled(Script().readings(2.0)).values())


def test_a_blink_should_need_every_frame_until_it_is_judged() -> None:
    calm = settled(Script(15).then(blink(1.0, 0.3)).readings(2.0))
    assert not any(is_calm for t, is_calm in calm.items() if 1.1 < t < 1.25)
    assert calm[max(calm)]


def test_a_covered_region_should_need_every_frame_until_it_is_named() -> None:
    calm = settled(Script(15).then(during(1.0, 9.0, blocked=frozenset({Region.NOSE}))).readings(2.0))
    assert not any(is_calm for t, is_calm in calm.items() if 1.0 <= t < 1.1)
    assert all(is_calm for t, is_calm in calm.items() if t > 1.4)


def test_a_problem_should_need_every_frame_until_it_stands() -> None:
    calm = settled(Script(15).then(during(1.0, 9.0, light=0.1)).readings(2.0))
    assert not calm[1.0] and calm[max(calm)]


def test_a_second_face_should_need_every_frame() -> None:
    calm = settled(Script(15).then(during(1.0, 9.0, faces=2)).readings(2.0))
    assert not any(is_calm for t, is_calm in calm.items() if t >= 1.0)
