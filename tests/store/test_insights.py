"""Figures of the attempt log, counted by hand."""

from __future__ import annotations

import csv
import time
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.engine import URL

from core.flow.outcome import Outcome
from core.flow.snapshot import Reason
from core.regions import Region
from core.settings import StoreSettings
from core.store import insights
from core.store.config import StoreConfig
from core.store.example import made_up_attempts
from core.store.insights import Day, Group, histogram, summarize
from core.store.log import AttemptLog
from core.store.record import AttemptRecord, Device, Mode, Step

NOON = datetime(2026, 5, 10, 12, 0, tzinfo=timezone.utc)
JAKARTA = ZoneInfo("Asia/Jakarta")


def attempt(
    outcome: Outcome, reached: Step, *, hours: float = 0.0, mode: Mode = Mode.STANDARD, **more: object
) -> AttemptRecord:
    device = more.pop("device", Device.PHONE)
    return AttemptRecord(NOON + timedelta(hours=hours), mode, device, reached, outcome, **more)  # type: ignore[arg-type]


ATTEMPTS = [
    attempt(Outcome.CAPTURED, Step.CAPTURED, seconds=4.0, blocked_s={Region.MOUTH: 0.5}),
    attempt(Outcome.CAPTURED, Step.CAPTURED, seconds=6.0, device=Device.COMPUTER, hours=6),
    attempt(Outcome.CAPTURED, Step.CAPTURED, seconds=9.0, mode=Mode.STRICT, restarts={Reason.FACE_LOST: 1}, hours=48),
    attempt(
        Outcome.TOO_MANY_TRIES,
        Step.CHECK,
        restarts={Reason.FACE_LOST: 2, Reason.JUMPED: 1},
        blocked_s={Region.MOUTH: 2.0, Region.NOSE: 1.0},
        hours=48,
    ),
    attempt(Outcome.CAMERA_DENIED, Step.START, hours=48),
]


def test_should_count_attempts_and_how_they_ended() -> None:
    found = summarize(ATTEMPTS, timezone.utc)
    assert (found.attempts, found.captured, found.went_back) == (5, 3, 2)
    assert found.outcomes == {Outcome.CAPTURED: 3, Outcome.TOO_MANY_TRIES: 1, Outcome.CAMERA_DENIED: 1}
    assert next(iter(found.outcomes)) is Outcome.CAPTURED


def test_should_count_who_reached_each_step() -> None:
    found = summarize(ATTEMPTS, timezone.utc)
    assert list(found.steps.items()) == [
        (Step.START, 5),
        (Step.POSITION, 4),
        (Step.BLINK, 4),
        (Step.CHECK, 4),
        (Step.CAPTURED, 3),
    ]


def test_should_tell_how_long_a_selfie_took() -> None:
    found = summarize(ATTEMPTS, timezone.utc)
    assert found.median_s == 6.0
    assert found.slow_s == pytest.approx(8.4)


def test_should_rank_regions_and_reasons() -> None:
    found = summarize(ATTEMPTS, timezone.utc)
    assert list(found.blocked.items()) == [(Region.MOUTH, 2), (Region.NOSE, 1)]
    assert found.blocked_s == {Region.MOUTH: 2.5, Region.NOSE: 1.0}
    assert list(found.restarts.items()) == [(Reason.FACE_LOST, 3), (Reason.JUMPED, 1)]


def test_should_compare_modes_and_devices() -> None:
    found = summarize(ATTEMPTS, timezone.utc)
    assert found.modes == {Mode.STANDARD: Group(4, 2, 5.0), Mode.STRICT: Group(1, 1, 9.0)}
    assert found.devices[Device.PHONE] == Group(4, 2, 6.5)
    assert found.devices[Device.TABLET] == Group(0, 0, None)


