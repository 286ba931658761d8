"""A reader that needs no models: it judges by the colour of the picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.regions import Region
from core.settings import Settings
from core.vision.alignment import FaceAligner
from core.vision.reading import Box, EyeScores, Face, Frame, Quality, Reading, RegionReading, State
from tests.fakes import CLEAR, face

GREEN, RED, BLUE, GRAY, YELLOW = (0, 200, 0), (200, 0, 0), (0, 0, 200), (90, 90, 90), (200, 200, 0)
"""A good face; its mouth covered; two faces; no face; one at which the reader stumbles."""

_OPEN, _SHUT = EyeScores(1.0, 0.0, 0.0, 0.0), EyeScores(0.0, 1.0, 0.0, 0.0)


class ColorReader:
    """Stands in for `core.vision.reader.FaceReader`."""

    opened = 0
    closed = 0

    def __init__(self, settings: Settings, *, live: bool) -> None:
        self.live = live
        self._aligner = FaceAligner(settings.alignment)
        type(self).opened += 1

    def __enter__(self) -> ColorReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        type(self).closed += 1

    def read(self, frame: Frame, expected: Face | None = None) -> Reading:
        color = frame.rgb[frame.rgb.shape[0] // 2, frame.rgb.shape[1] // 2].astype(int)
        kind = min((GREEN, RED, BLUE, GRAY, YELLOW), key=lambda known: int(np.abs(color - known).sum()))
        if kind == YELLOW:
            raise RuntimeError("the reader stumbles")
        if kind == GRAY:
            return Reading(frame.t, frame.size, 100.0)
        states = {region: RegionReading(state, 0.01) for region, state in CLEAR.items()}
        for eye in (Region.LEFT_EYE, Region.RIGHT_EYE):
            states[eye] = replace(states[eye], eye=_OPEN)
        if kind == RED:
            states[Region.MOUTH] = RegionReading(State.BLOCKED, 0.9)
        one = face(*frame.size)
        return Reading(
            frame.t,
            frame.size,
            100.0,
            one,
            (Box(0.0, 0.0, 90.0, 90.0),) if kind == BLUE else (),
            states,
            Quality(0.2, (0.5, 0.5), 1.0, 130.0, 190.0, 0.0, 200.0),
            self._aligner.align(frame.rgb, one.landmarks),
        )
