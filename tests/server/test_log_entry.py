from datetime import datetime, timezone

import pytest

from core.flow.snapshot import Advice, Hint, Phase, Snapshot
from core.server.log_entry import AttemptEntry, attempt_log
from core.store.config import NAMES, StoreError
from core.store.record import AttemptRecord, Device, Mode, Outcome, Step
from core.vision.reading import Reading

NOW = datetime(2026, 5, 1, 12, 10, tzinfo=timezone.utc)
SNAPSHOT = Snapshot(0.0, Phase.BLINK, Advice(Hint.BLINK), Reading(0.0, (640, 480), 100.0))


class ListLog:
    def __init__(self) -> None:
        self.records: list[AttemptRecord] = []

    def add(self, record: AttemptRecord) -> None:
        self.records.append(record)


def entry(log: ListLog | None, agent: str = "Mozilla/5.0 (Windows NT 10.0)") -> AttemptEntry:
    return AttemptEntry(log, strict=True, user_agent=agent, clock=lambda: NOW)  # type: ignore[arg-type]


def test_should_log_an_attempt_once_however_often_it_is_closed() -> None:
    log = ListLog()
    one = entry(log)
    one.see(SNAPSHOT)
    one.close()
    one.close(no_camera=True)
    one.see(SNAPSHOT)
    (record,) = log.records
    assert (record.mode, record.device, record.reached) == (Mode.STRICT, Device.COMPUTER, Step.BLINK)
    assert (record.outcome, record.started.minute) == (Outcome.LEFT, 0)


def test_should_log_a_refused_camera() -> None:
    log = ListLog()
    entry(log).close(no_camera=True)
    assert log.records[0].outcome is Outcome.NO_CAMERA


def test_should_log_nothing_without_a_log() -> None:
    one = entry(None)
    one.see(SNAPSHOT)
    one.close()


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    attempt_log.clear()
    return monkeypatch


def test_should_have_no_log_unless_switched_on(fresh: pytest.MonkeyPatch) -> None:
    assert attempt_log() is None


def test_should_open_the_log_that_the_environment_asks_for(fresh: pytest.MonkeyPatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    fresh.setenv("ATTEMPT_LOG", "on")
    fresh.setenv("ATTEMPT_LOG_DIR", str(tmp_path))
    log = attempt_log()
    assert log is not None
    log.close()
    attempt_log.clear()
    assert (tmp_path / "attempts.sqlite").is_file()


def test_should_refuse_a_setting_that_makes_no_sense(fresh: pytest.MonkeyPatch) -> None:
    fresh.setenv("ATTEMPT_LOG", "perhaps")
    with pytest.raises(StoreError):
        attempt_log()