def test_should_put_attempts_on_the_viewers_days_without_gaps() -> None:
    # 18:00 in London is already the next day in Jakarta.
    assert summarize(ATTEMPTS, timezone.utc).days == (
        Day(date(2026, 5, 10), 2, 0),
        Day(date(2026, 5, 11), 0, 0),
        Day(date(2026, 5, 12), 1, 2),
    )
    assert summarize(ATTEMPTS, JAKARTA).days[:2] == (Day(date(2026, 5, 10), 1, 0), Day(date(2026, 5, 11), 1, 0))


def test_should_say_nothing_of_no_attempts() -> None:
    found = summarize([], timezone.utc)
    assert (found.attempts, found.median_s, found.slow_s, found.days) == (0, None, None, ())


def test_should_select_by_mode_and_device() -> None:
    assert insights.select(ATTEMPTS, Mode.STRICT, None) == [ATTEMPTS[2]]
    assert insights.select(ATTEMPTS, None, Device.COMPUTER) == [ATTEMPTS[1]]
    assert insights.select(ATTEMPTS, Mode.STRICT, Device.COMPUTER) == []


def test_should_select_by_round() -> None:
    pilot = replace(ATTEMPTS[0], round="pilot")
    assert insights.select([pilot, *ATTEMPTS], None, None, "pilot") == [pilot]
    assert len(insights.select([pilot, *ATTEMPTS], None, None)) == len(ATTEMPTS) + 1


def test_should_write_no_formula_into_a_table() -> None:
    (line,) = csv.DictReader(StringIO(insights.to_csv([replace(ATTEMPTS[0], round="=1+1")])))
    assert line["round"] == "'=1+1"


def test_should_take_a_day_from_its_first_to_its_last_moment() -> None:
    since, until = insights.day_range(date(2026, 5, 10), date(2026, 5, 11), JAKARTA)
    assert since == datetime(2026, 5, 9, 17, 0, tzinfo=timezone.utc)
    assert until == datetime(2026, 5, 11, 17, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize("name", [None, "", "Mars/Olympus", "../../etc/passwd", "Europe", "x" * 300])
def test_should_fall_back_to_utc(name: str | None) -> None:
    assert insights.zone(name) is timezone.utc


def test_should_put_every_time_into_a_bin() -> None:
    seconds = [3.1, 3.2, 4.9, 5.0, 12.0]
    rows = histogram(seconds)
    assert sum(count for _, _, count in rows) == 5
    assert rows[0][0] <= 3.1 < rows[0][1]
    assert all(low < high for low, high, _ in rows)
    assert histogram([]) == []
    assert sum(count for _, _, count in histogram([5.0])) == 1


def test_should_write_one_line_an_attempt() -> None:
    lines = list(csv.DictReader(StringIO(insights.to_csv(ATTEMPTS))))
    assert len(lines) == 5
    assert lines[0]["started_utc"] == "2026-05-10T12:00Z"
    assert lines[0]["seconds_to_selfie"] == "4.0"
    assert lines[3]["restarts_face_lost"] == "2"
    assert lines[3]["blocked_s_mouth"] == "2.0"
    assert lines[4]["seconds_to_selfie"] == ""


def test_should_read_and_count_ten_thousand_attempts_within_a_second(tmp_path: Path) -> None:
    records = made_up_attempts(10_000, NOON)
    config = StoreConfig(URL.create("sqlite", database=str(tmp_path / "attempts.sqlite")), 90)
    with closing(AttemptLog(config, StoreSettings(waiting_rows=20_000), lambda: NOON)) as log:
        for record in records:
            log.add(record)
        log.flush()
        # The time of this process, not of the clock: other work on the machine does not count.
        started = time.process_time()
        found = summarize(log.read(), JAKARTA)
        took = time.process_time() - started
    assert found.attempts == 10_000
    assert found.captured == sum(record.outcome is Outcome.CAPTURED for record in records)
    assert sum(found.outcomes.values()) == sum(group.attempts for group in found.devices.values()) == 10_000
    assert sum(day.captured + day.other for day in found.days) == 10_000
    assert sum(found.restarts.values()) == sum(sum(record.restarts.values()) for record in records)
    assert found.blocked[Region.MOUTH] == sum(Region.MOUTH in record.blocked_s for record in records)
    assert took < 1.0
