from __future__ import annotations

import pytest

from core.files import batch as files
from core.flow.outcome import Ending, Outcome
from core.flow.snapshot import Phase
from core.server.admission import Admission
from core.server.attempts import Attempts
from core.server.process import ServerProcess
from core.server.tab import Stage, Tab
from core.settings import Settings
from core.stream.connection import Connection
from core.stream.live import View
from tests.fakes import Clock, ScriptedProcessor, selfie, snapshot, video_frame


@pytest.fixture
def process() -> ServerProcess:
    """One seat, and no thread running."""
    return ServerProcess({}, Settings())


@pytest.fixture
def clock() -> Clock:
    return Clock()


def tab(process: ServerProcess, name: str = "a", clock: Clock | None = None, *, local: bool = True) -> Tab:
    """Its frames are worked on at once."""
    made = Tab(Attempts(), process, name, local=local, clock=clock or Clock())
    made.attempts.run = lambda work: work()
    return made


def test_should_begin_at_once_when_a_seat_is_free(process: ServerProcess) -> None:
    own = tab(process)
    own.start()
    assert own.attempts.running
    assert own.playing
    assert own.place is None


def test_should_wait_and_begin_by_itself_when_the_seat_is_free_again(process: ServerProcess) -> None:
    first, second = tab(process, "a"), tab(process, "b")
    first.start()
    second.start()
    assert not second.attempts.running
    assert second.place and second.place.line == 1
    first.stop()
    second.start()
    assert second.attempts.running
    assert second.place is None


def test_should_give_the_seat_back_when_the_attempt_is_over(process: ServerProcess) -> None:
    own = tab(process)
    own.start()
    own.look(View(snapshot=snapshot(phase=Phase.CAPTURED), selfie=selfie()))
    own.settle()
    assert process.admission.live == 0


def test_should_leave_the_line(process: ServerProcess) -> None:
    first, second = tab(process, "a"), tab(process, "b")
    first.start()
    second.start()
    second.stop()
    assert process.admission.waiting == 0


