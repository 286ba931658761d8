"""A server process for each test that measures nothing, opens no models and takes every tab for present."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.server.process import _made
from core.store.config import NAMES


@pytest.fixture(autouse=True)
def own_process(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("MAX_SESSIONS", "8")
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("core.server.process.warm_up", lambda settings: None)
    monkeypatch.setattr("core.server.process._present", lambda tab: True)
    _made.cache_clear()
    yield
    _made.cache_clear()
