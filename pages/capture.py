"""The live capture: START, three steps, a selfie."""

from __future__ import annotations

import streamlit as st

from core.server.attempts import Attempts
from core.server.tab import Tab, current_tab
from core.web.language import text
from core.web.page import open_page
from core.web.panel import show_panel
from core.web.refresh import refreshed
from core.web.selfies import show_strip
from core.web.served import witness
from core.web.stage import show_stage


def options(attempts: Attempts) -> None:
    with st.popover(text("capture.options"), icon=":material/tune:"):
        # Streamlit forgets a switch while another page is shown; the tab does not.
        st.session_state.setdefault("strict", attempts.strict)
        st.session_state.setdefault("panel", attempts.panel)
        attempts.strict = st.toggle(
            text("capture.strict"), key="strict", help=text("capture.strict_help"), disabled=attempts.running
        )
        attempts.panel = st.toggle(text("capture.panel"), key="panel", help=text("capture.panel_help"))


def panel(tab: Tab) -> None:
    settings = tab.process.settings.web

    def draw() -> None:
        show_panel(tab.attempts.view(), settings.history_s)

    with st.container(key="decisions"):
        refreshed(draw, settings.panel_s if tab.attempts.running else None)


tab = current_tab()
tab.attempts.witness = witness()
tab.settle()
with open_page("capture.title"):
    options(tab.attempts)

show_stage(tab, "capture.privacy")
if tab.attempts.panel:
    panel(tab)
if earlier := tab.earlier_photos:
    show_strip(earlier)
