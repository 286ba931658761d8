"""The live capture: START, three steps, a selfie."""

from __future__ import annotations

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.server.attempts import Attempts
from core.server.tab import Stage, Tab, current_tab
from core.stream.camera import StreamError, stream
from core.web import badges
from core.web.board import camera_error, show_board, show_steps
from core.web.cards import show_ended, show_welcome
from core.web.fallback import show_line, show_notice, show_photo_check
from core.web.language import text
from core.web.page import open_page
from core.web.panel import show_panel
from core.web.refresh import refreshed
from core.web.selfies import show_downloads, show_selfie, show_strip


def options(attempts: Attempts) -> None:
    with st.popover(text("capture.options"), icon=":material/tune:"):
        # Streamlit forgets a switch while another page is shown; the tab does not.
        st.session_state.setdefault("strict", attempts.strict)
        st.session_state.setdefault("panel", attempts.panel)
        attempts.strict = st.toggle(
            text("capture.strict"), key="strict", help=text("capture.strict_help"), disabled=attempts.running
        )
        attempts.panel = st.toggle(text("capture.panel"), key="panel", help=text("capture.panel_help"))


def video(tab: Tab, side: DeltaGenerator) -> None:
    """The camera, the board over it, and the badges at its side."""
    settings = tab.process.settings.web
    # Not before START: the component reports when it has loaded, and a click in that very moment would be lost.
    if tab.started:
        try:
            tab.camera_open = stream(
                tab.attempts.capture, playing=tab.playing, settings=settings, ice=tab.ice, fps=tab.camera_fps
            )
        except StreamError:
            tab.stream_refused()
            st.rerun()

    def look() -> None:
        view = tab.attempts.view()
        show_board(view)
        if view is None:
            return
        side.markdown(badges.board(view.snapshot.badges if view.snapshot else {}), unsafe_allow_html=True)
        if tab.look(view, camera_error()):
            st.rerun()

    refreshed(look, settings.refresh_s if tab.attempts.running else None)


def below_the_video(tab: Tab, side: DeltaGenerator) -> None:
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
        card = {Stage.WAITING: show_line, Stage.ENDED: show_ended, Stage.WELCOME: show_welcome}[tab.stage]
        with st.container(key="card"):
            card(tab)


def beside_the_video(tab: Tab, side: DeltaGenerator) -> None:
    if tab.stage in (Stage.LIVE, Stage.PHOTO):  # they fill it themselves
        return
    with side.container(key="side"):
        if tab.stage is Stage.SELFIE:
            show_downloads(tab)
        else:
            show_steps()


def panel(tab: Tab) -> None:
    settings = tab.process.settings.web

    def draw() -> None:
        show_panel(tab.attempts.view(), settings.history_s)

    with st.container(key="decisions"):
        refreshed(draw, settings.panel_s if tab.attempts.running else None)


tab = current_tab()
tab.settle()
with open_page("capture.title"):
    options(tab.attempts)

with st.container(key="capture"):
    left, right = st.columns((68, 32), gap="medium")
side = right.empty()
with left, st.container(key="stage"):
    with st.container(key="live" if tab.stage is Stage.LIVE else "asleep"):
        video(tab, side)
    below_the_video(tab, side)
beside_the_video(tab, side)
if tab.attempts.panel:
    panel(tab)
if earlier := tab.earlier_photos:
    show_strip(earlier)
