"""The pages and the way between them, the live capture first. Streamlit runs this for every visitor; see app.py."""

from __future__ import annotations

import streamlit as st

from core.server.tab import leave_capture
from core.web.access_form import access_granted
from core.web.language import text
from core.web.link import current_link
from core.web.served import gateway

# No icons: Streamlit would fetch them from a font host as the window's icon.
PAGES = [
    ("pages/capture.py", "capture.nav"),
    ("pages/check_files.py", "check.nav"),
    ("pages/insights.py", "insights.nav"),
    ("pages/how_it_works.py", "how.nav"),
    ("pages/status.py", "status.nav"),
]

# No st.stop() here: only at the end of a run does Streamlit forget what the run before had drawn again by itself
# (core.web.refresh). What goes on being drawn into another page leaves it blank.
if current_link() is not None:
    # Whoever has a link needs no access code, and sees nothing but what it leads to.
    st.navigation([st.Page("pages/linked.py", title=text("linked.title"), default=True)], position="hidden").run()
else:
    if gateway() is not None:
        PAGES.append(("pages/invitations.py", "invitations.nav"))
    granted = access_granted()
    pages = [st.Page(path, title=text(title), default=number == 0) for number, (path, title) in enumerate(PAGES)]
    page = st.navigation(pages, position="top" if granted else "hidden")
    if granted:
        if page.url_path != pages[0].url_path:
            leave_capture()
        page.run()
