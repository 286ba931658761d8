"""What the status page finds."""

from __future__ import annotations

import pytest

from core.server.service import Service
from core.server.status import Standing, lines
from core.settings import Settings
from core.vision import assets
from core.vision.assets import AssetError


def found(**options: str) -> dict[str, Standing]:
    return {line.key: line.standing for line in lines(Service(options, Settings()))}


def test_should_note_an_open_door_and_a_missing_relay() -> None:
    assert found() == {
        "models_ready": Standing.GOOD,
        "stun_only": Standing.NOTE,
        "seats": Standing.GOOD,
        "door_open": Standing.NOTE,
    }


def test_should_find_an_access_code_good() -> None:
    assert found(ACCESS_CODE="open sesame")["door_code"] is Standing.GOOD


def test_should_say_what_was_told_wrongly() -> None:
    shared = Service({}, Settings())
    shared.trouble.append("max_sessions")
    assert lines(shared)[-1].key == "wrong_max_sessions"
    assert lines(shared)[-1].standing is Standing.BAD


def test_should_say_that_a_model_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise AssetError("model_broken")

    monkeypatch.setattr(assets, "model_path", broken)
    assert found()["models_missing"] is Standing.BAD
