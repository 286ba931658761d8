from datetime import datetime, timezone

from core.flow.outcome import Outcome
from core.flow.snapshot import Advice, Hint, Phase, Snapshot
from core.server.log_entry import AttemptEntry
from core.store.record import AttemptRecord, Device, Mode, Step
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
    one.close(Outcome.LOST)
    one.close(Outcome.LEFT)
    one.see(SNAPSHOT)
    (record,) = log.records
    assert (record.mode, record.device, record.reached) == (Mode.STRICT, Device.COMPUTER, Step.BLINK)
    assert (record.outcome, record.started.minute) == (Outcome.LOST, 0)


def test_should_log_how_an_attempt_without_a_frame_ended() -> None:
    log = ListLog()
    entry(log).close(Outcome.CAMERA_DENIED)
    assert (log.records[0].outcome, log.records[0].reached) == (Outcome.CAMERA_DENIED, Step.START)


def test_should_log_nothing_without_a_log() -> None:
    one = entry(None)
    one.see(SNAPSHOT)
    one.close(Outcome.LEFT)
