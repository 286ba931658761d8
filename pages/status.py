"""Whether everything that sessions need is there, each in one sentence."""

from __future__ import annotations

import streamlit as st

from core.server.process import server_process
from core.server.status import Line, Standing, lines
from core.web.language import text
from core.web.page import open_page
from core.web.served import api_asked_for, gateway

SIGNS = {
    Standing.GOOD: (st.success, ":material/check_circle:"),
    Standing.NOTE: (st.info, ":material/info:"),
    Standing.BAD: (st.warning, ":material/error:"),
}


@st.cache_data(ttl=30, show_spinner=False)  # so that no visitor can make the server ask others without end
def found() -> list[Line]:
    if not api_asked_for():
        return lines(server_process())
    return [*lines(server_process()), Line("api_on") if gateway() else Line("api_wrong", Standing.BAD)]


open_page("status.title")
st.caption(text("status.lead"))
for line in found():
    box, icon = SIGNS[line.standing]
    box(text(f"status.{line.key}", **line.values), icon=icon)
st.button(text("status.again"), icon=":material/refresh:", on_click=found.clear)
