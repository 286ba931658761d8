from __future__ import annotations

import pytest

from core.settings import ConnectionSettings
from core.stream.connection import Connection, ConnectionWatch

LIMITS = ConnectionSettings()


class Camera:
    """A watch fed four times a second; frames come while `runs`."""

    def __init__(self) -> None:
        self.now = 0.0
        self.frames = 0
        self.watch = ConnectionWatch(LIMITS, lambda: self.now)
        self.seen = [self.watch.state]

    def let_pass(self, seconds: float, *, runs: bool = False, camera_open: bool = True) -> Connection:
        for _ in range(round(seconds * 4)):
            self.now += 0.25
            self.frames += 5 * runs
            state = self.watch.update(self.frames, camera_open=camera_open)
            if state is not self.seen[-1]:
                self.seen.append(state)
        return self.watch.state


@pytest.fixture
def camera() -> Camera:
    return Camera()


def test_should_be_live_with_the_first_frame(camera: Camera) -> None:
    assert camera.let_pass(7.0) is Connection.STARTING
    assert camera.let_pass(0.25, runs=True) is Connection.LIVE


@pytest.mark.parametrize(("camera_open", "state"), [(False, Connection.UNANSWERED), (True, Connection.BLOCKED)])
def test_should_say_after_eight_seconds_what_is_probably_wrong(
    camera: Camera, camera_open: bool, state: Connection
) -> None:
    assert camera.let_pass(7.75, camera_open=camera_open) is Connection.STARTING
    assert camera.let_pass(0.25, camera_open=camera_open) is state


def test_should_go_live_when_the_person_answers_late(camera: Camera) -> None:
    camera.let_pass(20.0, camera_open=False)
    assert camera.let_pass(0.25, runs=True) is Connection.LIVE


def test_should_reconnect_once_when_the_stream_freezes(camera: Camera) -> None:
    camera.let_pass(5.0, runs=True)
    assert camera.let_pass(3.75) is Connection.LIVE
    assert camera.let_pass(0.25) is Connection.PAUSED
    assert camera.let_pass(LIMITS.pause_s) is Connection.STARTING
    assert camera.let_pass(0.25, runs=True) is Connection.LIVE


def test_should_give_up_when_the_stream_does_not_come_back(camera: Camera) -> None:
    camera.let_pass(5.0, runs=True)
    camera.let_pass(20.0)
    assert camera.seen == [
        Connection.STARTING, Connection.LIVE, Connection.PAUSED, Connection.STARTING, Connection.LOST,
    ]  # fmt: skip


def test_should_give_up_when_it_freezes_a_second_time(camera: Camera) -> None:
    camera.let_pass(1.0, runs=True)
    camera.let_pass(6.0)
    camera.let_pass(1.0, runs=True)
    assert camera.let_pass(4.0) is Connection.LOST
    assert camera.let_pass(1.0, runs=True) is Connection.LOST
