"""The flow with a reader that does not read every frame, or says later what one shows."""

from __future__ import annotations

from dataclasses import replace

from core.flow.processor import CaptureProcessor
from core.flow.senses import Senses
from core.flow.snapshot import Phase, PhaseChanged, RegionChanged
from core.regions import Region
from core.settings import Settings
from core.vision.reading import Frame, Need, Reading
from tests.flow.script import Script, blink, during, frame_of, processor


class Sparing:
    """A reader that is certain of a frame only when the next one has come."""

    def __init__(self, readings: list[Reading]) -> None:
        self.asked: list[Need] = []
        self._readings = readings

    def take(self, frame: Frame, *, needed: Need) -> list[tuple[Frame, Reading]]:
        """Nothing of the second frame, then both; the others one by one."""
        self.asked.append(needed)
        number = len(self.asked) - 1
        some = {1: [], 2: self._readings[1:3]}.get(number, self._readings[number : number + 1])
        return [(frame_of(reading), reading) for reading in some]

    def rest(self) -> list[tuple[Frame, Reading]]:
        """The second frame, as long as the third has not come."""
        return [(frame_of(self._readings[1]), self._readings[1])] if len(self.asked) == 2 else []

    def now(self, last: Reading) -> Reading:
        return replace(last, carried=True)

    def close(self) -> None:
        """Nothing to free."""


def test_should_follow_the_frames_of_which_the_reader_is_certain() -> None:
    readings = list(Script(10).then(during(0.1, 9, blocked=frozenset({Region.MOUTH}))).readings(1.0))
    reader = Sparing(readings)
    machine = CaptureProcessor(reader, Settings())
    seen = [machine.process(frame_of(reading)) for reading in readings]
    assert [snapshot.t for snapshot in seen] == [reading.t for reading in readings]
    assert all(snapshot.reading.carried for snapshot in seen)
    named = [snapshot.t for snapshot in seen for event in snapshot.events if isinstance(event, RegionChanged)]
    assert len(named) == 1


def test_should_tell_the_events_of_both_frames_that_came_with_one() -> None:
    readings = [replace(reading, t=t) for reading, t in zip(Script().readings(1.0), (0.0, 0.5, 1.0, 1.1), strict=False)]
    machine = CaptureProcessor(Sparing(readings), Settings())
    events = [machine.process(frame_of(reading)).events for reading in readings]
    assert events[:2] == [(), ()]
    assert PhaseChanged(0.5, Phase.BLINK) in events[2]


def test_a_clip_should_end_with_the_frames_of_which_the_reader_was_not_certain() -> None:
    readings = [replace(reading, t=t) for reading, t in zip(Script().readings(1.0), (0.0, 0.5, 1.0), strict=False)]
    machine = CaptureProcessor(Sparing(readings), Settings())
    for reading in readings[:2]:
        assert machine.process(frame_of(reading)).phase is Phase.POSITION
    last = machine.finish()
    assert last is not None and last.t == 0.5 and PhaseChanged(0.5, Phase.BLINK) in last.events
    machine.process(frame_of(readings[2]))
    assert machine.finish() is None


def test_a_new_attempt_should_begin_with_a_frame_that_is_read() -> None:
    readings = list(Script(10).readings(1.0))
    reader = Sparing(readings)
    machine = CaptureProcessor(reader, Settings())
    for reading in readings[:6]:
        machine.process(frame_of(reading))
    machine.restart()
    machine.process(frame_of(readings[6]))
    assert [reader.asked[number] for number in (0, 4, 6)] == [Need.MESH, Need.NOTHING, Need.MESH]


def test_a_frame_that_was_not_read_should_never_be_the_selfie() -> None:
    machine, script = processor(), Script().then(blink(1.0))
    phase = Phase.POSITION
    for reading in script.readings(5.0):
        seen = machine.advance(frame_of(reading), replace(reading, carried=phase is Phase.CHECK))
        phase = seen.phase
    assert phase is Phase.CHECK and seen.progress == 1.0
    for reading in script.readings(0.5, 5.0):
        seen = machine.advance(frame_of(reading), reading)
    assert seen.selfie is not None and seen.selfie.t >= 5.0


def test_no_phase_should_need_every_frame_as_long_as_nothing_is_under_way() -> None:
    readings = list(Script(10).then(blink(2.0, 0.4)).readings(4.0))
    reader = Sparing(readings)
    machine = CaptureProcessor(reader, Settings())
    seen = [machine.process(frame_of(reading)) for reading in readings]
    asked = list(zip(reader.asked[1:], seen, strict=False))
    for phase in (Phase.POSITION, Phase.BLINK, Phase.CHECK):
        assert any(needed is Need.NOTHING for needed, last in asked if last.phase is phase)
    assert all(needed is Need.MESH for needed, last in asked if 2.15 < last.t < 2.4)  # the eyes are shut


def test_frames_without_a_mesh_should_tell_where_a_blink_began() -> None:
    """Some just before it have none, and the last that has is long ago."""
    found = []
    for left_out in (0.0, 0.25):
        senses = Senses(Settings())
        for reading in Script(15).then(blink(1.0, 0.3)).readings(2.0):
            one = replace(reading, carried=1.0 - left_out <= reading.t < 1.0)
            found += [sense.blink for sense in (senses.update(frame_of(one), one),) if sense.blink]
    assert len(found) == 2 and found[0] == found[1]
