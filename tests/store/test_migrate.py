from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert, select

from core.settings import StoreSettings
from core.store import session_table
from core.store.config import StoreConfig
from core.store.log import AttemptLog
from core.store.migrate import migrate
from core.store.table import attempts, metadata, open_engine, to_row
from tests.store.test_log import NOW, RECORD

assert session_table  # its tables are in the metadata, too


def test_should_make_the_very_tables_that_the_code_knows(config: StoreConfig) -> None:
    engine = open_engine(config.url, StoreSettings())
    migrate(engine)
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_should_keep_the_rows_of_a_log_from_before_there_were_migrations(config: StoreConfig) -> None:
    engine = open_engine(config.url, StoreSettings())
    if engine.name == "sqlite":
        Path(str(config.url.database)).parent.mkdir(parents=True)
    old = [column for column in attempts.columns if column.name != "round"]
    with engine.begin() as connection:
        columns = [f"{column.name} {column.type.compile(engine.dialect)}" for column in old if column.name != "id"]
        serial = "INTEGER PRIMARY KEY" if engine.name == "sqlite" else "SERIAL PRIMARY KEY"
        connection.exec_driver_sql(f"CREATE TABLE attempts (id {serial}, {', '.join(columns)})")
        row = {name: value for name, value in to_row(RECORD).items() if name != "round"}
        connection.execute(insert(attempts).values(row))
    engine.dispose()

    log = AttemptLog(config, clock=lambda: NOW)
    try:
        assert log.read() == [RECORD]
        log.add(RECORD)
        log.flush()
        assert log.read() == [RECORD, RECORD]
    finally:
        log.close()


def test_several_should_be_able_to_migrate_at_once(config: StoreConfig) -> None:
    engines = [open_engine(config.url, StoreSettings()) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, engines))
    with engines[0].connect() as connection:
        assert connection.execute(select(attempts)).all() == []
    for engine in engines:
        engine.dispose()
