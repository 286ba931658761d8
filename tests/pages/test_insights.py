"""The Insights page: off, empty, full, broken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from core.flow.outcome import Outcome
from core.server.process import server_process
from core.store.log import AttemptLog, LogUnreadable, utc_now
from core.store.record import AttemptRecord, Device, Mode, Step


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[AttemptLog]:
    monkeypatch.setenv("ATTEMPT_LOG", "on")
    monkeypatch.setenv("ATTEMPT_LOG_DIR", str(tmp_path))
    log = server_process().log
    assert log is not None
    yield log
    log.close()


def opened(language: str = "en") -> AppTest:
    app = AppTest.from_file("../../pages/insights.py", default_timeout=60)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    kinds = ("markdown", "html", "caption", "info", "error", "header", "subheader")
    found = (element for kind in kinds for element in app.get(kind))
    return " ".join(str(element.value) for element in found if isinstance(element, Element))


def days(app: AppTest) -> tuple[date, date]:
    chosen = app.date_input(key="insight_days").value
    assert isinstance(chosen, tuple) and len(chosen) == 2
    return chosen


def fill(log: AttemptLog) -> None:
    today = utc_now()
    for days, outcome, reached, mode in (
        (0, Outcome.CAPTURED, Step.CAPTURED, Mode.STANDARD),
        (1, Outcome.CAPTURED, Step.CAPTURED, Mode.STRICT),
        (2, Outcome.LEFT, Step.BLINK, Mode.STANDARD),
        (45, Outcome.NO_PROGRESS, Step.POSITION, Mode.STANDARD),
    ):
        seconds = 5.0 if outcome is Outcome.CAPTURED else None
        log.add(AttemptRecord(today - timedelta(days=days), mode, Device.PHONE, reached, outcome, seconds))
    log.flush()


def test_should_explain_how_to_switch_the_log_on(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened()
    assert "ATTEMPT_LOG=on" in words(app)
    assert "Got a selfie" not in words(app)


def test_should_show_made_up_attempts_and_say_that_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened()
    app.toggle(key="insight_example").set_value(True).run()
    assert not app.exception
    assert "made up" in app.info[0].value
    assert "How far people came" in words(app)
    assert len(app.get("vega_lite_chart")) == 2


def test_should_name_a_setting_that_makes_no_sense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTEMPT_LOG", "on")
    monkeypatch.setenv("ATTEMPT_LOG_DAYS", "forever")
    assert "ATTEMPT_LOG_DAYS" in opened().error[0].value


def test_should_say_that_there_is_nothing_yet(log: AttemptLog) -> None:
    app = opened()
    assert "No attempts yet" in app.info[0].value
    assert "deleted after 90 days" in words(app)


def test_should_count_the_last_thirty_days(log: AttemptLog) -> None:
    fill(log)
    app = opened()
    assert "2 of 3" in words(app)
    assert "In position" in words(app)
    assert [button.label for button in app.get("download_button") if isinstance(button, Element)] == ["CSV"]


def test_should_filter_by_day_mode_and_device(log: AttemptLog) -> None:
    fill(log)
    app = opened()
    first, last = days(app)
    app.date_input(key="insight_days").set_value((first - timedelta(days=30), last)).run()
    assert "2 of 4" in words(app)
    app.selectbox(key="insight_mode").set_value(Mode.STRICT).run()
    assert "1 of 1" in words(app)
    app.selectbox(key="insight_device").set_value(Device.TABLET).run()
    assert "No attempts in these days" in app.info[0].value


def test_should_filter_by_round_where_there_are_any(log: AttemptLog) -> None:
    fill(log)
    assert not [box for box in opened().selectbox if box.key == "insight_round"]
    log.add(AttemptRecord(utc_now(), Mode.STANDARD, Device.PHONE, Step.CAPTURED, Outcome.CAPTURED, 5.0, round="pilot"))
    log.flush()
    app = opened()
    assert "3 of 4" in words(app)
    app.selectbox(key="insight_round").set_value("pilot").run()
    assert "1 of 1" in words(app)


def test_should_wait_for_the_second_day_of_a_range(log: AttemptLog) -> None:
    fill(log)
    app = opened()
    _, last = days(app)
    app.date_input(key="insight_days").set_value((last,)).run()
    assert not app.exception


def test_should_say_that_the_log_can_not_be_read(log: AttemptLog, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> list[AttemptRecord]:
        raise LogUnreadable("secret address")

    monkeypatch.setattr(log, "read", broken)
    app = opened()
    assert "can't be read" in app.error[0].value
    assert "secret" not in words(app)


def test_should_speak_indonesian(log: AttemptLog) -> None:
    fill(log)
    app = opened("id")
    assert app.title[0].value == "Statistik"
    assert "2 dari 3" in words(app)
