"""What the one person sees who opens a session's link: the capture, then thanks; or why the link does not work."""

from __future__ import annotations

import json

import streamlit as st

from core.api.link import Link, LinkState
from core.server.tab import Stage, Tab
from core.stream.live import View
from core.web.frame import tell_frame
from core.web.language import text
from core.web.link import current_link, linked_tab, return_address
from core.web.page import open_page
from core.web.rounds import QUESTIONS
from core.web.stage import show_stage

BACK_MS = 3000  # until the person is taken back: time to read two lines


def card(key: str) -> None:
    """A sentence in large and one below it, where the video would be."""
    # The stage gives the card its shape.
    with st.container(key="stage"), st.container(key="card"):
        st.html(f'<div role="status"><h2>{text(f"linked.{key}")}</h2><p>{text(f"linked.{key}_more")}</p></div>')


def feedback(link: Link) -> None:
    """Two questions for a tester."""
    if st.session_state.get("answered"):
        st.success(text("feedback.thanks"))
        return
    with st.form("feedback"):
        answers = {}
        for name, choices in QUESTIONS.items():
            words = {choice: text(f"feedback.{name}_{choice}") for choice in choices}
            question = text(f"feedback.{name}")
            answers[name] = st.radio(question, choices, index=None, horizontal=True, format_func=words.__getitem__)
        if st.form_submit_button(text("feedback.send"), type="primary"):
            link.answer({name: answer for name, answer in answers.items() if answer})
            st.session_state["answered"] = True
            st.rerun()


def thanks(link: Link) -> None:
    card("done")
    order = link.session.order if link.session else None
    if order is not None and order.round is not None:
        feedback(link)
    if order is None or order.return_url is None:
        return
    address = return_address(order.return_url, link.id)
    st.link_button(text("linked.back"), address, type="primary", width="stretch")
    told = json.dumps(address).replace("<", "\\u003c")
    if order.round is not None:  # there is still something to answer
        return
    # In a frame the page around it is told instead.
    leave = f"if (window.parent === window) setTimeout(() => location.replace({told}), {BACK_MS})"
    st.html(f"<script>{leave}</script>", unsafe_allow_javascript=True)


def look(view: View) -> None:
    if view.ending is None:  # how it ended is told once the selfie is handed over
        tell_frame(link.id, "phase", phase=view.snapshot.phase.value if view.snapshot else "waiting")


def capture(tab: Tab) -> None:
    """The stage, or word of a selfie that was taken and could not be handed over."""
    if tab.stage is Stage.SELFIE:
        tell_frame(link.id, "failed", reason="not_kept")
        card("not_kept")
        st.button(text("capture.again"), key="start", type="primary", on_click=tab.start, width="stretch")
        return
    ending = tab.attempts.ending
    show_stage(tab, "linked.privacy", look)
    if tab.stage is Stage.ENDED and ending is not None:
        tell_frame(link.id, "failed", reason=ending.outcome.value)
    elif tab.stage is not Stage.LIVE:
        tell_frame(link.id, "ready")


found = current_link()
assert found is not None
link: Link = found
state = link.look()
tab = linked_tab(link) if "tab" in st.session_state or state is LinkState.OPEN else None
if tab is not None:
    tab.settle()
    state = link.look()
open_page("linked.title", share=False)
if tab is not None and (tab.attempts.running or tab.place or state is LinkState.OPEN):
    capture(tab)
elif state is LinkState.DONE:
    tell_frame(link.id, "captured")
    thanks(link)
else:
    tell_frame(link.id, "failed", reason=state.value)
    card(state.value)
