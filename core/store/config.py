"""What the log is told from outside: whether to keep anything, where, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from core.options import switched_on
from core.settings import StoreSettings

ATTEMPT_LOG = "ATTEMPT_LOG"
ATTEMPT_LOG_DAYS = "ATTEMPT_LOG_DAYS"
ATTEMPT_LOG_DIR = "ATTEMPT_LOG_DIR"
DATABASE_URL = "DATABASE_URL"

_OFF = {"", "off", "false", "no", "0"}


class StoreError(ValueError):
    """The log can't be opened as it is configured; `name` is the setting that is wrong."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class StoreConfig:
    """Where the log is and how many days a row stays."""

    url: URL
    keep_days: int


def store_config(values: Mapping[str, str], settings: StoreSettings) -> StoreConfig | None:
    """The log's configuration; None when it is not switched on, and then nothing is stored.

    Raises StoreError for a value that makes no sense: better no log than one that keeps rows for too long.
    """
    if values.get(ATTEMPT_LOG, "").strip().lower() in _OFF:
        return None
    if not switched_on(values, ATTEMPT_LOG):
        raise StoreError(ATTEMPT_LOG)
    return StoreConfig(database_url(values, settings), _days(values, settings))


def _days(values: Mapping[str, str], settings: StoreSettings) -> int:
    given = values.get(ATTEMPT_LOG_DAYS, "").strip()
    if not given:
        return settings.keep_days
    if not given.isdecimal() or not 1 <= int(given) <= settings.max_keep_days:
        raise StoreError(ATTEMPT_LOG_DAYS)
    return int(given)


def database_url(values: Mapping[str, str], settings: StoreSettings) -> URL:
    """Where the database is: DATABASE_URL, or a SQLite file in ATTEMPT_LOG_DIR. Raises StoreError."""
    given = values.get(DATABASE_URL, "").strip()
    if not given:
        folder = Path(values.get(ATTEMPT_LOG_DIR, "").strip() or settings.folder)
        return URL.create("sqlite", database=str(folder / settings.file))
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):  # a port that is no number; the message would hold parts of the password
        raise StoreError(DATABASE_URL) from None
    kind = url.drivername.split("+")[0]
    if kind == "sqlite":
        return url.set(drivername="sqlite")
    if kind in ("postgres", "postgresql"):
        # Hosts hand out postgres://, and SQLAlchemy would look for another driver than the one installed.
        return url.set(drivername="postgresql+psycopg")
    raise StoreError(DATABASE_URL)
