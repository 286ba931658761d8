"""One entry of the attempt log for each attempt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Protocol

import streamlit as st

from core.flow.outcome import Outcome
from core.flow.snapshot import Snapshot
from core.server.process import server_process
from core.store.log import utc_now
from core.store.record import AttemptRecord, AttemptRecorder, Mode, device_kind


class Keeper(Protocol):
    """Takes what is kept of an attempt; `core.store.log.AttemptLog`. Never waits for long and never raises."""

    def add(self, record: AttemptRecord) -> None: ...


class AttemptEntry:
    """One attempt on its way into the log. Safe to use from the stream's thread and the page's at once."""

    def __init__(
        self,
        *keepers: Keeper | None,
        strict: bool,
        user_agent: str | None,
        round: str | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """keepers: who is told of the attempt; None stands for nobody. round: of testers, that it is part of.

        user_agent: of the browser; only the kind of device is taken from it.
        """
        self._keepers = [keeper for keeper in keepers if keeper is not None]
        self._round = round
        self._recorder = AttemptRecorder(Mode.STRICT if strict else Mode.STANDARD, device_kind(user_agent))
        self._started = clock()
        self._lock = threading.Lock()

    def see(self, snapshot: Snapshot) -> None:
        """The next snapshot. Cheap: it only adds up."""
        with self._lock:
            if self._keepers:
                self._recorder.see(snapshot)

    def close(self, outcome: Outcome) -> None:
        """The attempt has ended; the first call counts. Never waits and never raises."""
        with self._lock:
            keepers, self._keepers = self._keepers, []
        if keepers:
            record = replace(self._recorder.record(self._started, outcome), round=self._round)
            for keeper in keepers:
                keeper.add(record)


def open_entry(strict: bool, also: Keeper | None = None, round: str | None = None) -> AttemptEntry:
    """An entry for an attempt of the present tab. also: who is told of it besides the log. round: it is part of."""
    agent = st.context.headers.get("User-Agent")
    return AttemptEntry(server_process().log, also, strict=strict, user_agent=agent, round=round)
