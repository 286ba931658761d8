"""A gateway with two callers, its API as a client sees it, and a way to capture without a camera."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.api.gateway import Gateway, open_gateway
from core.api.keys import new_key
from core.api.link import Link
from core.api.routes import api_routes
from core.files.handout import develop
from core.flow.outcome import Outcome
from core.settings import Settings
from core.store.record import AttemptRecord, Device, Mode, Step
from tests.fakes import selfie

CAPTURED_AT = datetime(2026, 5, 1, 12, 0, tzinfo=timezone.utc)
RECORD = AttemptRecord(CAPTURED_AT, Mode.STANDARD, Device.PHONE, Step.CAPTURED, Outcome.CAPTURED, seconds=4.2)

Capture = Callable[[str], None]


class Caller(TestClient):
    """Somebody with a key; `key` and `entry` are what `core api-key` gives out."""

    def __init__(self, gateway: Gateway, key: str) -> None:
        super().__init__(
            Starlette(routes=api_routes(gateway)),
            headers={"Authorization": f"Bearer {key}"},
            base_url="https://selfie.example",
        )

    def create(self, **wanted: object) -> str:
        """The id of a new session."""
        answer = self.post("/api/v1/sessions", json=wanted)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def session(self, id_: str) -> dict[str, object]:
        answer = self.get(f"/api/v1/sessions/{id_}")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())


@pytest.fixture
def keys() -> dict[str, tuple[str, str]]:
    """Key and entry of "shop" and of "bank"."""
    return {name: new_key(name) for name in ("shop", "bank")}


@pytest.fixture
def gateway(tmp_path: Path, keys: dict[str, tuple[str, str]]) -> Gateway:
    options = {
        "API_KEYS": ",".join(entry for _, entry in keys.values()),
        "API_LIMIT": "100000",
        "KEY_DIR": str(tmp_path / "keys"),
        "ATTEMPT_LOG_DIR": str(tmp_path / "data"),
        "WEBHOOK_NETWORKS": "127.0.0.1",
    }
    made = open_gateway(options, Settings())
    assert made is not None
    return made


@pytest.fixture
def shop(gateway: Gateway, keys: dict[str, tuple[str, str]]) -> Iterator[Caller]:
    with Caller(gateway, keys["shop"][0]) as client:
        yield client


@pytest.fixture
def bank(gateway: Gateway, keys: dict[str, tuple[str, str]]) -> Iterator[Caller]:
    with Caller(gateway, keys["bank"][0]) as client:
        yield client


@pytest.fixture
def capture(gateway: Gateway) -> Capture:
    """Captures a session as the page does, with a selfie that no camera took."""

    def captured(id_: str) -> None:
        link = Link(gateway, id_)
        link.look()
        link.keep(develop(selfie(), CAPTURED_AT, {"eyes": {"version": "1"}}, 95, gateway.evidence))
        link.add(RECORD)

    return captured