def test_should_judge_a_photo_once_and_let_it_go_with_the_tab(
    process: ServerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[bytes] = []
    monkeypatch.setattr(files, "check_photo", lambda data, settings: judged.append(data))
    own = tab(process)
    for name in ("a", "a", "b"):
        own.judge_photo(name, name.encode())
    assert judged == [b"a", b"b"]
    own.forget()
    own.judge_photo("b", b"b")
    assert judged == [b"a", b"b", b"b"]


def test_should_give_up_the_camera_for_a_photo_and_come_back(process: ServerProcess) -> None:
    own = tab(process)
    own.start()
    own.take_photo()
    assert own.photo
    assert not own.attempts.running
    assert process.admission.live == 0
    own.start()
    assert own.attempts.running
    assert not own.photo


def test_should_say_that_the_seat_was_lost_when_no_frames_came(process: ServerProcess) -> None:
    own = tab(process)
    own.start()
    process.admission.leave("a")  # as the sweep does after a minute without a frame
    assert own.look(View())
    assert own.attempts.ending == Ending(Outcome.IDLE)
    assert not own.attempts.running


def test_should_take_the_seat_back_after_a_short_loss_of_the_tab(process: ServerProcess) -> None:
    own = tab(process)
    own.start()
    own.look(View(frames=5))
    process.admission.leave("a")
    own.look(View(frames=9))
    assert own.attempts.running
    assert process.admission.holds("a")


def test_should_start_a_frozen_stream_again_and_give_up_in_the_end(process: ServerProcess, clock: Clock) -> None:
    own = tab(process, clock=clock)
    own.start()
    own.look(View(frames=1))
    playing = []
    for _ in range(40):
        clock.now += 0.5
        own.look(View(frames=1))
        playing.append(own.playing)
    assert playing.index(False) < playing.index(True, playing.index(False))
    assert own.attempts.ending == Ending(Outcome.LOST)


def test_should_ask_for_a_redraw_only_when_something_changed(process: ServerProcess) -> None:
    own = tab(process)
    own.start()
    assert own.look(View(frames=1))
    assert own.connection is Connection.LIVE
    assert not own.look(View(snapshot=snapshot(phase=Phase.BLINK), frames=2))


def test_should_ask_for_fewer_frames_when_most_seats_are_taken(process: ServerProcess) -> None:
    process.admission.resize(2)
    first, second = tab(process, "a"), tab(process, "b")
    first.start()
    second.start()
    settings = process.settings
    assert first.camera_fps == settings.web.camera_fps
    assert second.camera_fps == settings.admission.min_fps < first.camera_fps


def test_should_keep_the_busy_seat_and_count_its_frames(process: ServerProcess) -> None:
    own = tab(process)
    own.start()
    own.attempts.on_frame(0.01)
    count = process.metrics.registry.get_sample_value("selfie_frame_seconds_count")
    assert count == 1


class Failing:
    """A tab whose every frame fails, on a clock of the test."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        settings = Settings()
        self.process = ServerProcess({}, settings)
        self.process.admission = Admission(1, settings.admission, clock)
        processor = ScriptedProcessor([ValueError("bad frame")])
        attempts = Attempts(open_processor=lambda settings, seed: processor)
        self.tab = Tab(attempts, self.process, "a", clock=clock)
        attempts.run = lambda work: work()
        self.tab.start()

    def run(self, seconds: float) -> None:
        capture = self.tab.attempts.capture
        assert capture is not None
        end = self.clock.now + seconds
        while self.clock.now < end and self.tab.attempts.running:
            for _ in range(10):
                capture.receive(video_frame(self.clock.now))
            self.clock.now += 0.5
            self.process.admission.sweep(lambda tab: True)
            view = self.tab.attempts.view()
            assert view is not None
            self.tab.look(view)


def test_should_give_the_seat_of_a_tab_back_whose_every_frame_fails(clock: Clock) -> None:
    failing = Failing(clock)
    idle_s = failing.process.settings.admission.idle_s

    failing.run(idle_s - 5)
    assert failing.tab.attempts.running
    failing.run(10)

    assert failing.tab.attempts.ending == Ending(Outcome.FRAMES_FAILING)
    failing.tab.settle()
    assert failing.process.admission.live == 0
    ended = failing.process.metrics.registry.get_sample_value("selfie_outcomes_total", {"outcome": "frames_failing"})
    assert ended == 1


def test_should_count_how_every_attempt_ended_also_one_that_had_no_stream(process: ServerProcess) -> None:
    own = tab(process)
    own.start()
    own.stream_failed()
    value = process.metrics.registry.get_sample_value
    assert value("selfie_outcomes_total", {"outcome": "lost"}) == 1


def test_should_end_with_what_the_browser_says_of_the_camera(process: ServerProcess) -> None:
    own = tab(process)
    own.start()
    assert own.look(View(), Outcome.CAMERA_BUSY)
    assert own.attempts.ending == Ending(Outcome.CAMERA_BUSY)


def test_should_keep_a_selfie_although_the_seat_was_passed_on_before_the_page_came_back(process: ServerProcess) -> None:
    own = tab(process)
    own.attempts.open_processor = lambda settings, seed: ScriptedProcessor(
        [snapshot(phase=Phase.CAPTURED, taken=selfie())]
    )
    own.start()
    assert own.attempts.capture is not None
    own.attempts.capture.receive(video_frame(0.0))
    process.admission.leave("a")
    own.settle()
    assert own.stage is Stage.SELFIE
    assert len(own.attempts.photos) == 1


def test_should_say_what_there_is_to_show(process: ServerProcess) -> None:
    own, other = tab(process, "a"), tab(process, "b")
    stages = [own.stage]
    own.start()
    stages.append(own.stage)
    other.start()
    stages.append(other.stage)
    own.stop()
    stages.append(own.stage)
    own.take_photo()
    stages.append(own.stage)
    other.start()
    other.look(View(snapshot=snapshot(phase=Phase.ENDED)))
    stages.append(other.stage)
    assert stages == [Stage.WELCOME, Stage.LIVE, Stage.WAITING, Stage.WELCOME, Stage.PHOTO, Stage.ENDED]


@pytest.mark.parametrize(("taken", "again", "shown"), [(1, False, 0), (2, False, 2), (1, True, 1)])
def test_should_show_the_only_selfie_once(process: ServerProcess, taken: int, again: bool, shown: int) -> None:
    own = tab(process)
    for _ in range(taken):
        own.start()
        own.look(View(snapshot=snapshot(phase=Phase.CAPTURED), selfie=selfie()))
    if again:
        own.start()
        assert own.earlier_photos == []
        own.stop()
    assert len(own.earlier_photos) == shown
