"""The attempt log as the pages use it: one log for all visits, one entry for each attempt."""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable
from datetime import datetime

import streamlit as st

from core.flow.snapshot import Snapshot
from core.server.secrets import options
from core.settings import StoreSettings
from core.store.config import StoreError, store_config
from core.store.log import AttemptLog, utc_now
from core.store.record import AttemptRecorder, Mode, device_kind

logger = logging.getLogger(__name__)


@st.cache_resource(show_spinner=False)
def attempt_log() -> AttemptLog | None:
    """The log of this server; None when it is not switched on. Raises core.store.config.StoreError."""
    settings = StoreSettings()
    config = store_config(options(), settings)
    if config is None:
        return None
    log = AttemptLog(config, settings)
    atexit.register(log.close)
    return log


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

    def close(self, *, no_camera: bool = False) -> None:
        """The attempt is over, whatever came of it; the first call counts. Never waits and never raises."""
        with self._lock:
            log, self._log = self._log, None
        if log is not None:
            log.add(self._recorder.record(self._started, no_camera=no_camera))


def open_entry(strict: bool) -> AttemptEntry:
    """An entry for an attempt of this visit. A log that can't be opened keeps nobody from a selfie."""
    try:
        log = attempt_log()
    except StoreError as error:
        logger.warning("No attempt log: %s", error)
        log = None
    return AttemptEntry(log, strict=strict, user_agent=st.context.headers.get("User-Agent"))
