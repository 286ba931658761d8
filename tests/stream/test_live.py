from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace

import av
import numpy as np
import pytest

from core.flow.outcome import Ending, Outcome
from core.flow.snapshot import Phase, Reason, Snapshot
from core.settings import WebSettings
from core.stream.live import FrameTime, LiveCapture
from core.stream.outlines import outlines
from tests.fakes import ScriptedProcessor, selfie, snapshot, video_frame

SETTINGS = WebSettings()


class Diary:
    """An entry of the log that only remembers."""

    def __init__(self) -> None:
        self.seen: list[Snapshot] = []

    def see(self, seen: Snapshot) -> None:
        self.seen.append(seen)

    def close(self, outcome: Outcome) -> None:
        raise AssertionError("it is closed with the attempt, not with the stream")


def pixels(frame: av.VideoFrame) -> np.ndarray:
    return frame.to_ndarray(format="rgb24")


def test_should_hand_the_frame_on_with_its_own_time() -> None:
    processor = ScriptedProcessor()
    capture = LiveCapture(lambda: processor, SETTINGS)

    capture.receive(video_frame(12.5, gray=33))

    assert processor.frames[0].t == pytest.approx(12.5)
    assert processor.frames[0].rgb.shape == (48, 64, 3)
    assert abs(int(processor.frames[0].rgb.mean()) - 33) <= 2


def test_should_go_on_after_a_frame_that_fails() -> None:
    processor = ScriptedProcessor([ValueError("bad frame"), snapshot(1.0)])
    capture = LiveCapture(lambda: processor, SETTINGS)

    first, second = video_frame(0.0), video_frame(1.0)

    assert capture.receive(first) is first
    assert capture.view().snapshot is None
    assert capture.receive(second) is second
    assert capture.view().snapshot == processor.script[1]
    assert capture.view().frames == 2


def test_should_log_failures_once(caplog: pytest.LogCaptureFixture) -> None:
    capture = LiveCapture(lambda: ScriptedProcessor([ValueError("bad frame")]), SETTINGS)

    with caplog.at_level(logging.ERROR, "core.stream.live"):
        for number in range(5):
            capture.receive(video_frame(number / 10))

    assert len(caplog.records) == 1


def test_should_say_that_it_is_failing_only_after_many_frames() -> None:
    capture = LiveCapture(lambda: ScriptedProcessor([ValueError("bad frame")]), replace(SETTINGS, give_up_frames=3))

    states = []
    for number in range(3):
        capture.receive(video_frame(number / 10))
        states.append(capture.view().failing)

    assert states == [False, False, True]


def test_should_tell_of_the_frames_that_were_processed_and_not_of_those_that_failed() -> None:
    told: list[float] = []
    processor = ScriptedProcessor([ValueError("bad"), snapshot(), ValueError("bad"), snapshot(phase=Phase.CAPTURED)])
    capture = LiveCapture(lambda: processor, SETTINGS, on_frame=told.append)

    after_each = []
    for number in range(6):
        capture.receive(video_frame(number / 10))
        after_each.append(len(told))

    assert after_each == [0, 1, 1, 2, 2, 2]


@pytest.mark.parametrize(
    ("reason", "outcome"),
    [(Reason.TOO_MANY_TRIES, Outcome.TOO_MANY_TRIES), (Reason.NO_PROGRESS, Outcome.NO_PROGRESS)],
)
def test_should_say_how_the_flow_ended_the_attempt(reason: Reason, outcome: Outcome) -> None:
    processor = ScriptedProcessor([snapshot(), snapshot(phase=Phase.ENDED, restart=reason)])
    capture = LiveCapture(lambda: processor, SETTINGS)

    endings = []
    for number in range(2):
        capture.receive(video_frame(number / 10))
        endings.append(capture.view().ending)

    assert endings == [None, Ending(outcome)]


def test_should_keep_the_selfie_and_stop_processing_after_it() -> None:
    taken = selfie()
    processor = ScriptedProcessor([snapshot(0.0), snapshot(0.1, Phase.CAPTURED, taken=taken)])
    capture = LiveCapture(lambda: processor, SETTINGS)

    for number in range(5):
        capture.receive(video_frame(number / 10))

    assert capture.view().selfie is taken
    assert capture.view().ending == Ending(Outcome.CAPTURED)
    assert len(processor.frames) == 2


def test_should_tell_the_log_every_snapshot_also_of_a_stream_that_starts_once_more() -> None:
    diary = Diary()
    capture = LiveCapture(lambda: ScriptedProcessor(), SETTINGS, entry=diary)

    capture.receive(video_frame(0.0))
    capture.end()
    capture.receive(video_frame(0.1))

    assert len(diary.seen) == 2


