from __future__ import annotations

import pytest

from core.files import batch as files
from core.flow.snapshot import Phase
from core.server.attempt import Ending, Visit
from core.server.service import Service
from core.server.tab import Session
from core.settings import Settings
from core.stream.connection import Connection
from core.stream.live import View
from tests.fakes import Clock, snapshot


@pytest.fixture
def service() -> Service:
    """One seat, and no thread running."""
    return Service({}, Settings())


@pytest.fixture
def clock() -> Clock:
    return Clock()


def session(service: Service, name: str = "a", clock: Clock | None = None, *, local: bool = True) -> Session:
    return Session(Visit(), service, name, local=local, clock=clock or Clock())


def test_should_begin_at_once_when_a_seat_is_free(service: Service) -> None:
    own = session(service)
    own.start()
    assert own.visit.running
    assert own.playing
    assert own.place is None


def test_should_wait_and_begin_by_itself_when_the_seat_is_free_again(service: Service) -> None:
    first, second = session(service, "a"), session(service, "b")
    first.start()
    second.start()
    assert not second.visit.running
    assert second.place and second.place.line == 1
    first.stop()
    second.start()
    assert second.visit.running
    assert second.place is None


def test_should_give_the_seat_back_when_the_attempt_is_over(service: Service) -> None:
    own = session(service)
    own.start()
    own.visit.capture, own.visit.ending = None, Ending.CAPTURED
    own.settle()
    assert service.admission.live == 0


def test_should_leave_the_line(service: Service) -> None:
    first, second = session(service, "a"), session(service, "b")
    first.start()
    second.start()
    second.stop()
    assert service.admission.waiting == 0


def test_should_judge_a_photo_once_and_let_it_go_with_the_tab(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[bytes] = []
    monkeypatch.setattr(files, "check_photo", lambda data, settings: judged.append(data))
    own = session(service)
    for name in ("a", "a", "b"):
        own.judge_photo(name, name.encode())
    assert judged == [b"a", b"b"]
    own.forget()
    own.judge_photo("b", b"b")
    assert judged == [b"a", b"b", b"b"]


def test_should_give_up_the_camera_for_a_photo_and_come_back(service: Service) -> None:
    own = session(service)
    own.start()
    own.take_photo()
    assert own.photo
    assert not own.visit.running
    assert service.admission.live == 0
    own.start()
    assert own.visit.running
    assert not own.photo


def test_should_say_that_the_seat_was_lost_when_no_frames_came(service: Service) -> None:
    own = session(service)
    own.start()
    service.admission.leave("a")  # as the sweep does after a minute without a frame
    assert own.watch(View())
    assert own.visit.trouble == "idle"
    assert not own.visit.running


def test_should_take_the_seat_back_after_a_short_loss_of_the_tab(service: Service) -> None:
    own = session(service)
    own.start()
    own.watch(View(frames=5))
    service.admission.leave("a")
    own.watch(View(frames=9))
    assert own.visit.running
    assert service.admission.holds("a")


def test_should_take_a_frozen_stream_down_start_it_again_and_give_up_in_the_end(service: Service, clock: Clock) -> None:
    own = session(service, clock=clock)
    own.start()
    own.watch(View(frames=1))
    playing = []
    for _ in range(40):
        clock.now += 0.5
        own.watch(View(frames=1))
        playing.append(own.playing)
    assert playing.index(False) < playing.index(True, playing.index(False))
    assert own.visit.trouble == "lost"


def test_should_ask_for_a_redraw_only_when_something_changed(service: Service) -> None:
    own = session(service)
    own.start()
    assert own.watch(View(frames=1))
    assert own.connection is Connection.LIVE
    assert not own.watch(View(snapshot=snapshot(phase=Phase.BLINK), frames=2))


def test_should_ask_for_fewer_frames_when_the_house_is_full(service: Service) -> None:
    service.admission.resize(2)
    first, second = session(service, "a"), session(service, "b")
    first.start()
    second.start()
    settings = service.settings
    assert first.camera_fps == settings.web.camera_fps
    assert second.camera_fps == settings.admission.min_fps < first.camera_fps


def test_should_keep_the_busy_seat_and_count_its_frames(service: Service) -> None:
    own = session(service)
    own.start()
    own.visit.on_frame(0.01)
    count = service.metrics.registry.get_sample_value("selfie_frame_seconds_count")
    assert count == 1
