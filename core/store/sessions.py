"""Capture sessions in the database: made, opened, captured, expired, deleted."""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Connection, Engine, Select, delete, insert, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from core.settings import SessionSettings
from core.store.migrate import migrate
from core.store.record import AttemptRecord
from core.store.session_record import CaptureSession, Handover, Hook, Order, SelfieRule, Status, attempt_columns
from core.store.session_table import deliveries, new_row, selfies, sessions, to_session
from core.store.table import utc_naive

_ID_BYTES = 16  # 128 bits: nobody guesses a link
_OPEN = (Status.CREATED.value, Status.OPENED.value)


class OrderConflict(ValueError):
    """The idempotency key was used before, for another order."""


class BadCursor(ValueError):
    """The cursor is none that `SessionStore.page` gave out."""


@dataclass(frozen=True)
class Page:
    """Sessions, newest first. next: the cursor of the following page; None on the last one."""

    sessions: Sequence[CaptureSession]
    next: str | None


class SessionStore:
    """Every method is one transaction. Safe to use from any thread; raises SQLAlchemyError when the database is away.

    A caller who asks with an `owner` sees that owner's sessions and no others.
    """

    def __init__(
        self,
        engine: Engine,
        settings: SessionSettings,
        body: Callable[[CaptureSession], str],
        now: Callable[[], datetime],
    ) -> None:
        """body: what the webhook says of a session that has ended. now: the present moment, with a time zone."""
        self.engine = engine
        self._settings = settings
        self._body = body
        self._now = now
        self._ready = False

    def create(self, order: Order) -> CaptureSession:
        """A new session; the one that is there already for an order that comes a second time. Raises OrderConflict."""
        row = new_row(secrets.token_urlsafe(_ID_BYTES), order, self._now())
        try:
            with self._begin() as connection:
                if found := self._same(connection, order):
                    return found
                connection.execute(insert(sessions).values(row))
        except IntegrityError:  # the same order came twice at once
            with self._begin() as connection:
                if found := self._same(connection, order):
                    return found
            raise
        made = self.find(row["id"])
        assert made is not None
        return made

    def find(self, id_: str, owner: str | None = None) -> CaptureSession | None:
        """The session of that id."""
        with self._begin() as connection:
            return self._find(connection, id_, owner)

    def page(
        self,
        owner: str,
        limit: int,
        cursor: str | None = None,
        round_: str | None = None,
        status: Status | None = None,
    ) -> Page:
        """An owner's sessions, newest first. Raises BadCursor."""
        wanted = _with_selfie().where(sessions.c.owner == owner)
        if cursor is not None:
            created, id_ = _read_cursor(cursor)
            wanted = wanted.where(tuple_(sessions.c.created, sessions.c.id) < tuple_(created, id_))
        if round_ is not None:
            wanted = wanted.where(sessions.c.round == round_)
        if status is not None:
            wanted = wanted.where(sessions.c.status == status.value)
        wanted = wanted.order_by(sessions.c.created.desc(), sessions.c.id.desc()).limit(limit + 1)
        with self._begin() as connection:
            found = [to_session(row) for row in connection.execute(wanted).mappings()]
        return Page(found[:limit], _cursor(found[limit - 1]) if len(found) > limit else None)

    def rounds(self, owner: str) -> list[str]:
        """Names of an owner's rounds."""
        wanted = select(sessions.c.round).where(sessions.c.owner == owner, sessions.c.round.is_not(None)).distinct()
        with self._begin() as connection:
            return sorted(connection.execute(wanted).scalars())

    def open(self, id_: str) -> None:
        """The person has opened the link."""
        change = {"status": Status.OPENED.value, "opened": utc_naive(self._now())}
        with self._begin() as connection:
            connection.execute(
                update(sessions).where(sessions.c.id == id_, sessions.c.status == Status.CREATED.value).values(change)
            )

    def note(self, id_: str, record: AttemptRecord) -> None:
        """An attempt ended without a selfie; the link still works."""
        change = {"attempts": sessions.c.attempts + 1, "attempt": attempt_columns(record)}
        with self._begin() as connection:
            connection.execute(update(sessions).where(*self._usable(id_)).values(change))

    def capture(self, id_: str, record: AttemptRecord, handover: Handover) -> bool:
        """The selfie is there: keep it and queue the webhook, both or neither.

        False when the session has ended meanwhile: captured in another tab, expired or deleted.
        """
        change = {
            "status": Status.CAPTURED.value,
            "ended": utc_naive(self._now()),
            "attempts": sessions.c.attempts + 1,
            "attempt": attempt_columns(record),
            "report": handover.report,
            "signature": handover.signature,
        }
        with self._begin() as connection:
            if not connection.execute(update(sessions).where(*self._usable(id_)).values(change)).rowcount:
                return False
            connection.execute(insert(selfies).values(session=id_, sealed=handover.sealed))
            self._queue(connection, id_)
        return True

    def take_selfie(self, id_: str, owner: str) -> bytes | None:
        """The sealed selfie; where it may be fetched once, this was that time. None when there is none (any more)."""
        with self._begin() as connection:
            session = self._find(connection, id_, owner)
            if session is None or session.order.expires <= self._now():
                return None
            # On PostgreSQL a second caller waits here until the first is through, and then finds nothing.
            wanted = select(selfies.c.sealed).where(selfies.c.session == id_).with_for_update()
            sealed = connection.execute(wanted).scalar()
            if sealed is None:
                return None
            if session.order.selfie is SelfieRule.ONCE:
                gone = connection.execute(delete(selfies).where(selfies.c.session == id_))
                if not gone.rowcount:
                    return None
            return bytes(sealed)

    def answer(self, id_: str, answers: Mapping[str, str]) -> None:
        """The person's feedback."""
        with self._begin() as connection:
            connection.execute(update(sessions).where(sessions.c.id == id_).values(feedback=dict(answers)))

    def remove(self, id_: str, owner: str) -> bool:
        """Delete a session and all that belongs to it, webhooks included; False when there is none."""
        with self._begin() as connection:
            if self._find(connection, id_, owner) is None:
                return False
            self._delete(connection, [id_])
        self._shrink()
        return True

    def sweep(self) -> int:
        """End the sessions that are too old, and delete the selfies of all that are, and those kept long enough.

        Returns how many rows changed or went.
        """
        now = utc_naive(self._now())
        kept_since = utc_naive(self._now() - timedelta(seconds=self._settings.kept_s))
        too_old = select(sessions.c.id).where(sessions.c.expires <= now)
        with self._begin() as connection:
            ended = connection.execute(too_old.where(sessions.c.status.in_(_OPEN))).scalars().all()
            for id_ in ended:
                change = {"status": Status.EXPIRED.value, "ended": now}
                still_open = (sessions.c.id == id_, sessions.c.status.in_(_OPEN))
                if connection.execute(update(sessions).where(*still_open).values(change)).rowcount:
                    self._queue(connection, id_)
            unfetched = connection.execute(delete(selfies).where(selfies.c.session.in_(too_old))).rowcount
            done = connection.execute(
                select(sessions.c.id).where(sessions.c.expires <= kept_since, sessions.c.hook != Hook.PENDING.value)
            ).scalars()
            gone = list(done)
            self._delete(connection, gone)
        changed = len(ended) + unfetched + len(gone)
        if changed:
            self._shrink()
        return changed

    def _begin(self) -> Any:
        if not self._ready:
            migrate(self.engine)
            self._ready = True
        return self.engine.begin()

    def _find(self, connection: Connection, id_: str, owner: str | None) -> CaptureSession | None:
        wanted = _with_selfie().where(sessions.c.id == id_)
        if owner is not None:
            wanted = wanted.where(sessions.c.owner == owner)
        row = connection.execute(wanted).mappings().first()
        return to_session(row) if row else None

    def _same(self, connection: Connection, order: Order) -> CaptureSession | None:
        if order.request is None:
            return None
        wanted = _with_selfie().where(sessions.c.owner == order.owner, sessions.c.request == order.request)
        row = connection.execute(wanted).mappings().first()
        if row is None:
            return None
        if row["digest"] != order.digest:
            raise OrderConflict(order.request)
        return to_session(row)

    def _usable(self, id_: str) -> tuple[Any, ...]:
        return sessions.c.id == id_, sessions.c.status.in_(_OPEN), sessions.c.expires > utc_naive(self._now())

    def _queue(self, connection: Connection, id_: str) -> None:
        """The webhook of a session that has just ended, if it has one."""
        session = self._find(connection, id_, None)
        if session is None or session.order.webhook_url is None:
            return
        now = utc_naive(self._now())
        row = {
            "id": f"msg_{secrets.token_urlsafe(_ID_BYTES)}",
            "session": id_,
            "owner": session.order.owner,
            "url": session.order.webhook_url,
            "body": self._body(session),
            "created": now,
            "tries": 0,
            "due": now,
        }
        connection.execute(insert(deliveries).values(row))
        connection.execute(update(sessions).where(sessions.c.id == id_).values(hook=Hook.PENDING.value))

    def _delete(self, connection: Connection, ids: Sequence[str]) -> None:
        for start in range(0, len(ids), 500):  # SQLite takes only so many values at a time
            some = ids[start : start + 500]
            connection.execute(delete(deliveries).where(deliveries.c.session.in_(some)))
            connection.execute(delete(selfies).where(selfies.c.session.in_(some)))
            connection.execute(delete(sessions).where(sessions.c.id.in_(some)))

    def _shrink(self) -> None:
        """On SQLite what was deleted is still in the write-ahead log, until that is emptied."""
        if self.engine.url.get_backend_name() == "sqlite":
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _with_selfie() -> Select[Any]:
    return select(sessions, selfies.c.session.label("kept")).join(selfies, isouter=True)


def _cursor(session: CaptureSession) -> str:
    place = [session.created.timestamp(), session.id]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        created, id_ = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        moment = datetime.fromtimestamp(float(created), timezone.utc)
    except (ValueError, TypeError, OverflowError, OSError, RecursionError, binascii.Error):
        raise BadCursor(cursor) from None
    if not isinstance(id_, str) or "\0" in id_:
        raise BadCursor(cursor)
    return utc_naive(moment), id_