def test_should_read_a_smaller_frame_than_it_keeps() -> None:
    processor = ScriptedProcessor()
    capture = LiveCapture(lambda: processor, SETTINGS)

    capture.receive(av.VideoFrame(1280, 720, "yuv420p"))

    assert processor.frames[0].size == (640, 360)
    assert processor.frames[0].full().shape == (720, 1280, 3)
    assert capture.view().size == (1280, 720)


def test_should_measure_its_speed_with_the_clock_it_is_given() -> None:
    ticks = iter(number * 0.02 for number in range(1000))  # it looks three times a frame
    capture = LiveCapture(lambda: ScriptedProcessor(), SETTINGS, clock=lambda: next(ticks))

    for number in range(20):
        capture.receive(video_frame(number / 10))
    view = capture.view()

    assert view.frame_ms == pytest.approx(20)
    assert view.fps == pytest.approx(1 / 0.06)
    assert view.size == (64, 48)


def test_should_keep_signals_of_the_last_seconds_only() -> None:
    script = [snapshot(float(t)) for t in range(100)]
    capture = LiveCapture(lambda: ScriptedProcessor(script), replace(SETTINGS, history_s=10.0))

    for t in range(100):
        capture.receive(video_frame(float(t)))

    assert [sample.t for sample in capture.view().samples] == [float(t) for t in range(89, 100)]


@pytest.mark.parametrize("size", [(160, 120), (320, 240), (1920, 1080), (480, 640), (161, 121)])
def test_should_take_frames_of_any_size(size: tuple[int, int]) -> None:
    capture = LiveCapture(lambda: ScriptedProcessor([snapshot(size=size)]), SETTINGS)

    capture.receive(video_frame(0.0, *size))

    assert capture.view().size == size


def test_should_take_a_size_that_changes_on_the_way() -> None:
    processor = ScriptedProcessor()
    capture = LiveCapture(lambda: processor, SETTINGS)

    for number, size in enumerate([(640, 480), (320, 240), (480, 640), (640, 480)]):
        capture.receive(video_frame(number / 10, *size))

    assert [frame.size for frame in processor.frames] == [(640, 480), (320, 240), (480, 640), (640, 480)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([0.0, 0.04, 0.08], [0.0, 0.04, 0.08]),
        ([3.0, 3.04], [3.0, 3.04]),
        ([1.0, 1.0, 1.04], [1.0, 1.1, 1.14]),
        ([5.0, 0.0, 0.04], [5.0, 5.1, 5.14]),
        ([1.0, None, None], [1.0, 1.1, 1.2]),
        ([None, None], [0.0, 0.1]),
    ],
    ids=["as given", "from where it starts", "stands still", "begins anew", "time lost", "no time at all"],
)
def test_should_make_time_grow(given: list[float | None], expected: list[float]) -> None:
    clock = FrameTime(step_s=0.1)

    assert [clock.of(t) for t in given] == pytest.approx(expected)


@pytest.mark.parametrize("frames_before", [0, 3])
def test_should_tell_the_processor_of_a_virtual_camera_whenever_it_is_known(frames_before: int) -> None:
    processor = ScriptedProcessor()
    capture = LiveCapture(lambda: processor, SETTINGS)
    for number in range(frames_before):
        capture.receive(video_frame(number / 10))
    assert not processor.distrusted

    capture.distrust_camera()
    capture.receive(video_frame(1.0))

    assert processor.distrusted


def test_should_show_the_outlines_of_every_frame_that_was_processed() -> None:
    shown: list[bytes] = []
    script: list[Snapshot | Exception] = [snapshot(0.0), ValueError("bad frame"), snapshot(2.0, Phase.CAPTURED)]
    capture = LiveCapture(lambda: ScriptedProcessor(script), SETTINGS, show=shown.append)

    for number in range(5):
        capture.receive(video_frame(number / 10))

    # The last says that there is nothing more to draw.
    assert shown == [outlines(snapshot(), 1), outlines(snapshot(2.0, Phase.CAPTURED), 2)]
    assert len(shown[1]) < len(shown[0])


def test_should_leave_a_frame_whose_stream_has_ended() -> None:
    asked: list[Callable[[], None]] = []
    opened: list[int] = []

    def open_processor() -> ScriptedProcessor:
        opened.append(1)
        return ScriptedProcessor()

    capture = LiveCapture(open_processor, SETTINGS, run=asked.append)
    capture.receive(video_frame(0.0))
    capture.end()
    asked.pop()()
    assert not opened and capture.view().frames == 0

    capture.receive(video_frame(0.1))
    asked.pop()()
    assert opened and capture.view().frames == 1
