from __future__ import annotations

import json
import logging

from prometheus_client import generate_latest

from core.flow.outcome import Outcome
from core.server.admission import Admission
from core.server.metrics import JsonFormatter, Metrics
from core.settings import AdmissionSettings
from core.vision.reading import Sign


def page(metrics: Metrics) -> dict[str, float]:
    lines = generate_latest(metrics.registry).decode().splitlines()
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


def test_should_show_seats_frames_and_outcomes() -> None:
    admission = Admission(1, AdmissionSettings())
    metrics = Metrics(admission)
    admission.ask("a")
    admission.ask("b")
    metrics.frame(0.012)
    metrics.frame(0.3)
    metrics.outcome("a", Outcome.CAPTURED, [Sign.SCREEN, Sign.EDGE])

    shown = page(metrics)

    assert (shown["selfie_sessions_live"], shown["selfie_sessions_waiting"], shown["selfie_sessions_max"]) == (1, 1, 1)
    assert shown["selfie_frame_seconds_count"] == 2
    assert shown['selfie_frame_seconds_bucket{le="0.015"}'] == 1
    assert shown['selfie_outcomes_total{outcome="captured"}'] == 1
    assert (shown["selfie_log_lost"], shown["selfie_log_failing"]) == (0, 0)
    assert shown['selfie_suspicions_total{sign="screen"}'] == shown['selfie_suspicions_total{sign="edge"}'] == 1


def test_should_log_one_json_object_a_line() -> None:
    record = logging.makeLogRecord({"name": "x", "levelname": "INFO", "msg": "a %s", "args": ("b\nc",), "session": "s"})
    line = JsonFormatter().format(record)
    assert "\n" not in line
    entry = json.loads(line)
    assert entry.pop("time")
    assert entry == {"level": "info", "logger": "x", "message": "a b\nc", "session": "s"}
