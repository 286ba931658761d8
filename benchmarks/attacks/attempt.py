"""One attempt through the real pipeline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from typing import Any

import numpy as np

from benchmarks.attacks.camera import Camera
from benchmarks.attacks.people import Person
from core.flow.processor import CaptureProcessor
from core.flow.snapshot import Phase, Restarted, Snapshot
from core.settings import Settings
from core.vision.reading import Frame
from core.vision.stream_reader import StreamReader


@dataclass
class Outcome:
    """What came of an attempt.

    seconds: from the first frame to the selfie or to where it was given up. restarts: (time, reason) of each failed
    try. shown: when a swapped-in face was in full view; None where there was none. hints: seconds of each hint.
    suspected: (time, sign) of what made the face look shown.
    """

    captured: bool
    phase: str
    seconds: float
    selfie: float | None
    restarts: list[tuple[float, str]] = field(default_factory=list)
    shown: float | None = None
    swapped: float | None = None
    condition: str = ""
    hints: dict[str, float] = field(default_factory=dict)
    suspected: list[tuple[float, str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def run(
    person: Person,
    camera: Camera,
    rng: np.random.Generator,
    seconds: float,
    *,
    strict: bool = False,
    watch: Callable[[Snapshot], None] | None = None,
) -> Outcome:
    """Let the person sit before the camera until the attempt is over, at most `seconds`."""
    settings = Settings()
    settings = replace(settings, challenge=replace(settings.challenge, strict=strict))
    processor = CaptureProcessor(StreamReader(settings), settings, seed=int(rng.integers(1 << 30)))
    if getattr(person, "virtual_camera", False):
        processor.distrust_camera()
    restarts: list[tuple[float, str]] = []
    hints: dict[str, float] = {}
    seen: Snapshot | None = None
    last = 0.0
    try:
        for t in camera.times(rng, seconds):
            scene = person.look(t, seen)
            seen = processor.process(Frame(camera.take(scene, rng, t), t))
            if watch is not None:
                watch(seen)
            restarts += [(round(e.t, 3), e.reason.value) for e in seen.events if isinstance(e, Restarted)]
            name = seen.advice.hint.value + (f":{seen.advice.region.value}" if seen.advice.region else "")
            hints[name] = round(hints.get(name, 0.0) + t - last, 2)
            last = t
            if seen.phase.final or _over(person, t, restarts):
                break
    finally:
        processor.close()
    assert seen is not None
    selfie = seen.selfie
    return Outcome(
        captured=seen.phase is Phase.CAPTURED,
        phase=seen.phase.value,
        seconds=round(last, 3),
        selfie=None if selfie is None else round(selfie.t, 3),
        restarts=restarts,
        shown=getattr(person, "shown", None),
        swapped=getattr(person, "start", None),
        hints=hints,
        suspected=[(round(e.t, 3), e.sign.value) for e in seen.suspicions],
    )


def _over(person: Person, t: float, restarts: list[tuple[float, str]]) -> bool:
    """Whether a swap has had its time: the check's two seconds and more, or a second after it was called."""
    start = getattr(person, "start", None)
    if start is None:
        return False
    called = [at for at, _ in restarts if at >= start]
    return t > start + person.after_s or (bool(called) and t > called[0] + 1.0)  # type: ignore[attr-defined]
