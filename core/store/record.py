"""What the log keeps of one attempt, and how it is gathered from the attempt's snapshots."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from enum import Enum

from core.flow.outcome import Outcome
from core.flow.snapshot import Captured, Phase, Reason, Restarted, Snapshot, Suspected
from core.regions import Region
from core.vision.reading import State

_STEP_MINUTES = 15
_MAX_STEP_S = 0.5


class Mode(str, Enum):
    """How the blink is asked for."""

    STANDARD = "standard"
    STRICT = "strict"


class Device(str, Enum):
    """As much as the log knows about a device."""

    PHONE = "phone"
    TABLET = "tablet"
    COMPUTER = "computer"
    UNKNOWN = "unknown"


class Step(str, Enum):
    """How far an attempt came, in order. START: no frame was seen."""

    START = "start"
    POSITION = "position"
    BLINK = "blink"
    CHECK = "check"
    CAPTURED = "captured"


@dataclass(frozen=True)
class AttemptRecord:
    """One row of the log.

    started: UTC, rounded down to a quarter of an hour (days begin on one in every time zone).
    reached: the furthest step. seconds: from the first frame to the selfie; None without one.
    restarts: how often the attempt went back, by reason; SUSPECTED once where cues were asked of a face that looked
    shown. blocked_s: seconds each region was blocked, where it was.
    width, height, fps: of the camera's frames; None when there were none. round: the round of testers it was part of.
    """

    started: datetime
    mode: Mode
    device: Device
    reached: Step
    outcome: Outcome
    seconds: float | None = None
    restarts: Mapping[Reason, int] = field(default_factory=dict)
    blocked_s: Mapping[Region, float] = field(default_factory=dict)
    width: int | None = None
    height: int | None = None
    fps: float | None = None
    round: str | None = None


def quarter_hour(moment: datetime) -> datetime:
    """`moment` in UTC, rounded down. Raises ValueError when it has no time zone."""
    if moment.tzinfo is None:
        raise ValueError("the moment needs a time zone")
    moment = moment.astimezone(timezone.utc)
    return moment.replace(minute=moment.minute // _STEP_MINUTES * _STEP_MINUTES, second=0, microsecond=0)


def device_kind(user_agent: str | None) -> Device:
    """The kind of device a browser says it runs on. An iPad calls itself a Mac and counts as a computer."""
    agent = (user_agent or "").lower()
    if "ipad" in agent or "tablet" in agent or ("android" in agent and "mobile" not in agent):
        return Device.TABLET
    if "iphone" in agent or "ipod" in agent or "mobi" in agent:
        return Device.PHONE
    computers = ("windows nt", "macintosh", "x11", "cros", "linux")
    return Device.COMPUTER if any(name in agent for name in computers) else Device.UNKNOWN


class AttemptRecorder:
    """Gathers one attempt. Feed every snapshot; what it keeps is sums, never a frame."""

    def __init__(self, mode: Mode, device: Device) -> None:
        self._mode = mode
        self._device = device
        self._phases: set[Phase] = set()
        self._first_t: float | None = None
        self._last_t = 0.0
        self._frames = 0
        self._size: tuple[int, int] | None = None
        self._seconds: float | None = None
        self._restarts: Counter[Reason] = Counter()
        self._blocked_s: dict[Region, float] = {}

    def see(self, snapshot: Snapshot) -> None:
        """The next snapshot of the attempt. Once the attempt is over, what follows does not count."""
        if Phase.CAPTURED in self._phases or Phase.ENDED in self._phases:
            return
        first = snapshot.t if self._first_t is None else self._first_t
        step_s = min(max(snapshot.t - self._last_t, 0.0), _MAX_STEP_S) if self._frames else 0.0
        for region, state in snapshot.badges.items():
            if state is State.BLOCKED:
                self._blocked_s[region] = self._blocked_s.get(region, 0.0) + step_s
        for event in snapshot.events:
            if isinstance(event, Restarted) and event.reason is not Reason.SUSPECTED:
                self._restarts[event.reason] += 1
            elif isinstance(event, Suspected) and not self._restarts[Reason.SUSPECTED]:
                self._restarts[Reason.SUSPECTED] = 1
            elif isinstance(event, Captured):
                self._seconds = event.t - first
        self._phases.add(snapshot.phase)
        self._size = snapshot.reading.size
        self._first_t, self._last_t = first, snapshot.t
        self._frames += 1

    def record(self, started: datetime, outcome: Outcome) -> AttemptRecord:
        """The attempt that ended so. started: with a time zone."""
        width, height = self._size or (None, None)
        span = self._last_t - (self._first_t or 0.0)
        return AttemptRecord(
            started=quarter_hour(started),
            mode=self._mode,
            device=self._device,
            reached=self._reached(),
            outcome=outcome,
            seconds=None if self._seconds is None else round(self._seconds, 2),
            restarts=dict(self._restarts),
            blocked_s={region: round(seconds, 2) for region, seconds in self._blocked_s.items() if seconds > 0},
            width=width,
            height=height,
            fps=round((self._frames - 1) / span, 1) if span > 0 else None,
        )

    def _reached(self) -> Step:
        for phase, step in _STEPS:
            if phase in self._phases:
                return step
        # An attempt that ended on its very first frame was still in front of the camera.
        return Step.POSITION if self._phases else Step.START


_STEPS = (
    (Phase.CAPTURED, Step.CAPTURED),
    (Phase.CHECK, Step.CHECK),
    (Phase.BLINK, Step.BLINK),
    (Phase.POSITION, Step.POSITION),
)
