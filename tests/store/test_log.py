import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from core.flow.outcome import Outcome
from core.flow.snapshot import Reason
from core.regions import Region
from core.settings import StoreSettings
from core.store.config import StoreConfig
from core.store.example import made_up_attempts
from core.store.log import AttemptLog, LogUnreadable
from core.store.record import AttemptRecord, Device, Mode, Step
from core.store.table import to_row

NOW = datetime(2026, 5, 1, 12, 0, tzinfo=timezone.utc)
RECORD = AttemptRecord(
    started=NOW - timedelta(hours=1),
    mode=Mode.STRICT,
    device=Device.TABLET,
    reached=Step.CHECK,
    outcome=Outcome.TOO_MANY_TRIES,
    restarts={Reason.FACE_LOST: 2, Reason.MISSED_CUE: 1},
    blocked_s={Region.MOUTH: 1.25},
    width=960,
    height=720,
    fps=21.5,
)


def opened(config: StoreConfig, **settings: float) -> AttemptLog:
    return AttemptLog(config, StoreSettings(**settings), lambda: NOW)  # type: ignore[arg-type]


def wait_for(happened: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < end, "it did not happen within 10 s"
        time.sleep(0.01)


def test_should_give_back_what_was_handed_over(config: StoreConfig) -> None:
    bare = AttemptRecord(NOW, Mode.STANDARD, Device.PHONE, Step.START, Outcome.CAMERA_DENIED)
    with closing(opened(config)) as log:
        log.add(bare)
        log.add(RECORD)
        log.flush()
        assert log.read() == [RECORD, bare]


def test_should_keep_rows_for_the_next_time_it_is_opened(config: StoreConfig) -> None:
    with closing(opened(config)) as log:
        log.add(RECORD)
    with closing(opened(config)) as log:
        assert log.read() == [RECORD]


def test_should_read_from_a_moment_on_and_up_to_another(config: StoreConfig) -> None:
    records = [replace(RECORD, started=NOW - timedelta(days=days)) for days in (3, 2, 1)]
    with closing(opened(config)) as log:
        for record in records:
            log.add(record)
        log.flush()
        assert log.read(since=records[1].started) == records[1:]
        assert log.read(until=records[1].started) == records[:1]
        assert log.read(records[1].started, records[2].started) == [records[1]]


def test_should_read_nothing_from_an_empty_log(config: StoreConfig) -> None:
    with closing(opened(config)) as log:
        assert log.read() == []


def test_should_delete_what_is_too_old_and_never_show_it(config: StoreConfig) -> None:
    old, young = (replace(RECORD, started=NOW - timedelta(days=days)) for days in (31, 29))
    with closing(opened(config)) as log:
        log.add(young)
        log.add(old)
        log.flush()
        assert log.read() == [young]
        log.sweep()
    longer = replace(config, keep_days=365)
    with closing(opened(longer)) as log:
        assert log.read() == [young]


def test_should_delete_old_rows_by_itself_when_opened(config: StoreConfig) -> None:
    old = replace(RECORD, started=NOW - timedelta(days=31))
    longer = replace(config, keep_days=365)
    with closing(opened(longer)) as log:
        log.add(old)
    with closing(opened(config)) as log:
        log.add(RECORD)
        log.flush()
    with closing(opened(longer)) as log:
        assert log.read() == [RECORD]


@pytest.mark.parametrize("outcome", Outcome)
def test_should_keep_every_outcome(outcome: Outcome, config: StoreConfig) -> None:
    record = replace(RECORD, outcome=outcome)
    with closing(opened(config)) as log:
        log.add(record)
        log.flush()
        assert log.read() == [record]


def test_should_read_rows_from_before_the_log_told_why_there_was_no_camera(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with closing(opened(StoreConfig(URL.create("sqlite", database=str(path)), 30))) as log:
        log.add(RECORD)
        log.flush()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE attempts SET outcome = 'no_camera'")
            connection.commit()
        assert log.read() == [replace(RECORD, outcome=Outcome.CAMERA_FAILED)]


def test_should_skip_rows_written_by_a_version_that_knew_more(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    with closing(opened(StoreConfig(URL.create("sqlite", database=str(path)), 30))) as log:
        log.add(RECORD)
        log.add(RECORD)
        log.flush()
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("UPDATE attempts SET outcome = 'levitated' WHERE id = 1")
            connection.commit()
        assert log.read() == [RECORD]


def test_should_keep_no_column_that_could_tell_who_it_was() -> None:
    assert set(to_row(RECORD)) == {
        "started", "mode", "device", "reached", "outcome", "seconds", "restarts", "blocked_s", "width", "height", "fps",
        "round"
    }  # fmt: skip


def test_should_take_rows_from_many_threads(config: StoreConfig) -> None:
    with closing(opened(config)) as log:

        def add() -> None:
            for _ in range(50):
                log.add(RECORD)

        threads = [threading.Thread(target=add) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        log.flush()
        assert (len(log.read()), log.dropped) == (400, 0)


def test_should_hold_rows_while_the_database_is_away_and_write_them_once(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.write_text("a file where the folder should be")
    config = StoreConfig(URL.create("sqlite", database=str(folder / "attempts.sqlite")), 30)
    with closing(opened(config, retry_s=0.02)) as log:
        log.add(RECORD)
        wait_for(lambda: log.trouble)
        with pytest.raises(LogUnreadable):
            log.read()
        log.add(RECORD)
        folder.unlink()
        log.flush()
        assert not log.trouble
        assert log.read() == [RECORD, RECORD]


def test_should_drop_and_count_rows_beyond_what_may_wait(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.write_text("a file where the folder should be")
    config = StoreConfig(URL.create("sqlite", database=str(folder / "attempts.sqlite")), 30)
    with closing(opened(config, waiting_rows=5, retry_s=60.0, wait_s=0.5)) as log:
        log.add(RECORD)
        wait_for(lambda: log.trouble)
        for _ in range(8):
            log.add(RECORD)
        assert log.dropped == 3


def test_should_not_write_the_address_of_the_database_into_the_log_file(caplog: pytest.LogCaptureFixture) -> None:
    url = URL.create("postgresql+psycopg", "someone", "secret", host="127.0.0.1", port=1, database="nowhere")
    with closing(opened(StoreConfig(url, 30), retry_s=0.02, wait_s=0.5)) as log:
        log.add(RECORD)
        wait_for(lambda: log.trouble)
    assert "can't be written" in caplog.text
    assert "secret" not in caplog.text
    assert "someone" not in caplog.text


WRITER = """
import sys
from datetime import datetime, timezone
from sqlalchemy.engine import make_url
from core.store.config import StoreConfig
from core.store.log import AttemptLog
from core.flow.outcome import Outcome
from core.store.record import AttemptRecord, Device, Mode, Step

log = AttemptLog(StoreConfig(make_url(sys.argv[1]), 3650))
record = AttemptRecord(datetime.now(timezone.utc), Mode.STANDARD, Device.PHONE, Step.BLINK, Outcome.LEFT)
written = 0
while True:
    for _ in range(7):
        log.add(record)
    log.flush()
    written += 7
    print(written, flush=True)
"""


@pytest.mark.parametrize("pause_s", [0.0, 0.013, 0.041])
def test_should_survive_a_kill_in_the_middle_of_writes(config: StoreConfig, pause_s: float) -> None:
    url = config.url.render_as_string(hide_password=False)
    root = Path(__file__).parents[2]
    writer = subprocess.Popen([sys.executable, "-c", WRITER, url], cwd=root, stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    for _ in range(20):
        acknowledged = int(writer.stdout.readline())
    time.sleep(pause_s)
    os.kill(writer.pid, signal.SIGKILL)
    rest = [int(line) for line in writer.stdout.read().splitlines() if line]
    writer.wait()
    acknowledged = max([acknowledged, *rest])

    with closing(AttemptLog(replace(config, keep_days=3650))) as log:
        rows = len(log.read())
        assert acknowledged <= rows <= acknowledged + 7
        log.add(RECORD)
        log.flush()
        assert len(log.read()) == rows + 1
    if config.url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(config.url.database))) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_should_make_up_the_same_attempts_for_the_same_seed() -> None:
    first = made_up_attempts(200, NOW, seed=1)
    assert first == made_up_attempts(200, NOW, seed=1)
    assert first != made_up_attempts(200, NOW, seed=2)
    assert all(NOW - timedelta(days=61) < record.started <= NOW for record in first)
    assert all((record.seconds is not None) == (record.outcome is Outcome.CAPTURED) for record in first)
