"""What stands in the video's place while there is none: the welcome, the line, and how the last attempt ended."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.flow.outcome import WITHOUT_PICTURES, Ending, Outcome
from core.server.tab import Tab
from core.web import badges
from core.web.language import asset_text, text
from core.web.photo_instead import photo_button
from core.web.refresh import refreshed

_BROWSERS = ("chrome", "safari", "firefox")
_LOOK_S = 1.0  # seconds between two looks at the line


def show_welcome(tab: Tab, privacy: str) -> None:
    """Say what is asked for and what happens to the pictures; the camera is asked for with START, not before.

    privacy: key of the text that says so.
    """
    st.markdown(badges.poster(), unsafe_allow_html=True)
    st.html(f"<h2>{text('capture.lead')}</h2>")
    _start_button(tab, "capture.start", ":material/photo_camera:")
    st.html(f'<p class="small">{text(privacy)}</p>')


def show_line(tab: Tab) -> None:
    """Draw the place in line, and go live when it is the tab's turn."""

    def look() -> None:
        before = tab.place
        tab.start()
        if tab.place != before:
            st.rerun()

    place = tab.place
    if place is None:
        return
    st.markdown(badges.poster(), unsafe_allow_html=True)
    if place.closed:
        st.html(f'<div role="status"><h2>{text("line.closed")}</h2><p>{text("line.closed_more")}</p></div>')
    else:
        st.html(
            f'<div role="status"><h2>{text("line.place", line=place.line)}</h2><p>{text("line.place_more")}</p></div>'
        )
    refreshed(look, _LOOK_S)
    photo_button(tab)
    st.button(text("line.leave"), key="leave", on_click=tab.stop, width="stretch")


def show_ended(tab: Tab) -> None:
    """Say why the last attempt gave no selfie, and offer another."""
    ending = tab.attempts.ending
    if ending is None:
        return
    large, more = ending_texts(ending)
    if ending.outcome in (Outcome.TOO_MANY_TRIES, Outcome.NO_PROGRESS):
        st.markdown(badges.poster(), unsafe_allow_html=True)
    st.html(f"<h2>{large}</h2><p>{more}</p>")
    if ending.outcome is Outcome.CAMERA_DENIED:
        st.markdown("\n\n".join(text(f"ending.camera_denied_{name}") for name in _BROWSERS))
    _start_button(tab, "capture.again", ":material/refresh:")
    if ending.outcome in WITHOUT_PICTURES:
        photo_button(tab)


def ending_texts(ending: Ending) -> tuple[str, str]:
    """HTML of how an attempt without a selfie ended, in large and the line below it."""
    name = ending.outcome.value
    if ending.outcome in (Outcome.TOO_MANY_TRIES, Outcome.NO_PROGRESS):
        why = [text(f"reason.{reason}") for reason in (name, ending.last_try and ending.last_try.value) if reason]
        return text("hint.ended"), " ".join([*why, text("hint_more.ended")])
    if ending.outcome is Outcome.MODELS_BROKEN:
        return text("capture.model_trouble"), escape(asset_text(ending.model_error)) if ending.model_error else ""
    return text(f"ending.{name}"), text(f"ending.{name}_more")


def _start_button(tab: Tab, label: str, icon: str) -> None:
    st.button(text(label), key="start", type="primary", icon=icon, on_click=tab.start, width="stretch")
