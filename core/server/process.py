"""What all tabs of one process share: seats, ICE servers, access code, attempt log, metrics; and the graceful end."""

from __future__ import annotations

import atexit
import logging
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from types import FrameType
from typing import Any

import cv2
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit_webrtc.eventloop import get_global_event_loop

from core.memory import give_back
from core.options import Options
from core.server.access import AccessCode
from core.server.admission import Admission
from core.server.capacity import sessions, usable_cores
from core.server.closed_tabs import ClosedTabs
from core.server.metrics import Metrics, log_as_json
from core.server.pipeline import OpenProcessor, open_processor, warm_up
from core.server.secrets import options
from core.settings import Settings
from core.store.config import StoreError, store_config
from core.store.log import AttemptLog
from core.stream.codec import use_codecs
from core.stream.cost import frame_cost
from core.stream.ice import IceSource
from core.stream.reception import use_reception

logger = logging.getLogger(__name__)


class ServerProcess:
    """One for each process. `start` sets its threads going."""

    def __init__(self, told: Options, settings: Settings) -> None:
        """told: MAX_SESSIONS, ACCESS_CODE, METRICS_PORT, LOG_FORMAT=json, and what `core.stream.ice` and
        `core.store.config` read.
        """
        self.settings = settings
        self.options = told
        self.ice = IceSource(told, settings.ice)
        self.access = AccessCode(told.get("ACCESS_CODE", ""), settings.access)
        self.admission = Admission(1, settings.admission)
        # More threads than processors would only wait for Python's lock, and packets and pages behind them.
        most = max(round(min(usable_cores(), settings.admission.max_cores)), 1)
        self.frames = ThreadPoolExecutor(most, thread_name_prefix="frames")
        """Works on all sessions' frames, in the order in which they are there."""
        self.closed_tabs = ClosedTabs(settings.admission.kept_s)
        self.log: AttemptLog | None = None
        """None when it is not switched on or can't be opened."""
        self.log_error: StoreError | None = None
        self._open_log()
        self.metrics = Metrics(self.admission, self.log)
        self.trouble: list[str] = []
        """Parts of text keys: what was told and can't be done."""

    def start(self, open_processor: OpenProcessor = open_processor) -> None:
        """Log, answer Prometheus, find out how many sessions there may be, watch over seats and memory.

        What holds for the whole process is set here too: OpenCV's threads and aiortc's codecs.
        """
        # OpenCV's workers wait for work by spinning, for a twentieth of what a session costs; sessions share the cores.
        cv2.setNumThreads(1)
        use_codecs(self.settings.web)
        use_reception(self.settings.reception)
        if self.options.get("LOG_FORMAT") == "json":
            log_as_json()
        if port := self._number("METRICS_PORT"):
            try:
                self.metrics.serve(port)
            except (OSError, OverflowError):
                logger.warning("METRICS_PORT is taken or is no port; there are no metrics")
                self.trouble.append("metrics")
        if most := self._number("MAX_SESSIONS"):
            self.admission.resize(most)
        else:
            threading.Thread(target=self._measure, args=(open_processor,), name="measure", daemon=True).start()
        threading.Thread(target=self._sweep, name="sweep-seats", daemon=True).start()
        threading.Thread(target=self._tidy, name="tidy-memory", daemon=True).start()

    def drain(self, end: Callable[[], object]) -> None:
        """Let nobody in, give those who are live some time, then call `end` from a thread of its own."""
        self.admission.close()
        logger.info("stopping", extra={"live": self.admission.live})

        def wait() -> None:
            deadline = time.monotonic() + self.settings.admission.drain_s
            while self.admission.live and time.monotonic() < deadline:
                time.sleep(0.1)
            end()

        threading.Thread(target=wait, name="drain", daemon=True).start()

    def _open_log(self) -> None:
        """A log that can't be opened keeps nobody from a selfie."""
        try:
            config = store_config(self.options, self.settings.store)
        except StoreError as error:
            logger.warning("No attempt log: %s is wrong", error.name)
            self.log_error = error
            return
        if config is not None:
            self.log = AttemptLog(config, self.settings.store)
            atexit.register(self.log.close)

    def _measure(self, open_processor: OpenProcessor) -> None:
        try:
            processor = open_processor(self.settings, 0)
            try:
                frame_s = frame_cost(processor, self.settings)
            finally:
                processor.close()
        except Exception as error:  # one session at a time is safe on any machine that runs it at all
            logger.warning("The machine could not be measured, so one session at a time", exc_info=error)
            return
        cores = usable_cores()
        self.admission.resize(sessions(frame_s, cores, self.settings.admission))
        found = {"frame_ms": round(frame_s * 1000, 1), "cores": cores, "sessions": self.admission.capacity}
        logger.info("measured", extra=found)

    def sweep(self) -> None:
        """Take back what closed tabs hold: seats at once, all else when they can't come back."""
        self.admission.sweep(_present)
        for tab in self.closed_tabs.sweep(_present):
            _close(tab)

    def _sweep(self) -> None:
        while True:
            time.sleep(self.settings.admission.sweep_s)
            try:
                self.sweep()
            except Exception:  # without this thread every seat would stay taken
                logger.exception("What closed tabs hold could not be taken back")

    def _tidy(self) -> None:
        """An attempt gives back what it used when it ends; Streamlit forgets its page later, and nobody is told."""
        while True:
            time.sleep(self.settings.admission.tidy_s)
            give_back()

    def _number(self, name: str) -> int | None:
        value = self.options.get(name, "").strip()
        if not value:
            return None
        if value.isdecimal() and int(value) > 0:
            return int(value)
        logger.warning("%s is not a number above 0", name)
        self.trouble.append(name.lower())
        return None


