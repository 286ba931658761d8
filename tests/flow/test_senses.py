"""What the flow needs of the next frame."""

from __future__ import annotations

from collections.abc import Iterable

from core.flow.senses import Senses
from core.regions import Region
from core.settings import Settings
from core.vision.reading import Need, Reading
from tests.flow.script import Script, blink, during, frame_of


def needs(readings: Iterable[Reading]) -> dict[float, Need]:
    senses = Senses(Settings())
    return {reading.t: senses.update(frame_of(reading), reading).needed for reading in readings}


def test_a_calm_face_should_need_nothing() -> None:
    assert set(needs(Script().readings(2.0)).values()) == {Need.NOTHING}


def test_a_blink_should_need_all_until_it_is_judged() -> None:
    found = needs(Script(15).then(blink(1.0, 0.3)).readings(2.0))
    assert all(need is Need.MESH for t, need in found.items() if 1.1 < t < 1.25)
    assert found[max(found)] is Need.NOTHING


def test_a_covered_region_should_be_read_until_it_is_named() -> None:
    found = needs(Script(15).then(during(1.0, 9.0, blocked=frozenset({Region.NOSE}))).readings(2.0))
    assert all(need is Need.REGIONS for t, need in found.items() if 1.0 <= t < 1.1)
    assert all(need is Need.NOTHING for t, need in found.items() if t > 1.4)


def test_a_problem_should_need_all_until_it_stands() -> None:
    found = needs(Script(15).then(during(1.0, 9.0, light=0.1)).readings(2.0))
    assert found[1.0] is Need.MESH and found[max(found)] is Need.NOTHING


def test_a_second_face_should_need_all() -> None:
    found = needs(Script(15).then(during(1.0, 9.0, faces=2)).readings(2.0))
    assert all(need is Need.MESH for t, need in found.items() if t >= 1.0)
