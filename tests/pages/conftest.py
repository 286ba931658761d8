"""For each test a server process without its threads, its models and the log that the environment may ask for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from core.api.gateway import Gateway
from core.api.keys import new_key
from core.server.process import ServerProcess, _made
from core.store.config import ATTEMPT_LOG, ATTEMPT_LOG_DAYS, ATTEMPT_LOG_DIR, DATABASE_URL
from core.web.served import gateway


@pytest.fixture(autouse=True)
def own_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name in (ATTEMPT_LOG, ATTEMPT_LOG_DAYS, ATTEMPT_LOG_DIR, DATABASE_URL):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("core.server.process.warm_up", lambda settings: None)
    monkeypatch.setattr(ServerProcess, "start", lambda self: None)
    at_once = SimpleNamespace(submit=lambda work: work())
    monkeypatch.setattr("core.server.process.ThreadPoolExecutor", lambda *_, **__: at_once)
    _made.cache_clear()
    yield
    _made.cache_clear()


@pytest.fixture
def keys() -> dict[str, tuple[str, str]]:
    return {name: new_key(name) for name in ("shop", "bank")}


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, keys: dict[str, tuple[str, str]]) -> Iterator[Gateway]:
    monkeypatch.setenv("API_KEYS", ",".join(entry for _, entry in keys.values()))
    monkeypatch.setenv("KEY_DIR", str(tmp_path / "keys"))
    monkeypatch.setenv("ATTEMPT_LOG_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("PUBLIC_URL", "https://selfie.example")
    gateway.cache_clear()
    made = gateway()
    assert made is not None
    yield made
    gateway.cache_clear()
