"""What the status page finds."""

from __future__ import annotations

import atexit
import time
from pathlib import Path

import pytest

from core.server.process import ServerProcess
from core.server.status import Standing, lines
from core.settings import Settings, StoreSettings
from core.store.example import made_up_attempts
from core.store.log import utc_now
from core.vision import assets
from core.vision.assets import AssetError


def found(**options: str) -> dict[str, Standing]:
    return {line.key: line.standing for line in lines(ServerProcess(options, Settings()))}


def test_should_note_that_anyone_may_use_it_and_a_missing_relay() -> None:
    assert found() == {
        "models_ready": Standing.GOOD,
        "stun_only": Standing.NOTE,
        "seats": Standing.GOOD,
        "access_open": Standing.NOTE,
    }


def test_should_find_an_access_code_good() -> None:
    assert found(ACCESS_CODE="open sesame")["access_code"] is Standing.GOOD


def test_should_say_what_was_told_wrongly() -> None:
    shared = ServerProcess({}, Settings())
    shared.trouble.append("max_sessions")
    assert lines(shared)[-1].key == "wrong_max_sessions"
    assert lines(shared)[-1].standing is Standing.BAD


def test_should_say_that_a_model_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise AssetError("model_broken")

    monkeypatch.setattr(assets, "model_path", broken)
    assert found()["models_missing"] is Standing.BAD


def test_should_say_nothing_of_a_log_that_is_off_and_that_one_is_on(tmp_path: Path) -> None:
    assert not [key for key in found() if key.startswith("log")]
    assert found(ATTEMPT_LOG="on", ATTEMPT_LOG_DIR=str(tmp_path))["log_on"] is Standing.GOOD


def test_should_see_that_the_log_cannot_be_reached_before_an_attempt_waits_for_it(tmp_path: Path) -> None:
    (tmp_path / "attempts.sqlite").write_text("no database")
    assert found(ATTEMPT_LOG="on", ATTEMPT_LOG_DIR=str(tmp_path))["log_waiting"] is Standing.BAD


def test_should_say_which_setting_keeps_the_log_off() -> None:
    line = lines(ServerProcess({"ATTEMPT_LOG": "perhaps"}, Settings()))[-1]
    assert (line.key, line.standing, line.values) == ("log_wrong", Standing.BAD, {"name": "ATTEMPT_LOG"})


def test_should_say_that_rows_wait_and_how_many_are_lost(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("where a folder should be")
    settings = Settings(store=StoreSettings(waiting_rows=1, retry_s=60.0, wait_s=0.1))
    process = ServerProcess({"ATTEMPT_LOG": "on", "ATTEMPT_LOG_DIR": str(tmp_path / "file")}, settings)
    log = process.log
    assert log is not None
    record = made_up_attempts(1, utc_now())[0]
    log.add(record)
    end = time.monotonic() + 5
    while not log.trouble and time.monotonic() < end:
        time.sleep(0.01)
    for _ in range(3):  # one waits, two find no room
        log.add(record)

    shown = {line.key: line for line in lines(process)}

    assert shown["log_waiting"].standing is Standing.BAD
    assert (shown["log_lost"].standing, shown["log_lost"].values) == (Standing.BAD, {"count": 2})
    value = process.metrics.registry.get_sample_value
    assert (value("selfie_log_lost"), value("selfie_log_failing")) == (2, 1)
    atexit.unregister(log.close)
    log.close()
