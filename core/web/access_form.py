"""The door as a page: asks for the code or the login before anything else is shown."""

from __future__ import annotations

import math

import streamlit as st

from core.server.access import client_address
from core.server.secrets import has_login
from core.server.service import service
from core.web.language import text
from core.web.page import open_page

_PASSED = "door_passed"


def pass_door() -> bool:
    """True for a visitor who may come in; otherwise the door is drawn."""
    shared = service()
    if has_login() and not st.user.get("is_logged_in"):
        _ask_to_log_in()
        return False
    if shared.door.locked and not st.session_state.get(_PASSED):
        return _ask_for_code()
    return True


def _ask_to_log_in() -> None:
    open_page("door.title")
    st.write(text("door.login_lead"))
    st.button(text("door.login"), type="primary", icon=":material/login:", on_click=st.login)


def _ask_for_code() -> bool:
    open_page("door.title")
    shared = service()
    with st.form("door", width=420):
        st.write(text("door.lead"))
        code = st.text_input(text("door.code"), type="password", max_chars=100, autocomplete="one-time-code")
        sent = st.form_submit_button(text("door.enter"), type="primary", width="stretch")
    if not sent:
        return False
    client = client_address(st.context.ip_address, st.context.headers.get_all("X-Forwarded-For"), shared.options)
    verdict = shared.door.knock(client, code)
    if verdict.passed:
        st.session_state[_PASSED] = True
        st.rerun()
    elif verdict.wait_s:
        st.error(text("door.wait", minutes=math.ceil(verdict.wait_s / 60)))
    else:
        st.error(text("door.wrong"))
    return False
