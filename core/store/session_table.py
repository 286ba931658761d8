"""The tables of capture sessions, and the way between their rows and the records."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import JSON, Column, DateTime, ForeignKey, Index, Integer, LargeBinary, String, Table, Text
from sqlalchemy.engine import RowMapping

from core.regions import Region
from core.store.record import Mode
from core.store.session_record import CaptureSession, Delivery, Hook, Order, SelfieRule, Status
from core.store.table import metadata, utc_naive

sessions = Table(
    "sessions",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("request", String(255)),
    Column("digest", String(64)),
    Column("round", String(64)),
    Column("created", DateTime, nullable=False),
    Column("expires", DateTime, nullable=False),
    Column("mode", String(16), nullable=False),
    Column("language", String(8)),
    Column("reference", String(255)),
    Column("return_url", Text),
    Column("webhook_url", Text),
    Column("required", JSON, nullable=False),
    Column("selfie", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("opened", DateTime),
    Column("ended", DateTime),
    Column("attempts", Integer, nullable=False),
    Column("attempt", JSON, nullable=False),
    Column("report", Text),
    Column("signature", Text),
    Column("hook", String(16), nullable=False),
    Column("feedback", JSON, nullable=False),
    Index("sessions_list", "owner", "created", "id"),
    Index("sessions_round", "owner", "round"),
    Index("sessions_request", "owner", "request", unique=True),
    Index("sessions_expires", "status", "expires"),
)

# Apart from the sessions, so that going through those never reads pictures.
selfies = Table(
    "selfies",
    metadata,
    Column("session", String(32), ForeignKey("sessions.id"), primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("session", String(32), ForeignKey("sessions.id"), nullable=False, index=True),
    Column("owner", String(64), nullable=False),
    Column("url", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("created", DateTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", DateTime, nullable=False, index=True),
)


def new_row(id_: str, order: Order, now: datetime) -> dict[str, Any]:
    """The row of a session that begins."""
    return {
        "id": id_,
        "owner": order.owner,
        "request": order.request,
        "digest": order.digest,
        "round": order.round,
        "created": utc_naive(now),
        "expires": utc_naive(order.expires),
        "mode": order.mode.value,
        "language": order.language,
        "reference": order.reference,
        "return_url": order.return_url,
        "webhook_url": order.webhook_url,
        "required": [region.value for region in order.required],
        "selfie": order.selfie.value,
        "status": Status.CREATED.value,
        "attempts": 0,
        "attempt": {},
        "hook": Hook.NONE.value,
        "feedback": {},
    }


def to_session(row: RowMapping) -> CaptureSession:
    """The session of a row that has the column `kept` besides its own: the id of its selfie, None without one."""
    order = Order(
        owner=row["owner"],
        expires=_zoned(row["expires"]),
        mode=Mode(row["mode"]),
        language=row["language"],
        reference=row["reference"],
        return_url=row["return_url"],
        webhook_url=row["webhook_url"],
        required=tuple(Region(name) for name in row["required"]),
        selfie=SelfieRule(row["selfie"]),
        round=row["round"],
        request=row["request"],
        digest=row["digest"],
    )
    return CaptureSession(
        id=row["id"],
        order=order,
        status=Status(row["status"]),
        created=_zoned(row["created"]),
        opened=_zoned(row["opened"]) if row["opened"] else None,
        ended=_zoned(row["ended"]) if row["ended"] else None,
        attempts=row["attempts"],
        attempt=row["attempt"],
        report=row["report"],
        signature=row["signature"],
        selfie_kept=row["kept"] is not None,
        hook=Hook(row["hook"]),
        feedback=row["feedback"],
    )


def to_delivery(row: RowMapping) -> Delivery:
    """The delivery of a row."""
    names = ("id", "session", "owner", "url", "body", "tries")
    return Delivery(**{name: row[name] for name in names}, created=_zoned(row["created"]))


def _zoned(moment: datetime) -> datetime:
    return moment.replace(tzinfo=timezone.utc)
