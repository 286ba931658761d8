"""Made-up attempts: to show the Insights page before there is a log, and to measure it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import TypeVar

from core.flow.outcome import Outcome
from core.flow.snapshot import Reason
from core.regions import Region
from core.store.record import AttemptRecord, Device, Mode, Step, quarter_hour

_Item = TypeVar("_Item")

# Invented weights; nothing here was measured.
_DEVICES = {Device.PHONE: 62, Device.COMPUTER: 31, Device.TABLET: 6, Device.UNKNOWN: 1}
_OUTCOMES = {
    Outcome.CAPTURED: 84,
    Outcome.LEFT: 7,
    Outcome.NO_PROGRESS: 4,
    Outcome.TOO_MANY_TRIES: 3,
    Outcome.CAMERA_DENIED: 2,
}
_LAST_STEPS = {Step.START: 1, Step.POSITION: 3, Step.BLINK: 3, Step.CHECK: 3}
_BLOCKED = {
    Region.MOUTH: 24,
    Region.NOSE: 13,
    Region.FOREHEAD: 15,
    Region.LEFT_EYE: 11,
    Region.RIGHT_EYE: 12,
    Region.CHIN: 10,
    Region.LEFT_CHEEK: 5,
    Region.RIGHT_CHEEK: 6,
    Region.LEFT_BROW: 2,
    Region.RIGHT_BROW: 2,
}
_RESTARTS = {Reason.FACE_LOST: 40, Reason.JUMPED: 14, Reason.SECOND_FACE: 13, Reason.EYES_CLOSED: 12}
_STRICT_RESTARTS = {**_RESTARTS, Reason.MISSED_CUE: 16, Reason.UNCUED_BLINK: 11}
_SIZES = {Device.PHONE: ((480, 640), (720, 960)), Device.TABLET: ((960, 720),)}
_OTHER_SIZES = ((640, 480), (960, 720), (480, 360))


def made_up_attempts(count: int, now: datetime, *, days: int = 60, seed: int = 7) -> list[AttemptRecord]:
    """`count` attempts of the last `days` days before `now`, the same for the same seed. Oldest first."""
    draw = random.Random(seed)
    moments = sorted(now - timedelta(days=days * draw.random() ** 1.4) for _ in range(count))
    return [_attempt(moment, draw) for moment in moments]


def _attempt(moment: datetime, draw: random.Random) -> AttemptRecord:
    mode = Mode.STRICT if draw.random() < 0.25 else Mode.STANDARD
    device = _one_of(_DEVICES, draw)
    outcome = _one_of(_OUTCOMES, draw)
    reached = _reached(outcome, draw)
    seen = reached is not Step.START
    width, height = draw.choice(_SIZES.get(device, _OTHER_SIZES)) if seen else (None, None)
    slow = 1.7 if mode is Mode.STRICT else 1.0
    return AttemptRecord(
        started=quarter_hour(moment),
        mode=mode,
        device=device,
        reached=reached,
        outcome=outcome,
        seconds=round(slow * (3.4 + draw.gammavariate(2.0, 1.3)), 2) if outcome is Outcome.CAPTURED else None,
        restarts=_restarts(mode, outcome, draw) if seen else {},
        blocked_s=_blocked(draw) if seen else {},
        width=width,
        height=height,
        fps=round(draw.uniform(14, 24), 1) if seen else None,
    )


def _reached(outcome: Outcome, draw: random.Random) -> Step:
    if outcome is Outcome.CAPTURED:
        return Step.CAPTURED
    if outcome is Outcome.CAMERA_DENIED:
        return Step.START
    last = _one_of(_LAST_STEPS, draw)
    return Step.BLINK if last is Step.START and outcome is not Outcome.LEFT else last


def _restarts(mode: Mode, outcome: Outcome, draw: random.Random) -> dict[Reason, int]:
    reasons = _STRICT_RESTARTS if mode is Mode.STRICT else _RESTARTS
    times = 3 if outcome is Outcome.TOO_MANY_TRIES else int(draw.random() < 0.16)
    found: dict[Reason, int] = {}
    for _ in range(times):
        reason = _one_of(reasons, draw)
        found[reason] = found.get(reason, 0) + 1
    return found


def _blocked(draw: random.Random) -> dict[Region, float]:
    if draw.random() > 0.22:
        return {}
    return {_one_of(_BLOCKED, draw): round(draw.gammavariate(1.5, 1.2), 2) for _ in range(draw.randint(1, 2))}


def _one_of(weights: dict[_Item, int], draw: random.Random) -> _Item:
    return draw.choices(list(weights), list(weights.values()))[0]
