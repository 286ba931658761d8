"""What the status page says, found out for real."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from core.server.secrets import has_login
from core.server.service import Service
from core.stream.ice import probe
from core.vision import assets

_PROBE = "status"


class Standing(Enum):
    """GOOD: nothing needs to be done. NOTE: it works, and whoever runs it should know. BAD: something is wrong."""

    GOOD = "good"
    NOTE = "note"
    BAD = "bad"


@dataclass(frozen=True)
class Line:
    """One sentence: the part of its text key and what fills its places."""

    key: str
    standing: Standing = Standing.GOOD
    values: dict[str, Any] = field(default_factory=dict)


def lines(service: Service) -> list[Line]:
    """Models, network, seats, door, and whatever was told wrongly."""
    admission = service.admission
    seats = {"live": admission.live, "capacity": admission.capacity, "waiting": admission.waiting}
    locked = has_login() or service.door.locked
    return [
        _models(),
        _network(service),
        Line("seats", values=seats),
        Line("door_login" if has_login() else "door_code") if locked else Line("door_open", Standing.NOTE),
        *(Line(f"wrong_{name}", Standing.BAD) for name in service.trouble),
    ]


def _models() -> Line:
    try:
        assets.ensure_face_model()
        for name in ("eyes", "occlusion"):
            assets.model_path(name)
    except assets.AssetError:
        return Line("models_missing", Standing.BAD)
    return Line("models_ready")


def _network(service: Service) -> Line:
    ice = service.ice.ice(_PROBE)
    if trouble := ice.trouble or probe(ice, service.settings.ice.timeout_s):
        return Line(trouble, Standing.BAD)
    if any(url.startswith("turn") for server in ice.servers for url in server["urls"]):
        return Line("turn_ready_relay" if ice.relay_only else "turn_ready")
    return Line("stun_only", Standing.NOTE)
