"""Brings a database's tables to this version. Each step is a file in migrations/versions/."""

from __future__ import annotations

import threading
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, inspect

from core.store.table import metadata

_FOLDER = Path(__file__).with_name("migrations")
_BEFORE_MIGRATIONS = "0001"
_LOCK = 0x5E1F1E  # of PostgreSQL, for whoever migrates; any number that is always the same
_migrating = threading.Lock()


def migrate(engine: Engine) -> None:
    """Bring the tables to this version; those of a database from before there were migrations, too.

    Several processes may do it at once: the second waits and finds nothing to do. Raises SQLAlchemyError, or OSError
    when a SQLite file's folder can't be made.
    """
    url = engine.url
    sqlite = url.get_backend_name() == "sqlite"
    if sqlite and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    # Alembic keeps its context in module variables, so only one thread at a time.
    with _migrating, engine.begin() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if sqlite else f"SELECT pg_advisory_xact_lock({_LOCK})")
        tables = inspect(connection).get_table_names()
        if "attempts" in tables and "alembic_version" not in tables:
            command.stamp(_config(connection), _BEFORE_MIGRATIONS)
        command.upgrade(_config(connection), "head")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.attributes.update(connection=connection, metadata=metadata)
    return config
