"""The camera: the one place that touches streamlit-webrtc, behind a function that a test can replace."""

from __future__ import annotations

import logging
from typing import Any

import streamlit as st
from streamlit_webrtc import WebRtcMode, component, webrtc_streamer

from core.settings import WebSettings
from core.stream.ice import Ice
from core.stream.live import LiveCapture

logger = logging.getLogger(__name__)

_KEY = "camera"


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
    context = st.session_state.get(_KEY)
    if context is None:
        return
    context._last_rendered_run_count = None
    said = st.session_state.get(component.generate_frontend_component_key(_KEY))
    if said:
        context._set_state(component.compile_state(said))


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
        async_processing=True,  # the newest frame wins
        video_receiver_size=1,  # frames that the library keeps for a reader, which there is none
    )
    return bool(context.state.playing or context.state.signalling)
