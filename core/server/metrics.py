"""Figures for Prometheus and logs for machines. Neither holds anything about a person."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timezone

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server

from core.flow.outcome import Outcome
from core.server.admission import Admission
from core.store.log import AttemptLog
from core.vision.reading import Sign

# Frames later than 1/12 s can't be told apart in what they do to a blink, so the buckets end soon after.
_BUCKETS = (0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.06, 0.083, 0.12, 0.25, 0.5, 1.0)

logger = logging.getLogger("selfie.session")


class Metrics:
    """What /metrics shows. Each process has its own; Prometheus adds them up."""

    def __init__(self, admission: Admission, log: AttemptLog | None = None) -> None:
        """log: the attempt log, where it is switched on."""
        self.registry = CollectorRegistry()
        self._frame_s = Histogram(
            "selfie_frame_seconds", "Time one frame took", buckets=_BUCKETS, registry=self.registry
        )
        self._outcomes = Counter("selfie_outcomes", "Attempts by how they ended", ["outcome"], registry=self.registry)
        self._suspicions = Counter(
            "selfie_suspicions", "Attempts that had to answer cues, by the sign", ["sign"], registry=self.registry
        )
        for name, words, value in (
            ("selfie_sessions_live", "Sessions that use the camera", lambda: admission.live),
            ("selfie_sessions_waiting", "Tabs in line", lambda: admission.waiting),
            ("selfie_sessions_max", "Sessions this process admits", lambda: admission.capacity),
            ("selfie_log_lost", "Attempts the log had no room for", lambda: log.dropped if log else 0),
            ("selfie_log_failing", "1 while the log can't be written", lambda: bool(log and log.trouble)),
        ):
            Gauge(name, words, registry=self.registry).set_function(value)

    def frame(self, seconds: float) -> None:
        """One frame was processed. Frames a second: rate(selfie_frame_seconds_count)."""
        self._frame_s.observe(seconds)

    def outcome(self, tab: str, outcome: Outcome, signs: Sequence[Sign] = ()) -> None:
        """An attempt has ended. tab: drawn at random, for telling the log's lines apart. signs: of a shown face."""
        self._outcomes.labels(outcome.value).inc()
        for sign in signs:
            self._suspicions.labels(sign.value).inc()
        logger.info("attempt over", extra={"session": tab, "outcome": outcome.value})

    def serve(self, port: int, address: str = "0.0.0.0") -> None:
        """Answer on http://address:port/metrics from a thread of its own. Raises OSError when the port is taken."""
        start_http_server(port, address, self.registry)


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and what was given in `extra`."""

    _USUAL = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime", "taskName"}

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in record.__dict__.items() if name not in self._USUAL}
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_as_json() -> None:
    """Write the app's own log lines as JSON on standard error. Called again it changes nothing."""
    for name in ("core", "selfie"):
        own = logging.getLogger(name)
        if not own.handlers:
            handler = logging.StreamHandler()
            handler.setFormatter(JsonFormatter())
            own.addHandler(handler)
            own.setLevel(logging.INFO)
            own.propagate = False
