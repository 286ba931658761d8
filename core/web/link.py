"""The link that a tab was opened with, if it was: /?session=..."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import streamlit as st

from core.server.attempts import Attempts
from core.server.log_entry import open_entry
from core.server.process import server_process
from core.server.tab import Tab, current_tab
from core.store.record import Mode
from core.web.language import choose_language_once
from core.web.served import gateway

if TYPE_CHECKING:
    from core.api.link import Link

_PARAMETER = "session"


def current_link() -> Link | None:
    """The link of the tab that the page is drawn for; None for a visitor without one, and where there is no API."""
    shared, id_ = gateway(), st.query_params.get(_PARAMETER)
    if shared is None or id_ is None:
        return None
    from core.api.link import Link  # late, as in core.web.served

    found: Link | None = st.session_state.get("link")
    if found is None or found.id != id_:
        found = st.session_state["link"] = Link(shared, id_)
        found.look()
        if found.session and found.session.order.language:
            choose_language_once(found.session.order.language)
    return found


def linked_tab(link: Link) -> Tab:
    """The tab, set up as the link's session asks."""
    session, shared = link.session, gateway()
    assert session is not None and shared is not None
    if "attempts" not in st.session_state:
        st.session_state["attempts"] = Attempts(server_process().settings)
    tab = current_tab()
    attempts = tab.attempts
    if not attempts.running:
        attempts.settings = link.required(server_process().settings)
    attempts.strict = session.order.mode is Mode.STRICT
    attempts.witness = shared.evidence
    attempts.open_entry = lambda strict: open_entry(strict, also=link, round=session.order.round)
    attempts.on_photo = link.keep
    tab.offers_photo = False  # nobody could tell that it is live
    return tab


def return_address(url: str, session: str) -> str:
    """Where the person goes back to: the address that was asked for, and the id."""
    parts = urlsplit(url)
    query = [*parse_qsl(parts.query, keep_blank_values=True), (_PARAMETER, session)]
    return urlunsplit(parts._replace(query=urlencode(query)))
