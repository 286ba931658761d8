"""The live capture: START, three steps, a selfie."""

from __future__ import annotations

from datetime import datetime, timezone
from html import escape

import streamlit as st

from core.files.handout import Photo, archive
from core.server.attempt import Ending, Visit
from core.server.log_entry import open_entry
from core.server.pipeline import warm_up
from core.server.tab import current_session
from core.stream.camera import StreamError, stream
from core.web import badges
from core.web.board import camera_error, show_board, show_steps
from core.web.fallback import photo_button, show_line, show_notice, show_photo_check
from core.web.language import asset_text, text
from core.web.page import open_page
from core.web.panel import show_panel
from core.web.refresh import refreshed


def options(visit: Visit) -> None:
    with st.popover(text("capture.options"), icon=":material/tune:"):
        # Streamlit forgets a switch while another page is shown; the visit does not.
        st.session_state.setdefault("strict", visit.strict)
        st.session_state.setdefault("panel", visit.panel)
        visit.strict = st.toggle(
            text("capture.strict"), key="strict", help=text("capture.strict_help"), disabled=visit.running
        )
        visit.panel = st.toggle(text("capture.panel"), key="panel", help=text("capture.panel_help"))


def start_button(label: str, icon: str) -> None:
    st.button(text(label), key="start", type="primary", icon=icon, on_click=session.start, width="stretch")


def welcome(visit: Visit) -> None:
    st.markdown(badges.poster(), unsafe_allow_html=True)
    st.html(f"<h2>{text('capture.lead')}</h2>")
    start_button("capture.start", ":material/photo_camera:")
    st.html(f'<p class="small">{text("capture.privacy")}</p>')


def trouble(visit: Visit) -> None:
    if visit.ending is Ending.CAMERA:
        st.html(f"<h2>{text(f'camera.{visit.trouble}')}</h2><p>{text(f'camera.{visit.trouble}_more')}</p>")
        if visit.trouble == "denied":
            st.markdown("\n\n".join(text(f"camera.denied_{name}") for name in ("chrome", "safari", "firefox")))
    elif visit.model_error:
        st.html(f"<h2>{text('capture.model_trouble')}</h2><p>{escape(asset_text(visit.model_error))}</p>")
    else:
        why = text(f"reason.{visit.reason.value}") if visit.reason else ""
        st.markdown(badges.poster(), unsafe_allow_html=True)
        st.html(f"<h2>{text('hint.ended')}</h2><p>{why} {text('hint_more.ended')}</p>")
    start_button("capture.again", ":material/refresh:")
    if visit.ending is Ending.CAMERA:
        photo_button(session)


def selfie(photo: Photo) -> None:
    width, height = photo.size
    st.html(f"<style>.st-key-selfie {{ --shape: {width} / {height} }}</style>")
    st.image(photo.png, alt=text("capture.result"), width="stretch")
    st.html(
        '<div class="confetti" aria-hidden="true">' + "".join(f'<i style="--n:{n}"></i>' for n in range(24)) + "</div>"
    )


def handing_out(visit: Visit) -> None:
    photo = visit.photos[-1]
    width, height = photo.size
    st.html(f'<p class="taken" role="status"><b>✓</b> {text("capture.taken")}</p>')
    st.caption(text("capture.size", width=width, height=height, seconds=photo.seconds))
    downloads(photo, "latest")
    st.button(
        text("capture.another"), key="start", icon=":material/photo_camera:", on_click=session.start, width="stretch"
    )
    if len(visit.photos) == 1:
        everything(visit.photos)


def downloads(photo: Photo, key: str) -> None:
    files = (
        ("png", "png", "image/png", photo.png),
        ("jpeg", "jpg", "image/jpeg", photo.jpeg),
        ("report", "json", "application/json", photo.report),
    )
    with st.container(horizontal=True, gap="small", key=f"downloads_{key}"):
        for kind, ending, mime, data in files:
            st.download_button(
                text(f"download.{kind}"),
                data,
                f"{photo.name}.{ending}",
                mime,
                key=f"{kind}_{key}",
                help=text(f"download.{kind}_help"),
                icon=":material/download:" if key == "latest" else None,
                type="primary" if (kind, key) == ("png", "latest") else "secondary",
                on_click="ignore",
                width="stretch",
            )


def strip(photos: list[Photo]) -> None:
    st.header(text("capture.earlier"), anchor=False)
    with st.container(horizontal=True, key="strip"):
        for number, photo in enumerate(photos, 1):
            with st.container(width=220):
                st.image(photo.jpeg, alt=f"{text('capture.result')} {number}", width="stretch")
                downloads(photo, str(number))


def everything(photos: list[Photo]) -> None:
    st.download_button(
        text("download.all"),
        lambda: archive(photos),
        "selfies.zip",
        "application/zip",
        on_click="ignore",
        icon=":material/folder_zip:",
    )
    st.caption(text("capture.forget"))


def live() -> None:
    """Refreshed several times a second while the camera runs."""
    view = visit.capture.view() if visit.capture else None
    show_board(view)
    if view is None:
        return
    side.markdown(badges.board(view.snapshot.badges if view.snapshot else {}), unsafe_allow_html=True)
    if error := camera_error():
        visit.refuse(error)
        st.rerun()
    if visit.settle(view, datetime.now(timezone.utc)) or session.watch(view):
        st.rerun()


def panel() -> None:
    show_panel(visit.capture.view() if visit.capture else None, web.history_s)


@st.cache_resource(show_spinner=False)
def ready() -> None:
    warm_up()


ready()
visit: Visit = st.session_state.setdefault("visit", Visit(open_entry=open_entry))
web = visit.settings.web
session = current_session(visit)
session.settle()
with open_page("capture.title"):
    options(visit)

with st.container(key="capture"):
    left, right = st.columns((68, 32), gap="medium")
side = right.empty()
with left, st.container(key="stage"):
    with st.container(key="live" if visit.running else "asleep"):
        # Not before START: the component reports when it has loaded, and a click in that very moment would be lost.
        if session.summoned:
            try:
                session.camera_open = stream(
                    visit.capture, playing=session.playing, settings=web, ice=session.ice, fps=session.camera_fps
                )
            except StreamError:
                visit.refuse("lost")
                st.rerun()
        refreshed(live, web.refresh_s if visit.running else None)
    if visit.running:
        show_notice(session)
        st.button(text("capture.stop"), key="stop", icon=":material/stop_circle:", on_click=session.stop)
    elif session.place:
        with st.container(key="card"):
            show_line(session)
    elif session.photo:
        show_photo_check(session, side)
    elif visit.ending is Ending.CAPTURED:
        with st.container(key="selfie"):
            selfie(visit.photos[-1])
    else:
        with st.container(key="card"):
            if visit.ending:
                trouble(visit)
            else:
                welcome(visit)
if not visit.running and not session.photo:
    with side.container(key="side"):
        if visit.ending is Ending.CAPTURED:
            handing_out(visit)
        else:
            show_steps()

if visit.panel:
    with st.container(key="decisions"):
        refreshed(panel, web.panel_s if visit.running else None)
# A single selfie is on the stage already, until the next attempt.
if not visit.running and len(visit.photos) > (visit.ending is Ending.CAPTURED):
    strip(visit.photos)
    everything(visit.photos)
