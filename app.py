"""The app: its pages and the way between them. The live capture is the first."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.web.texts import text

PAGES = (
    ("pages/capture.py", "capture.nav", ":material/face:"),
    ("pages/check_files.py", "check.nav", ":material/fact_check:"),
    ("pages/insights.py", "insights.nav", ":material/monitoring:"),
    ("pages/how_it_works.py", "how.nav", ":material/menu_book:"),
)

pages = [
    st.Page(path, title=text(title), icon=icon, default=number == 0)
    for number, (path, title, icon) in enumerate(PAGES)
    if Path(path).is_file()
]
st.navigation(pages, position="top").run()
