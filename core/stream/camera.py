"""The camera: the one place that touches streamlit-webrtc, behind a function that a test can replace."""

from __future__ import annotations

import json
import logging
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit_webrtc import WebRtcMode, WebRtcWorker, component, webrtc_streamer

from core.settings import WebSettings
from core.stream.ice import Ice
from core.stream.live import LiveCapture

logger = logging.getLogger(__name__)

_KEY = "camera"
_KEPT = 1  # frames that the library keeps for a reader, which there is none
_UNSEEN = "DeviceSelectForm"  # a part of the library's page that is not shown here
_ANSWER_S = 10.0  # as the library waits: looking for STUN servers may take five
_UNUSED = (
    "source_video_track",
    "source_audio_track",
    "sink_video_track",
    "sink_audio_track",
    "player_factory",
    "in_recorder_factory",
    "out_recorder_factory",
    "audio_frame_callback",
    "queued_video_frames_callback",
    "queued_audio_frames_callback",
    "on_audio_ended",
    "video_processor_factory",
    "audio_processor_factory",
)


class StreamError(Exception):
    """The browser and the server can't agree on a stream."""


def constraints(settings: WebSettings, fps: int) -> dict[str, Any]:
    """What is asked of the browser's getUserMedia: the front camera, no sound. fps: frames a second."""
    width, height = settings.camera_px
    return {
        "video": {
            "facingMode": "user",
            "width": {"ideal": width},
            "height": {"ideal": height},
            "frameRate": {"ideal": fps, "max": fps},
        },
        "audio": False,
    }


def stream(capture: LiveCapture | None, *, playing: bool, settings: WebSettings, ice: Ice, fps: int) -> bool:
    """Place the camera on the page and start or stop it; its frames go to `capture`.

    A capture that is gone keeps its callbacks until the stream has ended. fps: frames a second asked of the
    camera. True while the browser offers a stream: it has got the camera.
    Raises StreamError when the two ends can't agree.
    """
    _mend()
    try:
        return _streamer(capture, playing, settings, ice, fps)
    except Exception as error:  # the library lets through whatever aiortc makes of a browser's offer
        logger.warning("The stream could not be set up: %s", type(error).__name__)
        if playing:
            raise StreamError from error
        return False


@cache
def scripts() -> list[str]:
    """Addresses of what the browser loads for the camera with START, below the app's own: pages may fetch it before."""
    files = Path(component.build_dir, "assets").glob("*.js")
    names = sorted(file.name for file in files if not file.name.startswith(_UNSEEN))
    return [f"component/{component._component_func.name}/assets/{name}" for name in names]


def forget_camera() -> None:
    """Another page is shown: what the library remembers of the camera on this one holds no longer."""
    st.session_state.pop(_KEY, None)


def _mend() -> None:
    """Set right what the library remembers of a stream when runs of the page follow each other quickly.

    It throws a stream away when it thinks that the page was left and come back to: it compares counts of script runs,
    and Streamlit raises them only when the browser has been told of a run's end. And a callback tells it what the
    browser says; a run before, whose thread is not quite at its end yet, may undo that. While a stream is being agreed
    on, either makes it begin again with every run, without end: each about one START in a thousand on a busy machine.
    """
    context, said = st.session_state.get(_KEY), _said()
    if context is None:
        return
    context._last_rendered_run_count = None
    if said:
        context._set_state(component.compile_state(said))


def _said() -> dict[str, Any]:
    """What the browser said last of its camera; empty when nothing."""
    return st.session_state.get(component.generate_frontend_component_key(_KEY)) or {}


def _answer(capture: LiveCapture, ice: Ice) -> None:
    """Answer the browser's offer at the very start of a run of the page, so that this run takes the answer along.

    The library answers when the page is drawn as far as the camera, and has it drawn once more to send the answer. Each
    of the network's candidates, which come right behind the offer, makes it begin anew.
    """
    context, offer = st.session_state[_KEY], _said().get("sdpOffer")
    with context._worker_creation_lock:
        if not offer or context._get_worker() is not None:
            return
        try:
            worker = _worker(capture, ice)
            answer = worker.process_offer(offer["sdp"], offer["type"], timeout=_ANSWER_S)
        except Exception as error:  # the library will meet it as well, and `stream` says so
            logger.info("An offer could not be answered at once: %s", type(error).__name__)
            return
        context._set_worker(worker)
        context._sdp_answer_json = json.dumps({"sdp": answer.sdp, "type": answer.type})


def _worker(capture: LiveCapture, ice: Ice) -> WebRtcWorker[Any, Any]:
    """The one that `webrtc_streamer` makes when it is asked as in `_streamer`."""
    return WebRtcWorker(
        mode=WebRtcMode.SENDONLY,
        rtc_configuration=component._resolve_server_rtc_configuration(ice.server),
        video_frame_callback=capture.receive,
        on_video_ended=capture.end,
        async_processing=False,
        video_receiver_size=_KEPT,
        audio_receiver_size=_KEPT,
        sendback_video=True,
        sendback_audio=True,
        **dict.fromkeys(_UNUSED),
    )


def _streamer(capture: LiveCapture | None, playing: bool, settings: WebSettings, ice: Ice, fps: int) -> bool:
    context = webrtc_streamer(
        key=_KEY,
        mode=WebRtcMode.SENDONLY,  # the page shows the camera's own picture
        frontend_rtc_configuration=ice.frontend,
        server_rtc_configuration=ice.server,
        media_stream_constraints=constraints(settings, fps),
        desired_playing_state=playing,
        video_frame_callback=capture.receive if capture else None,
        on_video_ended=capture.end if capture else None,
        media_toggle_controls=False,
        async_processing=False,  # a capture takes a frame at once and works on it elsewhere
        video_receiver_size=_KEPT,
        on_change=(lambda: _answer(capture, ice)) if capture else None,
    )
    return bool(context.state.playing or context.state.signalling)
