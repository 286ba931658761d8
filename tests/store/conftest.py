"""A database to write into: a SQLite file, and a real PostgreSQL started for the tests where it is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from core.settings import StoreSettings
from core.store.config import StoreConfig
from core.store.table import open_engine


def postgres_programs() -> Path | None:
    """Folder of the newest initdb, if there is one: Debian keeps it off the PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    on_path = shutil.which("initdb")
    candidates = [*folders, *([Path(on_path).parent] if on_path else [])]
    return next((folder for folder in candidates if (folder / "initdb").exists()), None)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[URL]:
    """Address of a PostgreSQL server of our own on loopback."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt install postgresql")
    # The server refuses to run as root; the package brings a user for it.
    user = "postgres" if os.getuid() == 0 else None
    folder = tmp_path_factory.mktemp("postgres")
    if user:
        shutil.chown(folder, user)
        for parent in (folder, *folder.parents[:2]):
            parent.chmod(parent.stat().st_mode | 0o055)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    data = folder / "data"
    options = f"-h 127.0.0.1 -p {port} -k {folder} -c fsync=off"

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=user, cwd=folder, capture_output=True, timeout=60)

    run(str(programs / "initdb"), "-D", str(data), "-U", "tester", "-A", "trust", "-E", "UTF8", "--no-sync")
    control = str(programs / "pg_ctl")
    # Its own log file: the server would otherwise hold our pipe open for as long as it lives.
    run(control, "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield URL.create("postgresql+psycopg", "tester", host="127.0.0.1", port=port, database="postgres")
    finally:
        run(control, "-D", str(data), "-m", "immediate", "stop")


@pytest.fixture(params=["sqlite", "postgres"])
def config(request: pytest.FixtureRequest, tmp_path: Path) -> StoreConfig:
    """An empty database of each kind, kept for 30 days."""
    if request.param == "sqlite":
        return StoreConfig(URL.create("sqlite", database=str(tmp_path / "sub" / "attempts.sqlite")), 30)
    url = request.getfixturevalue("postgres")
    engine = open_engine(url, StoreSettings())
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    engine.dispose()
    return StoreConfig(url, 30)
