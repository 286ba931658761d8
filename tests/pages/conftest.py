"""A server process for each test, without its threads, its models and the log that the environment may ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.server.process import ServerProcess, _made
from core.store.config import ATTEMPT_LOG, ATTEMPT_LOG_DAYS, ATTEMPT_LOG_DIR, DATABASE_URL


@pytest.fixture(autouse=True)
def own_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (ATTEMPT_LOG, ATTEMPT_LOG_DAYS, ATTEMPT_LOG_DIR, DATABASE_URL):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("core.server.process.warm_up", lambda settings: None)
    monkeypatch.setattr(ServerProcess, "start", lambda self: None)
    _made.cache_clear()
    yield
    _made.cache_clear()
