"""Events compared with blinks that were marked by eye."""

from __future__ import annotations

from benchmarks.blinks import LABELS, blinks, slowed, tally
from core.flow.blink import Blink
from core.flow.snapshot import Uncounted
from core.settings import Settings
from core.toml import read_toml
from tests.flow.script import Script, blink

MARKS = [(1.0, 1.3), (2.0, 2.2), (4.0, 4.2)]


def test_should_tell_found_blinks_from_false_and_missed_ones() -> None:
    events = [Blink(1.05, 1.25, 0.15), Blink(2.05, 2.3, 0.2, Uncounted.MOVING), Blink(3.0, 3.2, 0.2)]
    result = tally(events, MARKS, []).as_dict()
    assert (result["blinks"], result["found"], result["false"]) == (3, 2, 1)
    assert result["f1"] == 0.667
    assert (result["count"], result["why_not"]) == (0.5, {"moving": 1})


def test_should_take_the_second_event_in_one_blink_for_false() -> None:
    assert tally([Blink(1.0, 1.1, 0.1), Blink(1.2, 1.3, 0.1)], MARKS[:1], []).false == 1


def test_should_leave_out_what_nobody_can_judge() -> None:
    result = tally([Blink(3.0, 3.2, 0.2)], [], [(2.9, 3.1)])
    assert (result.found, result.false, result.missed) == (0, 0, 0)


def test_should_find_the_blinks_of_a_slow_camera() -> None:
    readings = list(Script(30).then(blink(1.0, 0.3), blink(2.0, 0.3)).readings(3.0))
    slow = slowed(readings, 15, 0.02)
    assert len(slow) in (44, 45)
    assert tally(blinks(slow, Settings()), [(1.0, 1.3), (2.0, 2.3)], []).as_dict()["f1"] == 1.0


def test_marks_should_be_in_order_and_apart() -> None:
    for clip, marks in read_toml(LABELS).items():
        times = [t for span in marks.get("blinks", []) for t in span]
        assert times == sorted(times), clip
        for start, end in marks.get("unsure", []):
            assert start < end
            assert all(end <= a or start >= b for a, b in marks.get("blinks", [])), clip
