"""One entry of the attempt log for each attempt."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime

import streamlit as st

from core.flow.outcome import Outcome
from core.flow.snapshot import Snapshot
from core.server.process import server_process
from core.store.log import AttemptLog, utc_now
from core.store.record import AttemptRecorder, Mode, device_kind


class AttemptEntry:
    """One attempt on its way into the log. Safe to use from the stream's thread and the page's at once."""

    def __init__(
        self,
        log: AttemptLog | None,
        *,
        strict: bool,
        user_agent: str | None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """log: None keeps nothing. user_agent: of the browser; only the kind of device is taken from it."""
        self._log = log
        self._recorder = AttemptRecorder(Mode.STRICT if strict else Mode.STANDARD, device_kind(user_agent))
        self._started = clock()
        self._lock = threading.Lock()

    def see(self, snapshot: Snapshot) -> None:
        """The next snapshot. Cheap: it only adds up."""
        with self._lock:
            if self._log is not None:
                self._recorder.see(snapshot)

    def close(self, outcome: Outcome) -> None:
        """The attempt has ended; the first call counts. Never waits and never raises."""
        with self._lock:
            log, self._log = self._log, None
        if log is not None:
            log.add(self._recorder.record(self._started, outcome))


def open_entry(strict: bool) -> AttemptEntry:
    """An entry for an attempt of the present tab."""
    return AttemptEntry(server_process().log, strict=strict, user_agent=st.context.headers.get("User-Agent"))
