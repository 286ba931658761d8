"""The stage: the video or what stands in its place, and what is beside it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.server.tab import Stage, Tab
from core.stream import camera
from core.stream.live import View
from core.stream.source import is_virtual
from core.web import badges, board
from core.web.cards import show_ended, show_line, show_welcome
from core.web.language import text
from core.web.photo_instead import show_notice, show_photo_check
from core.web.refresh import refreshed
from core.web.selfies import show_downloads, show_selfie


def show_stage(tab: Tab, privacy: str, on_look: Callable[[View], None] = lambda view: None) -> None:
    """Draw it; `tab.settle()` comes first.

    privacy: key of the text that says what happens to the pictures. on_look: called with each look at a running
    attempt.
    """
    with st.container(key="capture"):
        left, right = st.columns((68, 32), gap="medium")
    side = right.empty()
    with left, st.container(key="stage"):
        with st.container(key="live" if tab.stage is Stage.LIVE else "asleep"):
            _video(tab, side, on_look)
        _below_the_video(tab, side, privacy)
    _beside_the_video(tab, side)


def _video(tab: Tab, side: DeltaGenerator, on_look: Callable[[View], None]) -> None:
    """The camera, the board over it, and the badges at its side."""
    settings = tab.process.settings.web
    # Not before START: the component reports when it has loaded, and a click in that very moment would be lost.
    if tab.started:
        try:
            tab.camera_open = camera.stream(
                tab.attempts.capture, playing=tab.playing, settings=settings, ice=tab.ice, fps=tab.camera_fps
            )
        except camera.StreamError:
            tab.stream_failed()
            st.rerun()

    def look() -> None:
        attempts = tab.attempts
        view, attempt = attempts.view(), attempts.outline_name
        # Before the board, which may answer at once and have this drawn alone: then its place must be known.
        if view is not None:
            side.markdown(badges.board(view.snapshot.badges if view.snapshot else {}), unsafe_allow_html=True)
        board.show_board(view, attempt, attempts.still_name)
        if view is None:
            return
        if attempts.capture and is_virtual(board.camera_label(attempt)):
            attempts.capture.distrust_camera()
        on_look(view)
        if tab.look(view, board.camera_error(attempt)):
            st.rerun()

    refreshed(look, settings.refresh_s if tab.attempts.running else None)


def _below_the_video(tab: Tab, side: DeltaGenerator, privacy: str) -> None:
    """What goes with the video, or stands in its place."""
    if tab.stage is Stage.LIVE:
        show_notice(tab)
        st.button(text("capture.stop"), key="stop", icon=":material/stop_circle:", on_click=tab.stop)
    elif tab.stage is Stage.PHOTO:
        show_photo_check(tab, side)
    elif tab.stage is Stage.SELFIE:
        with st.container(key="selfie"):
            show_selfie(tab.attempts.photos[-1])
    else:
        with st.container(key="card"):
            if tab.stage is Stage.WAITING:
                show_line(tab)
            elif tab.stage is Stage.ENDED:
                show_ended(tab)
            else:
                show_welcome(tab, privacy)


def _beside_the_video(tab: Tab, side: DeltaGenerator) -> None:
    if tab.stage in (Stage.LIVE, Stage.PHOTO):  # they fill it themselves
        return
    with side.container(key="side"):
        if tab.stage is Stage.SELFIE:
            show_downloads(tab)
        else:
            board.show_steps()
