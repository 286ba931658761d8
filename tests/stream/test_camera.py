"""The stream: what is asked of the library, and frames through its own track from a made-up one."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import av
import numpy as np
import pytest
import streamlit as st
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRelay
from streamlit_webrtc import WebRtcMode, component, webrtc
from streamlit_webrtc.models import CallbackAttachableProcessor
from streamlit_webrtc.process import VideoProcessTrack

from core.settings import WebSettings
from core.stream import camera as module
from core.stream.ice import Ice
from core.stream.live import LiveCapture
from core.stream.outlines import outlines
from tests.fakes import ScriptedProcessor, snapshot

SETTINGS = WebSettings()


class Webcam(MediaStreamTrack):
    """Gray frames, forty a second."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    async def recv(self) -> av.VideoFrame:
        await asyncio.sleep(0.025)
        frame = av.VideoFrame.from_ndarray(np.full((480, 640, 3), 90, np.uint8), format="rgb24")
        frame.pts, frame.time_base = self.count * 2250, Fraction(1, 90_000)
        self.count += 1
        return frame


def play(capture: LiveCapture, frames: int) -> list[av.VideoFrame]:
    """Send frames through the library's track and end it; what comes out at its other end."""

    async def run() -> list[av.VideoFrame]:
        processor: Any = CallbackAttachableProcessor(capture.receive, None, capture.end)
        track: Any = VideoProcessTrack(track=Webcam(), processor=processor)
        answers = [await track.recv() for _ in range(frames)]
        await asyncio.get_running_loop().run_in_executor(None, track.stop)
        return answers

    return asyncio.run(run())


def wait_until(true: Any) -> None:
    end = time.monotonic() + 10
    while not true() and time.monotonic() < end:
        time.sleep(0.01)
    assert true()


def test_should_show_the_outlines_of_what_comes_through_the_library() -> None:
    shown: list[bytes] = []
    capture = LiveCapture(lambda: ScriptedProcessor([snapshot()]), SETTINGS, show=shown.append)

    play(capture, 30)

    assert capture.view().frames > 3
    assert shown[-1] == outlines(snapshot(), 1)


def test_should_keep_the_stream_going_when_every_frame_fails() -> None:
    capture = LiveCapture(lambda: ScriptedProcessor([RuntimeError("bad frame")]), SETTINGS)

    assert len(play(capture, 30)) == 30
    assert capture.view().frames > 3


def test_should_let_the_newest_frame_win_when_processing_is_slow() -> None:
    class Slow(ScriptedProcessor):
        def process(self, frame: Any) -> Any:
            time.sleep(0.1)
            return super().process(frame)

    processor = Slow()
    with ThreadPoolExecutor(1) as worker:
        play(LiveCapture(lambda: processor, SETTINGS, run=worker.submit), 40)

    times = [frame.t for frame in processor.frames]
    assert 2 <= len(times) < 25
    assert np.diff(times).min() > 0.05


def test_should_free_the_processor_when_the_stream_ends() -> None:
    processor = ScriptedProcessor()

    play(LiveCapture(lambda: processor, SETTINGS), 20)

    wait_until(lambda: processor.closed == 1)
    wait_until(lambda: not any(thread.name == "close-live-capture" for thread in threading.enumerate()))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the library was asked for."""
    given: dict[str, Any] = {}

    def streamer(**options: Any) -> SimpleNamespace:
        given.update(options)
        return SimpleNamespace(state=SimpleNamespace(playing=False, signalling=True))

    monkeypatch.setattr(module, "webrtc_streamer", streamer)
    return given


def test_should_ask_for_the_front_camera_without_sound(asked: dict[str, Any]) -> None:
    capture = LiveCapture(lambda: ScriptedProcessor(), SETTINGS)

    offered = module.stream(capture, playing=True, settings=SETTINGS, ice=Ice(), fps=15)

    assert offered
    constraints = asked["media_stream_constraints"]
    assert constraints["audio"] is False
    assert constraints["video"]["facingMode"] == "user"
    assert constraints["video"]["frameRate"]["ideal"] == 15
    assert asked["desired_playing_state"] is True
    assert asked["async_processing"] is False
    assert (asked["video_frame_callback"], asked["on_video_ended"]) == (capture.receive, capture.end)


def test_should_take_video_and_send_none_back(asked: dict[str, Any]) -> None:
    module.stream(None, playing=False, settings=SETTINGS, ice=Ice(), fps=24)

    assert asked["mode"] is WebRtcMode.SENDONLY
    assert asked["desired_playing_state"] is False
    assert asked["video_frame_callback"] is None


class Worker:
    """Takes the place of the library's end of a stream."""

    stopped = False

    def stop(self) -> None:
        self.stopped = True


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """The count of script runs that the library sees; it remembers streams as it always does, and places nothing."""
    counted = SimpleNamespace(script_run_count=1)
    monkeypatch.setattr(component, "get_this_session_info", lambda: counted)
    monkeypatch.setattr(module, "webrtc_streamer", lambda **options: component._get_or_create_context(options["key"]))
    yield counted
    st.session_state.clear()


