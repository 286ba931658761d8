"""The app: its pages and the way between them. The live capture is the first."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from core.web.texts import text

# No icons: Streamlit would fetch them from a font host as the window's icon.
PAGES = (
    ("pages/capture.py", "capture.nav"),
    ("pages/check_files.py", "check.nav"),
    ("pages/insights.py", "insights.nav"),
    ("pages/how_it_works.py", "how.nav"),
)

pages = [
    st.Page(path, title=text(title), default=number == 0)
    for number, (path, title) in enumerate(PAGES)
    if Path(path).is_file()
]
st.navigation(pages, position="top").run()
