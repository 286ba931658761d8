"""What the status page says, found out for real."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from core.server.process import ServerProcess
from core.server.secrets import has_login
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


def lines(process: ServerProcess) -> list[Line]:
    """Models, network, seats, access, the attempt log, and whatever was told wrongly."""
    admission = process.admission
    seats = {"live": admission.live, "capacity": admission.capacity, "waiting": admission.waiting}
    return [
        _models(),
        _network(process),
        Line("seats", values=seats),
        _access(process),
        *_log(process),
        *(Line(f"wrong_{name}", Standing.BAD) for name in process.trouble),
    ]


def _access(process: ServerProcess) -> Line:
    if has_login():
        return Line("access_login")
    return Line("access_code") if process.access.required else Line("access_open", Standing.NOTE)


def _log(process: ServerProcess) -> list[Line]:
    """Nothing while the log is switched off."""
    if process.log_error is not None:
        return [Line("log_wrong", Standing.BAD, {"name": process.log_error.name})]
    if process.log is None:
        return []
    lost = Line("log_lost", Standing.BAD, {"count": process.log.dropped})
    state = Line("log_on") if process.log.reachable() and not process.log.trouble else Line("log_waiting", Standing.BAD)
    return [state, lost] if process.log.dropped else [state]


def _models() -> Line:
    try:
        assets.ensure_models()
    except assets.AssetError:
        return Line("models_missing", Standing.BAD)
    return Line("models_ready")


def _network(process: ServerProcess) -> Line:
    ice = process.ice.ice(_PROBE)
    if trouble := ice.trouble or probe(ice, process.settings.ice.timeout_s):
        return Line(trouble, Standing.BAD)
    if any(url.startswith("turn") for server in ice.servers for url in server["urls"]):
        return Line("turn_ready_relay" if ice.relay_only else "turn_ready")
    return Line("stun_only", Standing.NOTE)
