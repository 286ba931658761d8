"""Links for a round of testers, and how far everyone has come. Only where there is an API, for whoever has a key."""

from __future__ import annotations

import streamlit as st
from sqlalchemy.exc import SQLAlchemyError

from core.api.gateway import Gateway
from core.server.secrets import has_login
from core.store.record import Mode
from core.texts import LANGUAGES
from core.web.language import text
from core.web.page import open_page
from core.web.refresh import refreshed
from core.web.rounds import invite, row, sessions_of, show_round
from core.web.served import gateway

MOST_PEOPLE, MOST_DAYS, DAYS = 200, 30, 7
LOOK_S = 3.0  # seconds between two looks at the round
LOGIN = "login"  # whose rounds they are, where visitors log in


def inviter(shared: Gateway) -> str | None:
    """Whose rounds are shown: the key's that was given, or those of everyone who can log in."""
    if has_login():
        return LOGIN
    found: str | None = st.session_state.get("inviter")
    if found is not None:
        return found
    with st.form("key_form", width=420):
        st.write(text("invitations.key_lead"))
        given = st.text_input(text("invitations.key"), type="password", max_chars=200)
        sent = st.form_submit_button(text("access.enter"), type="primary", width="stretch")
        if sent:
            key = shared.keyring.caller(given.strip())
            if key is not None:
                st.session_state["inviter"] = key.name
                st.rerun()
            st.error(text("invitations.key_wrong"))
    return None


def mode_name(mode: Mode) -> str:
    return text(f"mode.{mode.value}")


def language_name(code: str | None) -> str:
    return LANGUAGES[code] if code else text("invitations.browsers")


def new_round(shared: Gateway, owner: str) -> None:
    with st.expander(text("invitations.new"), expanded=not shared.store.rounds(owner)), st.form("new_round"):
        name = st.text_input(text("invitations.round"), max_chars=64)
        left, middle, right = st.columns(3)
        people = left.number_input(text("invitations.people"), 1, MOST_PEOPLE, 10)
        mode = middle.selectbox(text("invitations.mode"), list(Mode), format_func=mode_name)
        days = right.number_input(text("invitations.days"), 1, MOST_DAYS, DAYS)
        language = left.selectbox(text("app.language"), [None, *LANGUAGES], format_func=language_name)
        if st.form_submit_button(text("invitations.make"), type="primary"):
            wanted = name.strip()
            if not wanted or not wanted.isprintable():
                st.error(text("invitations.no_name"))
                return
            invite(shared, owner, wanted, int(people), mode or Mode.STANDARD, language, int(days))
            st.session_state["round"] = wanted
            st.rerun()


def rounds(shared: Gateway, owner: str) -> None:
    names = shared.store.rounds(owner)
    if not names:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(text("invitations.round"), names, key="round", width=320)
        codes = st.toggle(text("invitations.codes"), key="codes", help=text("invitations.codes_help"))
    base = shared.public_url or (st.context.url or "").rsplit("/", 1)[0]

    def draw() -> None:
        try:
            found = sessions_of(shared, owner, name)
        except SQLAlchemyError:
            st.error(text("linked.away"))
            return
        captured = sum(session.status.value == "captured" for session in found)
        opened = sum(session.opened is not None for session in found)
        st.caption(text("invitations.count", people=len(found), opened=opened, captured=captured))
        show_round(name, [row(session, shared.link(base, session.id), with_code=codes) for session in found])

    refreshed(draw, None if codes else LOOK_S)


open_page("invitations.title")
st.markdown(text("invitations.lead"))
shared = gateway()
owner = inviter(shared) if shared else None
if shared and owner:
    try:
        new_round(shared, owner)
        rounds(shared, owner)
    except SQLAlchemyError:
        st.error(text("linked.away"))