_making = threading.Lock()


def server_process() -> ServerProcess:
    """The present one. Made for the first tab; when two come first at once, for both."""
    with _making:
        return _made()


@cache
def _made() -> ServerProcess:
    shared = ServerProcess(options(), Settings())
    if runtime.exists():
        warm_up(shared.settings)
        shared.start()
        _drain_on(signal.SIGTERM, shared)
    return shared


def tab_id() -> str:
    """Streamlit's name for the tab of the present script run, from loading to closing."""
    context = get_script_run_ctx()
    return context.session_id if context else ""


def forget_when_closed(forget: Callable[[], object]) -> None:
    """Have `forget` called when the tab of the present script run is closed and can't come back.

    For pictures of a person: Streamlit forgets a closed tab only when the next one closes, and the last one that it
    sent something to only when it sends something to another.
    """
    closed_tabs, name = server_process().closed_tabs, tab_id()
    closed_tabs.when_closed(name, forget)
    if runtime.exists() and (session := runtime.get_instance().get_app_session(name)):
        closed_tabs.when_closed(name, session.session_state.clear)


def _present(tab: str) -> bool:
    return runtime.exists() and runtime.get_instance().is_active_session(tab)


def _close(tab: str) -> None:
    """Have Streamlit give up a tab that is gone: its uploads, its download files, its stream, its event loop."""

    def close() -> None:
        if not _present(tab):  # it may have come back in this very moment
            runtime.get_instance().close_session(tab)

    if runtime.exists():
        get_global_event_loop().call_soon_threadsafe(close)


def _drain_on(number: signal.Signals, shared: ServerProcess) -> None:
    """Drain before Streamlit's own handler of the signal stops the server."""
    loop = get_global_event_loop()

    # Handlers can only be set on the main thread, which is where the loop runs.
    def install() -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        usual: Any = signal.getsignal(number)

        def handle(given: int, frame: FrameType | None) -> None:
            signal.signal(number, usual)  # asked twice, the server stops at once
            shared.drain(lambda: loop.call_soon_threadsafe(usual, given, None))

        if callable(usual):
            signal.signal(number, handle)

    loop.call_soon_threadsafe(install)
