from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from core.flow.outcome import Outcome
from core.flow.snapshot import Reason
from core.regions import Region
from core.settings import SessionSettings, StoreSettings
from core.store.config import StoreConfig
from core.store.record import AttemptRecord, Device, Mode, Step
from core.store.session_record import Handover, Hook, Order, SelfieRule, Status
from core.store.sessions import BadCursor, OrderConflict, SessionStore
from core.store.table import open_engine

START = datetime(2026, 5, 1, 12, 0, tzinfo=timezone.utc)
RECORD = AttemptRecord(
    START, Mode.STANDARD, Device.PHONE, Step.CAPTURED, Outcome.CAPTURED, 4.2, {Reason.FACE_LOST: 2}, {Region.MOUTH: 1.5}
)
HANDOVER = Handover('{"seconds": 4.2}', "head..tail", b"sealed bytes of a selfie")


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(config: StoreConfig, clock: Clock) -> Iterator[SessionStore]:
    engine = open_engine(config.url, StoreSettings())
    yield SessionStore(engine, SessionSettings(), lambda session: f"{session.id} {session.status.value}", clock)
    engine.dispose()


def order(clock: Clock, **changes: object) -> Order:
    return replace(Order("shop", clock.now + timedelta(hours=1)), **changes)  # type: ignore[arg-type]


def test_should_give_back_what_was_ordered(store: SessionStore, clock: Clock) -> None:
    wanted = order(
        clock,
        mode=Mode.STRICT,
        language="id",
        reference="42",
        return_url="https://a.example/",
        webhook_url="https://b.example/",
        required=(Region.CHIN,),
        selfie=SelfieRule.UNTIL_EXPIRY,
        round="pilot",
    )
    made = store.create(wanted)
    assert made.order == wanted and made.status is Status.CREATED
    assert store.find(made.id) == store.find(made.id, "shop") == made
    assert store.find(made.id, "bank") is None and store.find("x") is None
    assert store.rounds("shop") == ["pilot"] and store.rounds("bank") == []


def test_should_go_from_created_to_captured(store: SessionStore, clock: Clock) -> None:
    id_ = store.create(order(clock)).id
    store.open(id_)
    store.open(id_)
    store.note(id_, replace(RECORD, outcome=Outcome.NO_PROGRESS, seconds=None, reached=Step.BLINK))
    tried = store.find(id_)
    assert tried and (tried.status, tried.attempts, tried.attempt["outcome"]) == (Status.OPENED, 1, "no_progress")

    assert store.capture(id_, RECORD, HANDOVER)
    done = store.find(id_)
    assert done and done.opened and done.ended
    assert (done.status, done.attempts, done.report, done.signature) == (
        Status.CAPTURED,
        2,
        HANDOVER.report,
        HANDOVER.signature,
    )
    assert done.attempt["restarts"] == {"face_lost": 2} and done.attempt["blocked_s"] == {"mouth": 1.5}
    assert "started" not in done.attempt


def test_should_take_the_first_of_many_captures_at_once(store: SessionStore, clock: Clock) -> None:
    id_ = store.create(order(clock)).id
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: store.capture(id_, RECORD, HANDOVER), range(6)))
    assert found.count(True) == 1


def test_should_give_the_selfie_once_even_to_many_at_once(store: SessionStore, clock: Clock) -> None:
    id_ = store.create(order(clock)).id
    store.capture(id_, RECORD, HANDOVER)
    assert store.take_selfie(id_, "bank") is None
    with ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda _: store.take_selfie(id_, "shop"), range(6)))
    assert sorted(map(str, found)) == ["None"] * 5 + [str(HANDOVER.sealed)]


def test_should_make_one_session_of_the_same_call_many_times_at_once(store: SessionStore, clock: Clock) -> None:
    wanted = order(clock, request="7", digest="a" * 64)
    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(lambda _: store.create(wanted).id, range(6)))
    assert len(set(made)) == 1
    with pytest.raises(OrderConflict):
        store.create(replace(wanted, digest="b" * 64))
    assert store.create(replace(wanted, owner="bank")).id != made[0]


def test_should_end_sessions_in_time_and_forget_them_a_day_later(store: SessionStore, clock: Clock) -> None:
    open_, captured = (store.create(order(clock, selfie=SelfieRule.UNTIL_EXPIRY)).id for _ in range(2))
    store.capture(captured, RECORD, HANDOVER)
    assert store.sweep() == 0
    clock.now += timedelta(hours=1)
    assert store.capture(open_, RECORD, HANDOVER) is False  # too late, though nobody has swept yet
    assert store.take_selfie(captured, "shop") is None
    store.sweep()
    expired, kept = store.find(open_), store.find(captured)
    assert expired and kept
    assert (expired.status, kept.status, kept.selfie_kept) == (Status.EXPIRED, Status.CAPTURED, False)
    clock.now += timedelta(days=1)
    store.sweep()
    assert store.find(open_) is None and store.find(captured) is None


def test_should_keep_a_session_whose_webhook_is_on_its_way(store: SessionStore, clock: Clock) -> None:
    id_ = store.create(order(clock, webhook_url="https://b.example/")).id
    clock.now += timedelta(days=2)
    store.sweep()
    store.sweep()
    found = store.find(id_)
    assert found and (found.status, found.hook) == (Status.EXPIRED, Hook.PENDING)


@pytest.mark.parametrize("cursor", ["", "x", "W10", "WzFd", "e30", "WzFlOTksICJhIl0", "é", "/" * 50, "WyJhIiwgImIiXQ"])
def test_should_refuse_cursors_of_others_making(cursor: str, store: SessionStore) -> None:
    with pytest.raises(BadCursor):
        store.page("shop", 10, cursor)


def test_should_page_without_gaps_while_more_come(store: SessionStore, clock: Clock) -> None:
    made = [store.create(order(clock)).id for _ in range(5)]
    first = store.page("shop", 3)
    store.create(order(clock))
    second = store.page("shop", 3, first.next)
    assert [session.id for session in (*first.sessions, *second.sessions)] == made[::-1]
    assert second.next is None


def test_should_leave_nothing_of_a_thousand_sessions_on_disk(tmp_path: Path, clock: Clock) -> None:
    url = URL.create("sqlite", database=str(tmp_path / "sessions.sqlite"))
    engine = open_engine(url, StoreSettings())
    store = SessionStore(engine, SessionSettings(), lambda session: "", clock)
    ids = [store.create(order(clock, reference=f"reference-{number}", round="pilot")).id for number in range(1000)]
    for id_ in ids[::10]:
        store.capture(id_, RECORD, HANDOVER)

    def on_disk() -> bytes:
        return b"".join(path.read_bytes() for path in tmp_path.iterdir())

    assert ids[0].encode() in on_disk() and HANDOVER.sealed in on_disk()
    clock.now += timedelta(hours=1, seconds=1)
    store.sweep()
    assert HANDOVER.sealed not in on_disk()
    clock.now += timedelta(days=1)
    store.sweep()
    left = on_disk()
    engine.dispose()
    assert [id_ for id_ in ids if id_.encode() in left] == []
    assert b"reference-" not in left and b"sealed bytes" not in left and HANDOVER.report.encode() not in left
