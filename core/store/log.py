"""The log itself: rows are handed over at once and written by a thread of its own."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from core.settings import StoreSettings
from core.store.config import StoreConfig
from core.store.migrate import migrate
from core.store.record import AttemptRecord
from core.store.table import attempts, open_engine, to_record, to_row, utc_naive

logger = logging.getLogger(__name__)


def utc_now() -> datetime:
    """The present moment, with its time zone."""
    return datetime.now(timezone.utc)


class LogUnreadable(RuntimeError):
    """The database can't be read just now; the message is the driver's and is for the log, not for a visitor."""


class AttemptLog:
    """Keeps attempts in a database for a number of days.

    One thread writes. When the database is away, rows wait in memory, as many as `StoreSettings.waiting_rows`; then
    new ones are dropped and counted, so that a capture never waits for the log.
    """

    def __init__(
        self, config: StoreConfig, settings: StoreSettings | None = None, clock: Callable[[], datetime] = utc_now
    ) -> None:
        """clock: the present moment, with a time zone; tells which rows are too old."""
        self.config = config
        self.dropped = 0
        self._settings = settings or StoreSettings()
        self._clock = clock
        self._engine = open_engine(config.url, self._settings)
        self._ready = False
        self._swept: datetime | None = None
        self._trouble = False
        self._queue: queue.Queue[AttemptRecord | None] = queue.Queue(self._settings.waiting_rows)
        self._closing = threading.Event()
        self._writer = threading.Thread(target=self._write_all, name="attempt-log", daemon=True)
        self._writer.start()

    @property
    def trouble(self) -> bool:
        """The last write failed; rows are waiting for the database to come back."""
        return self._trouble

    def add(self, record: AttemptRecord) -> None:
        """Hand over one attempt. Returns at once and never raises."""
        try:
            self._queue.put_nowait(record)
        except queue.Full:
            self.dropped += 1

    def read(self, since: datetime | None = None, until: datetime | None = None) -> list[AttemptRecord]:
        """Attempts with since <= started < until, oldest first; never one that is older than the log may keep.

        Raises LogUnreadable.
        """
        oldest = self._oldest()
        since = oldest if since is None else max(since, oldest)
        wanted = select(attempts).where(attempts.c.started >= utc_naive(since))
        if until is not None:
            wanted = wanted.where(attempts.c.started < utc_naive(until))
        try:
            self._prepare()
            with self._engine.connect() as connection:
                rows = connection.execute(wanted.order_by(attempts.c.started, attempts.c.id)).mappings().all()
        except (SQLAlchemyError, OSError) as error:
            raise LogUnreadable(str(error)) from error
        return [record for record in map(to_record, rows) if record is not None]

    def reachable(self) -> bool:
        """Whether the database answers now."""
        try:
            self.read(since=self._clock())
        except LogUnreadable:
            return False
        return True

    def sweep(self) -> None:
        """Delete the rows that are too old. The writer does this by itself. Raises SQLAlchemyError."""
        with self._engine.begin() as connection:
            connection.execute(delete(attempts).where(attempts.c.started < utc_naive(self._oldest())))
        self._swept = self._clock()

    def flush(self) -> None:
        """Wait until everything handed over so far is written. For tests and for the end; it may wait for long."""
        self._queue.join()

    def close(self) -> None:
        """Write what is waiting, for as long as `StoreSettings.wait_s`, and stop."""
        self._closing.set()
        try:
            self._queue.put_nowait(None)
        except queue.Full:
            logger.warning("The attempt log is closed with rows that could not be written")
        self._writer.join(self._settings.wait_s)
        self._engine.dispose()

    def _oldest(self) -> datetime:
        return self._clock() - timedelta(days=self.config.keep_days)

    def _write_all(self) -> None:
        while not self._closing.is_set() or not self._queue.empty():
            batch = self._next_batch()
            records = [record for record in batch if record is not None]
            while not self._write(records) and not self._closing.wait(self._settings.retry_s):
                pass
            for _ in batch:
                self._queue.task_done()

    def _next_batch(self) -> list[AttemptRecord | None]:
        """Everything that waits; empty after a while in which nothing came, so that old rows go all the same."""
        try:
            batch = [self._queue.get(timeout=self._settings.sweep_s)]
        except queue.Empty:
            return []
        while len(batch) < self._settings.waiting_rows:
            try:
                batch.append(self._queue.get_nowait())
            except queue.Empty:
                break
        return batch

    def _write(self, records: list[AttemptRecord]) -> bool:
        try:
            self._prepare()
            if self._swept is None or (self._clock() - self._swept).total_seconds() >= self._settings.sweep_s:
                self.sweep()
            if records:  # last: what follows a successful write must not fail, or the rows would be written twice
                with self._engine.begin() as connection:
                    connection.execute(insert(attempts), [to_row(record) for record in records])
        except Exception as error:  # the thread must live on, whatever a driver throws
            if not self._trouble:
                # The driver's own words may hold the address of the database, so only their kind is logged.
                logger.warning("The attempt log can't be written (%s); rows wait in memory", type(error).__name__)
            self._trouble = True
            return False
        self._trouble = False
        return True

    def _prepare(self) -> None:
        if self._ready:
            return
        migrate(self._engine)
        self._ready = True
