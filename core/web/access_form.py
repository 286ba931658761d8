"""The page that asks for the access code or the login before anything else is shown."""

from __future__ import annotations

import math

import streamlit as st

from core.server.access import client_address
from core.server.process import server_process
from core.server.secrets import has_login
from core.web.language import text
from core.web.page import open_page

_GRANTED = "access_granted"


def access_granted() -> bool:
    """True for a visitor who may use the app; otherwise the form is drawn."""
    shared = server_process()
    if has_login() and not st.user.get("is_logged_in"):
        _ask_to_log_in()
        return False
    if shared.access.required and not st.session_state.get(_GRANTED):
        return _ask_for_code()
    return True


def _ask_to_log_in() -> None:
    open_page("access.title")
    st.write(text("access.login_lead"))
    st.button(text("access.login"), type="primary", icon=":material/login:", on_click=st.login)


def _ask_for_code() -> bool:
    open_page("access.title")
    shared = server_process()
    with st.form("access", width=420):
        st.write(text("access.lead"))
        code = st.text_input(text("access.code"), type="password", max_chars=100, autocomplete="one-time-code")
        if not st.form_submit_button(text("access.enter"), type="primary", width="stretch"):
            return False
        client = client_address(st.context.ip_address, st.context.headers.get_all("X-Forwarded-For"), shared.options)
        verdict = shared.access.try_code(client, code)
        if verdict.passed:
            st.session_state[_GRANTED] = True
            st.rerun()
        elif verdict.wait_s:
            st.error(text("access.wait", minutes=math.ceil(verdict.wait_s / 60)))
        else:
            st.error(text("access.wrong"))
    return False
