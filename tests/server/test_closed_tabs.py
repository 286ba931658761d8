"""What tabs leave behind, with the clock in the test's hands; then with Streamlit's own runtime."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import Runtime, RuntimeConfig, SessionClient
from streamlit.runtime.app_session import AppSessionState
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from core.server import process as process_module
from core.server.closed_tabs import ClosedTabs
from core.server.process import ServerProcess, forget_when_closed
from core.settings import Settings
from tests.fakes import Clock

KEPT_S = 100.0


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def closed_tabs(clock: Clock) -> ClosedTabs:
    return ClosedTabs(KEPT_S, clock)


def test_should_forget_once_what_a_tab_left_that_does_not_come_back(closed_tabs: ClosedTabs, clock: Clock) -> None:
    photos, rows = [1], {"a": 1}
    closed_tabs.when_closed("tab", photos.clear)
    closed_tabs.when_closed("tab", rows.clear)
    clock.now = KEPT_S + 1
    assert closed_tabs.sweep(lambda tab: False) == ["tab"]
    assert not photos
    assert not rows
    photos.append(2)
    clock.now *= 3
    assert closed_tabs.sweep(lambda tab: False) == []
    assert photos == [2]


def test_should_keep_what_a_tab_left_that_comes_back_in_time(closed_tabs: ClosedTabs, clock: Clock) -> None:
    photos = [1]
    closed_tabs.when_closed("tab", photos.clear)
    for present in (True, False, False, True, False):
        assert closed_tabs.sweep(lambda tab, present=present: present) == []  # type: ignore[misc]
        clock.now += KEPT_S / 2 - 1
    assert photos == [1]


def test_should_count_from_the_last_time_that_the_tab_was_there(closed_tabs: ClosedTabs, clock: Clock) -> None:
    closed_tabs.when_closed("tab", lambda: None)
    clock.now = 10 * KEPT_S
    closed_tabs.sweep(lambda tab: True)
    clock.now += KEPT_S - 1
    assert closed_tabs.sweep(lambda tab: False) == []
    clock.now += 2
    assert closed_tabs.sweep(lambda tab: False) == ["tab"]


def test_should_leave_the_others_alone(closed_tabs: ClosedTabs, clock: Clock) -> None:
    gone, here = [1], [1]
    closed_tabs.when_closed("gone", gone.clear)
    closed_tabs.when_closed("here", here.clear)
    clock.now = KEPT_S + 1
    assert closed_tabs.sweep(lambda tab: tab == "here") == ["gone"]
    assert (gone, here) == ([], [1])


def test_should_let_go_of_the_rest_when_one_thing_fails(
    closed_tabs: ClosedTabs, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    photos = [1]

    def broken() -> None:
        raise OSError("no")

    closed_tabs.when_closed("tab", broken)
    closed_tabs.when_closed("tab", photos.clear)
    clock.now = KEPT_S + 1
    with caplog.at_level(logging.ERROR):
        assert closed_tabs.sweep(lambda tab: False) == ["tab"]
    assert not photos
    assert "could not be let go of" in caplog.text


class Browser(SessionClient):
    """A tab that throws away what it is sent."""

    def write_forward_msg(self, msg: ForwardMsg) -> None:
        pass


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Runtime]:
    script = tmp_path / "app.py"
    script.write_text("")
    yield Runtime(RuntimeConfig(str(script), MemoryMediaFileStorage("/media"), MemoryUploadedFileManager("/upload")))
    Runtime._instance = None


def test_streamlit_should_give_up_a_tab_that_is_gone_for_good(
    server: Runtime, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = ServerProcess({}, Settings())
    shared.closed_tabs = ClosedTabs(KEPT_S, clock)
    photos = [1]

    async def run() -> None:
        await server.start()
        name = server.connect_session(Browser(), {})
        tab = server.get_app_session(name)
        assert tab
        tab.session_state["upload"] = b"a picture"
        monkeypatch.setattr(process_module, "server_process", lambda: shared)
        monkeypatch.setattr(process_module, "tab_id", lambda: name)
        forget_when_closed(photos.clear)

        shared.sweep()
        server.disconnect_session(name)
        clock.now = KEPT_S - 1
        shared.sweep()
        await asyncio.sleep(0.05)
        assert photos and "upload" in tab.session_state
        assert tab._state is not AppSessionState.SHUTDOWN_REQUESTED

        clock.now = KEPT_S + 1
        shared.sweep()
        await asyncio.sleep(0.05)
        assert not photos and "upload" not in tab.session_state
        assert tab._state is AppSessionState.SHUTDOWN_REQUESTED
        server.stop()
        await server.stopped

    asyncio.run(run())
