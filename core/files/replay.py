"""A clip through the same processor as the camera: what `python -m core replay` prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.flow.processor import CaptureProcessor
from core.flow.snapshot import (
    Blinked,
    Captured,
    Cued,
    Event,
    Phase,
    PhaseChanged,
    RegionChanged,
    Restarted,
    Selfie,
)
from core.vision.reading import Frame


@dataclass(frozen=True)
class ReplayStep:
    """One event of a clip, as the public JSON object; `selfie` is there with "captured"."""

    event: dict[str, Any]
    selfie: Selfie | None = None


def replay(frames: Iterator[Frame], processor: CaptureProcessor, *, full: bool) -> Iterator[ReplayStep]:
    """Run a clip through the processor and give its events, closing with "end".

    Not `full`: stops at the first capture or end of the attempt, and reports blinks and regions only where they
    count. `full`: goes to the clip's last frame, reports both in every phase, and starts over after each attempt.
    """
    count, t, phase = 0, 0.0, Phase.POSITION
    for frame in frames:
        before = phase
        snapshot = processor.process(frame)
        count, t, phase = count + 1, frame.t, snapshot.phase
        for event in snapshot.events:
            if full or _counts(event, before, phase):
                selfie = snapshot.selfie if isinstance(event, Captured) else None
                yield ReplayStep(_as_dict(event), selfie)
        if phase.final:
            if not full:
                break
            processor.restart()
    yield ReplayStep({"t": round(t, 3), "event": "end", "phase": phase.value, "frames": count})


def _counts(event: Event, before: Phase, now: Phase) -> bool:
    if isinstance(event, Blinked):
        return before is Phase.BLINK
    if isinstance(event, RegionChanged):
        return Phase.CHECK in (before, now)
    return True


def _as_dict(event: Event) -> dict[str, Any]:
    result: dict[str, Any] = {"t": round(event.t, 3)}
    match event:
        case PhaseChanged(phase=phase):
            result |= {"event": "phase", "phase": phase.value}
        case Blinked(seconds=seconds):
            result |= {"event": "blink", "seconds": round(seconds, 3)}
        case RegionChanged(region=region, state=state):
            result |= {"event": "region", "region": region.value, "state": state.value}
        case Restarted(reason=reason):
            result |= {"event": "restart", "reason": reason.value}
        case Captured(width=width, height=height):
            result |= {"event": "captured", "width": width, "height": height}
        case Cued():
            result |= {"event": "cue"}
    return result