def place() -> bool:
    return module.stream(None, playing=True, settings=SETTINGS, ice=Ice(), fps=15)


def agree() -> Worker:
    """A stream that is being agreed on."""
    place()
    worker: Any = Worker()
    st.session_state["camera"]._set_worker(worker)
    st.session_state["camera"]._set_state(component.WebRtcStreamerState(playing=False, signalling=True))
    return worker


def test_should_keep_the_stream_when_runs_of_the_page_are_counted_late(runs: SimpleNamespace) -> None:
    worker = agree()
    runs.script_run_count += 2

    assert place()
    assert not worker.stopped


def test_should_believe_the_browser_that_a_stream_is_being_agreed_on(runs: SimpleNamespace) -> None:
    place()
    st.session_state[component.generate_frontend_component_key("camera")] = {
        "playing": False,
        "sdpOffer": {"sdp": "v=0"},
    }

    assert place()


def test_should_begin_anew_after_another_page(runs: SimpleNamespace) -> None:
    agree()
    module.forget_camera()

    assert not place()


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """Runs in a thread, as the server's does."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield loop

    async def cancel() -> None:
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)

    asyncio.run_coroutine_threadsafe(cancel(), loop).result(10)
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


@pytest.fixture
def placed(monkeypatch: pytest.MonkeyPatch, loop: asyncio.AbstractEventLoop) -> Iterator[dict[str, Any]]:
    """What the page's part of the library was told last; the server's part is the real one, and draws nothing again."""
    told: dict[str, Any] = {}

    def show(**arguments: Any) -> Any:
        told.update(arguments)
        return st.session_state.get(arguments["key"])

    def draw_again() -> None:
        raise AssertionError("the page was to be drawn again")

    monkeypatch.setattr(component, "_component_func", show)
    monkeypatch.setattr(component, "rerun", draw_again)
    monkeypatch.setattr(webrtc, "get_global_event_loop", lambda: loop)
    monkeypatch.setattr(webrtc, "get_global_relay", lambda: MediaRelay())
    yield told
    if context := st.session_state.get("camera"):
        component._reset_context(context)
    st.session_state.clear()


def say(told: dict[str, Any], offer: dict[str, str]) -> None:
    """The browser sends its offer: Streamlit calls what was given to it for that before it runs the page."""
    st.session_state[told["key"]] = {"playing": False, "sdpOffer": offer}
    told["on_change"]()


def test_should_send_the_answer_with_the_very_run_that_brings_the_offer(
    placed: dict[str, Any], loop: asyncio.AbstractEventLoop
) -> None:
    def wait_for(task: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(task, loop).result(10)

    async def offer() -> tuple[RTCPeerConnection, dict[str, str]]:
        peer = RTCPeerConnection()
        peer.addTransceiver(Webcam(), direction="sendonly")
        await peer.setLocalDescription(await peer.createOffer())
        return peer, {"sdp": peer.localDescription.sdp, "type": peer.localDescription.type}

    capture = LiveCapture(lambda: ScriptedProcessor([snapshot()]), SETTINGS)
    module.stream(capture, playing=True, settings=SETTINGS, ice=Ice(), fps=15)
    peer, offered = wait_for(offer())
    say(placed, offered)
    assert module.stream(capture, playing=True, settings=SETTINGS, ice=Ice(), fps=15)

    wait_for(peer.setRemoteDescription(RTCSessionDescription(**json.loads(placed["sdp_answer_json"]))))
    wait_until(lambda: capture.view().frames > 0)
    wait_for(peer.close())


def test_should_say_so_when_an_offer_can_not_be_answered(placed: dict[str, Any]) -> None:
    capture = LiveCapture(lambda: ScriptedProcessor([snapshot()]), SETTINGS)
    module.stream(capture, playing=True, settings=SETTINGS, ice=Ice(), fps=15)
    say(placed, {"sdp": "v=junk", "type": "offer"})

    with pytest.raises(module.StreamError):
        module.stream(capture, playing=True, settings=SETTINGS, ice=Ice(), fps=15)
