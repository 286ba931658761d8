"""Stand-ins for what the page and the stream talk to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import av
import numpy as np

from core.flow.snapshot import Advice, Hint, Phase, Reason, Selfie, Snapshot
from core.flow.still import Refusal, Still
from core.regions import OUTLINES, Region
from core.vision.components import Component, Measured
from core.vision.reading import Face, Frame, Pose, Reading, RegionReading, State

CLEAR: Mapping[Region, State] = {
    region: State.OPEN if region in (Region.LEFT_EYE, Region.RIGHT_EYE) else State.CLEAR for region in Region
}

COMPONENTS = {name: Measured(90.0, 90) for name in Component}


def face(width: int = 640, height: int = 480) -> Face:
    """A face in the middle: each region's outline is a ring round its own place."""
    landmarks = np.full((478, 3), -50, np.float32)
    for number, outline in enumerate(OUTLINES.values()):
        center = np.array([width * (0.3 + 0.1 * (number % 5)), height * (0.35 + 0.3 * (number // 5))])
        angles = np.linspace(0, 2 * np.pi, len(outline), endpoint=False)
        ring = center + 0.04 * width * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        landmarks[list(outline), :2] = ring
    return Face(landmarks, Pose(0, 0, 0), {Region.LEFT_EYE: 0.0, Region.RIGHT_EYE: 0.0}, 0.2 * width)


def snapshot(
    t: float = 0.0,
    phase: Phase = Phase.CHECK,
    advice: Advice | None = None,
    *,
    badges: Mapping[Region, State] = CLEAR,
    size: tuple[int, int] = (640, 480),
    progress: float = 0.5,
    restart: Reason | None = None,
    taken: Selfie | None = None,
) -> Snapshot:
    regions = {
        region: RegionReading(state, 0.9 if state is State.BLOCKED else 0.02) for region, state in badges.items()
    }
    reading = Reading(t, size, 120.0, face(*size), regions=regions)
    return Snapshot(
        t,
        phase,
        advice or Advice(Hint.HOLD),
        reading,
        badges,
        progress=progress,
        tries_left=3,
        restart=restart,
        selfie=taken,
    )


def selfie(width: int = 64, height: int = 48, *, strict: bool = False) -> Selfie:
    """Red on the image's left, blue on its right, so that a mirrored one is told from it."""
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[:, : width // 2, 0] = 200
    rgb[:, width // 2 :, 2] = 200
    return Selfie(
        rgb=rgb,
        t=6.5,
        started=1.0,
        strict=strict,
        blinks=((3.0, 0.2),),
        regions={region: RegionReading(state, 0.02) for region, state in CLEAR.items()},
        similarity=0.91,
        components=COMPONENTS,
    )


def video_frame(t: float | None, width: int = 64, height: int = 48, gray: int = 90) -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(np.full((height, width, 3), gray, np.uint8), format="rgb24")
    if t is not None:
        frame.time_base = Fraction(1, 90_000)
        frame.pts = round(t * 90_000)
    return frame


class Clock:
    """A clock that the test sets, seconds."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class ScriptedProcessor:
    """Answers frame after frame with what the script says; an exception is raised. The last answer repeats."""

    def __init__(self, script: Sequence[Snapshot | Exception] = (snapshot(),)) -> None:
        self.script = list(script)
        self.frames: list[Frame] = []
        self.closed = 0
        self.distrusted = False

    def process(self, frame: Frame) -> Snapshot:
        self.frames.append(frame)
        answer = self.script[min(len(self.frames), len(self.script)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def distrust_camera(self) -> None:
        self.distrusted = True

    def take_still(self, still: Still) -> Refusal | None:
        return Refusal.LATE

    def close(self) -> None:
        self.closed += 1
