"""When a live capture opens its processor, and when it frees it."""

from __future__ import annotations

import threading
import time

from core.flow.outcome import Ending, Outcome
from core.flow.snapshot import Snapshot
from core.settings import WebSettings
from core.stream.live import LiveCapture
from core.vision.assets import AssetError
from tests.fakes import ScriptedProcessor, snapshot, video_frame

SETTINGS = WebSettings()


def wait_until(true: object) -> None:
    end = time.monotonic() + 5
    while not true() and time.monotonic() < end:  # type: ignore[operator]
        time.sleep(0.005)
    assert true()  # type: ignore[operator]


def test_should_say_what_is_wrong_with_the_models_and_not_try_again() -> None:
    tries = []

    error = AssetError("broken", file="models/eyes.onnx")

    def missing() -> ScriptedProcessor:
        tries.append(1)
        raise error

    capture = LiveCapture(missing, SETTINGS)
    for number in range(3):
        capture.receive(video_frame(number / 10))

    assert capture.view().ending == Ending(Outcome.MODELS_BROKEN, error)
    assert len(tries) == 1


def test_should_open_the_processor_on_the_first_frame_and_free_it_elsewhere() -> None:
    processor, opened = ScriptedProcessor(), []

    def open_processor() -> ScriptedProcessor:
        opened.append(1)
        return processor

    capture = LiveCapture(open_processor, SETTINGS)
    assert not opened

    capture.receive(video_frame(0.0))
    capture.end()

    wait_until(lambda: processor.closed == 1)


def test_should_never_free_the_processor_while_a_frame_is_in_it() -> None:
    inside, go_on = threading.Event(), threading.Event()
    order: list[str] = []

    class Slow(ScriptedProcessor):
        def process(self, frame: object) -> Snapshot:
            inside.set()
            go_on.wait(5)
            order.append("processed")
            return snapshot()

        def close(self) -> None:
            order.append("closed")
            super().close()

    processor = Slow()
    capture = LiveCapture(lambda: processor, SETTINGS)
    worker = threading.Thread(target=capture.receive, args=(video_frame(0.0),))
    worker.start()
    assert inside.wait(5)

    capture.end()  # returns at once: it is called on the server's event loop
    go_on.set()
    worker.join(5)

    wait_until(lambda: order == ["processed", "closed"])


def test_should_free_the_processor_of_a_stream_that_ends_while_it_opens() -> None:
    opening, go_on = threading.Event(), threading.Event()
    processor = ScriptedProcessor()

    def open_processor() -> ScriptedProcessor:
        opening.set()
        go_on.wait(5)
        return processor

    capture = LiveCapture(open_processor, SETTINGS)
    worker = threading.Thread(target=capture.receive, args=(video_frame(0.0),))
    worker.start()
    assert opening.wait(5)

    capture.end()
    go_on.set()
    worker.join(5)

    wait_until(lambda: processor.closed == 1)


def test_should_process_nothing_more_once_the_attempt_is_over_though_frames_still_come() -> None:
    opened: list[ScriptedProcessor] = []

    def open_processor() -> ScriptedProcessor:
        opened.append(ScriptedProcessor())
        return opened[-1]

    capture = LiveCapture(open_processor, SETTINGS)
    capture.receive(video_frame(0.0))
    capture.close()
    late = video_frame(0.1)

    assert capture.receive(late) is late
    wait_until(lambda: opened[0].closed == 1)
    assert len(opened) == 1


def test_should_begin_anew_when_the_stream_comes_back() -> None:
    processors = [ScriptedProcessor(), ScriptedProcessor()]
    left = list(processors)
    capture = LiveCapture(lambda: left.pop(0), SETTINGS)

    capture.receive(video_frame(5.0))
    capture.end()
    capture.receive(video_frame(0.0))

    assert len(processors[1].frames) == 1
    assert processors[1].frames[0].t > processors[0].frames[0].t
