"""Whether everything that sessions need is there, each in one sentence."""

from __future__ import annotations

import streamlit as st

from core.web.page import open_page
from core.web.service import service
from core.web.status import Line, lines
from core.web.texts import text

SIGNS = {True: ":material/check_circle:", False: ":material/error:"}


@st.cache_data(ttl=30, show_spinner=False)  # so that no visitor can make the server knock at others without end
def found() -> list[Line]:
    return lines(service())


open_page("status.title")
st.caption(text("status.lead"))
for line in found():
    words = text(f"status.{line.key}", **line.values)
    (st.success if line.good else st.warning)(words, icon=SIGNS[line.good])
st.button(text("status.again"), icon=":material/refresh:", on_click=found.clear)
