"""The frame of every page: title, icon, look, the tab's language, and the box that shares the address."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.pages_manager import PagesManager

from core.web.language import LANGUAGES, language, set_language, text
from core.web.share import share_box

_STATIC = Path(__file__).with_name("static")


def _app_first() -> None:
    """Have navigation.py run before any page, whatever address was asked for.

    Until st.navigation has been called once in a process, Streamlit runs the files of a folder named "pages" by
    itself: without navigation.py, and so without the access code.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


def open_page(title: str, *looks: str, share: bool = True) -> DeltaGenerator:
    """Draw what every page begins with, and return the place beside the heading for a page's own switches.

    Call it first on every page. title: a text key; the window then shows "<title> · <product>".
    looks: the page's own style sheets in static/. share: the address is there for others, too.
    """
    _app_first()
    st.set_page_config(
        page_title=f"{text(title)} · {text('app.name')}",
        page_icon=str(_STATIC / "icon.svg"),
        layout="wide",
        initial_sidebar_state="collapsed",
    )
    for look in ("app.css", *looks):
        st.html(_STATIC / look)
    # Screen readers choose their voice by this attribute, and Streamlit always says "en".
    st.html(f"<script>document.documentElement.lang = '{language()}'</script>", unsafe_allow_javascript=True)
    with st.container(key="head", horizontal=True, vertical_alignment="center", wrap=False):
        st.title(text(title), anchor=False)
        own = st.container(width="content")
        _language_switch()
        if share:
            with st.popover(text("share.title"), icon=":material/qr_code_2:"), st.container(width=300):
                share_box()
    return own


def _language_switch() -> None:
    def changed() -> None:
        set_language(st.session_state["language_choice"] or language())

    # Not by the session's state: what stands there from the page at the door would not be shown on the next one.
    st.segmented_control(
        text("app.language"),
        list(LANGUAGES),
        default=language(),
        format_func=str.upper,
        key="language_choice",
        on_change=changed,
        required=True,
        label_visibility="collapsed",
    )
