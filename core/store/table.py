"""The one table of the log and the way between its rows and `AttemptRecord`."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import JSON, Column, DateTime, Engine, Float, Integer, MetaData, String, Table, create_engine, event
from sqlalchemy.engine import URL, RowMapping

from core.flow.outcome import Outcome
from core.flow.snapshot import Reason
from core.regions import Region
from core.settings import StoreSettings
from core.store.record import AttemptRecord, Device, Mode, Step

metadata = MetaData()

_FORMER = {"no_camera": Outcome.CAMERA_FAILED}  # outcomes of rows from before the log told why there was no camera

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    # UTC without a zone: SQLite knows none.
    Column("started", DateTime, nullable=False, index=True),
    Column("mode", String(16), nullable=False),
    Column("device", String(16), nullable=False),
    Column("reached", String(16), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("seconds", Float),
    Column("restarts", JSON, nullable=False),
    Column("blocked_s", JSON, nullable=False),
    Column("width", Integer),
    Column("height", Integer),
    Column("fps", Float),
    Column("round", String(64)),
)


def open_engine(url: URL, settings: StoreSettings) -> Engine:
    """An engine for SQLite or PostgreSQL. Connects only when it is used."""
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": max(1, round(settings.wait_s))})
    engine = create_engine(url, connect_args={"timeout": settings.wait_s})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: Any) -> None:
        # With a write-ahead log, a process killed in the middle of a write leaves every earlier row in place, and
        # readers never wait for the writer.
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA foreign_keys=ON")
        # What is deleted is overwritten, not only marked as free.
        connection.execute("PRAGMA secure_delete=ON")

    return engine


def to_row(record: AttemptRecord) -> dict[str, Any]:
    """Values by column."""
    return {
        "started": utc_naive(record.started),
        "mode": record.mode.value,
        "device": record.device.value,
        "reached": record.reached.value,
        "outcome": record.outcome.value,
        "seconds": record.seconds,
        "restarts": {reason.value: count for reason, count in record.restarts.items()},
        "blocked_s": {region.value: seconds for region, seconds in record.blocked_s.items()},
        "width": record.width,
        "height": record.height,
        "fps": record.fps,
        "round": record.round,
    }


def to_record(row: RowMapping) -> AttemptRecord | None:
    """The other way round; None for a row with values that this version does not know."""
    try:
        return _to_record(row)
    except ValueError:
        return None


def _to_record(row: RowMapping) -> AttemptRecord:
    return AttemptRecord(
        started=row["started"].replace(tzinfo=timezone.utc),
        mode=Mode(row["mode"]),
        device=Device(row["device"]),
        reached=Step(row["reached"]),
        outcome=_FORMER.get(row["outcome"]) or Outcome(row["outcome"]),
        seconds=row["seconds"],
        restarts={Reason(name): count for name, count in row["restarts"].items()},
        blocked_s={Region(name): seconds for name, seconds in row["blocked_s"].items()},
        width=row["width"],
        height=row["height"],
        fps=row["fps"],
        round=row["round"],
    )


def utc_naive(moment: datetime) -> datetime:
    """As the table keeps it."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None)
