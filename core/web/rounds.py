"""A round of testers: its links, and how far everyone has come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from core.api.gateway import Gateway
from core.store.log import utc_now
from core.store.record import Mode
from core.store.session_record import CaptureSession, Order
from core.web.language import text
from core.web.share import qr_svg

QUESTIONS = {"clear": ("yes", "partly", "no", "nothing"), "effort": ("easy", "okay", "hard")}
"""What a tester is asked after the capture, and the answers there are."""

_STATIC = Path(__file__).with_name("static")
_WORDS = ("name", "person", "link", "status", "reached", "why", "seconds", "attempts", "clear", "effort")
_ACTIONS = ("names", "names_help", "print", "csv", "copy", "copied")


def invite(gateway: Gateway, owner: str, round_: str, people: int, mode: Mode, language: str | None, days: int) -> None:
    """Make a link for each of them, numbered on from the last one the round has. Raises SQLAlchemyError."""
    expires = utc_now() + timedelta(days=days)
    # Not how many there are: what has expired is deleted, and two people would get the same number.
    references = (session.order.reference or "" for session in sessions_of(gateway, owner, round_))
    last = max((int(reference) for reference in references if reference.isdecimal()), default=0)
    for number in range(last + 1, last + people + 1):
        order = Order(owner, expires, mode=mode, language=language, reference=str(number), round=round_)
        gateway.store.create(order)


def row(session: CaptureSession, link: str, *, with_code: bool) -> dict[str, Any]:
    """What the table shows of one person, in words. with_code: the QR code of the link, too."""
    attempt, order = session.attempt, session.order
    # How the last attempt ended says more than the reasons for which it went back, where it gave no selfie.
    reasons = [text(f"found.{reason}") for reason in attempt.get("restarts", {})]
    outcome = attempt.get("outcome")
    if outcome and outcome != "captured":
        reasons.insert(0, text(f"outcome.{outcome}"))
    reasons += [text("found.blocked", region=text(f"region.{region}")) for region in attempt.get("blocked_s", {})]
    answers = {name: session.feedback.get(name) for name in QUESTIONS}
    return {
        "id": session.id,
        "number": order.reference or "",
        "link": link,
        "state": session.status.value,
        "code": qr_svg(link) if with_code else "",
        "cells": {
            "status": text(f"session_status.{session.status.value}"),
            "reached": text(f"step_reached.{attempt['reached']}") if attempt else "",
            "why": ", ".join(reasons),
            "seconds": f"{attempt['seconds']:.1f}" if attempt.get("seconds") else "",
            "attempts": str(session.attempts or ""),
            **{name: text(f"feedback.{name}_{answer}") if answer else "" for name, answer in answers.items()},
        },
    }


@cache
def _table() -> Any:
    html, css, js = ((_STATIC / f"round.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js"))
    return st.components.v2.component("round_table", html=html, css=css, js=js)


def show_round(name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Draw the table. Names come from a file that the browser reads, and stay in it."""
    words = {key: text(f"invitations.{key}") for key in (*_WORDS, *_ACTIONS)}
    _table()(key="round_table", data={"round": name, "rows": list(rows), "words": words})


def sessions_of(gateway: Gateway, owner: str, round_: str) -> list[CaptureSession]:
    """All sessions of a round, in the order they were made. Raises SQLAlchemyError."""
    found: list[CaptureSession] = []
    cursor = None
    while True:
        page = gateway.store.page(owner, 200, cursor, round_)
        found += page.sessions
        if (cursor := page.next) is None:
            return found[::-1]
