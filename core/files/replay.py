"""A clip through the same processor as the camera: what `python -m core replay` prints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
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
    Suspected,
)
from core.vision.reading import Frame


@dataclass(frozen=True)
class ClipEnd:
    """No more frames are read. t: of the last one; frames: how many there were."""

    t: float
    phase: Phase
    frames: int


@dataclass(frozen=True)
class ReplayStep:
    """One event of a clip; `selfie` is there with "captured"."""

    event: Event | ClipEnd
    selfie: Selfie | None = None

    def as_dict(self) -> dict[str, Any]:
        """The public JSON object."""
        return {"t": round(self.event.t, 3)} | _facts(self.event)


def replay(frames: Iterator[Frame], processor: CaptureProcessor, *, full: bool) -> Iterator[ReplayStep]:
    """Run a clip through the processor and give its events, closing with "end".

    Not `full`: stops at the first capture or end of the attempt, and reports blinks and regions only where they
    count. `full`: goes to the clip's last frame, reports both in every phase, and starts over after each attempt.
    """
    count, t, phase = 0, 0.0, Phase.POSITION
    for frame in chain(frames, [None]):
        before = phase
        snapshot = processor.process(frame) if frame is not None else processor.finish()
        if snapshot is None:
            break
        count, t, phase = count + (frame is not None), snapshot.t, snapshot.phase
        for event in snapshot.events:
            if full or _counts(event, before, phase):
                selfie = snapshot.selfie if isinstance(event, Captured) else None
                yield ReplayStep(event, selfie)
        if phase.final:
            if not full:
                break
            processor.restart()
    yield ReplayStep(ClipEnd(t, phase, count))


def _counts(event: Event, before: Phase, now: Phase) -> bool:
    if isinstance(event, Blinked):
        return before is Phase.BLINK
    if isinstance(event, RegionChanged):
        return Phase.CHECK in (before, now)
    return True


def _facts(event: Event | ClipEnd) -> dict[str, Any]:
    match event:
        case PhaseChanged(phase=phase):
            return {"event": "phase", "phase": phase.value}
        case Blinked(seconds=seconds, why=why):
            reason = {} if why is None else {"why": why.value}
            return {"event": "blink", "seconds": round(seconds, 3), "counts": why is None, **reason}
        case RegionChanged(region=region, state=state):
            return {"event": "region", "region": region.value, "state": state.value}
        case Restarted(reason=reason):
            return {"event": "restart", "reason": reason.value}
        case Captured(width=width, height=height):
            return {"event": "captured", "width": width, "height": height}
        case Cued():
            return {"event": "cue"}
        case Suspected(sign=sign, score=score):
            return {"event": "suspicion", "sign": sign.value, "score": round(score, 2)}
        case ClipEnd(phase=phase, frames=frames):
            return {"event": "end", "phase": phase.value, "frames": frames}
