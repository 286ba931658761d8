"""Which way up a picture is. A mesh is laid on faces that stand on their heads as well, and upright.

The detector is surer of a face the right way up, and there the eyes look like eyes. Of masked people the detector alone
is wrong about one in ten.
"""

from __future__ import annotations

import numpy as np

from core.regions import EYES
from core.settings import OrientationSettings
from core.vision.detector import Spot, SquareDetector
from core.vision.reading import Image, Reading

HALF = 2
"""Quarter turns of a picture that stands on its head."""


class OrientationMeter:
    """How sure the detector is of a face in each of the four ways a picture may be turned."""

    def __init__(self, detector: SquareDetector, settings: OrientationSettings) -> None:
        self._detector = detector
        self._margin = settings.margin

    def measure(self, rgb: Image, turns: tuple[int, ...]) -> list[float]:
        """For each number of quarter turns, counter-clockwise, the highest score in the picture so turned, 0..1."""
        return [max((score for _, score in self._look(rgb, turn)), default=0.0) for turn in turns]

    def _look(self, rgb: Image, turn: int) -> list[Spot]:
        if not turn:
            return self._detector.whole(rgb, self._margin)  # which others may have asked already
        side = max(rgb.shape[:2]) * (1 + 2 * self._margin)
        square = self._detector.cut(rgb, (rgb.shape[1] - side) / 2, (rgb.shape[0] - side) / 2, side)
        return self._detector.faces(np.ascontiguousarray(np.rot90(square, turn)))


class CameraOrientation:
    """Whether a live camera is upside down: a running mean of looks some time apart."""

    def __init__(self, detector: SquareDetector, settings: OrientationSettings) -> None:
        self._meter = OrientationMeter(detector, settings)
        self._settings = settings
        self._looks: list[float] = []
        self._t = -np.inf
        self.upside_down = False

    def update(self, rgb: Image, reading: Reading) -> bool:
        """After each frame, with what was read from it as it stands; True while the camera is upside down."""
        limits = self._settings
        sure = len(self._looks) == limits.looks and max(self._looks) <= -limits.min_gain
        if not 0 <= reading.t - self._t < (limits.sure_every_s if sure else limits.every_s):
            if reading.t < self._t:
                self._looks.clear()
            self._t = reading.t
            self._looks = [*self._looks, self._gain(rgb, reading)][-limits.looks :]
            mean = sum(self._looks) / limits.looks
            self.upside_down = mean >= (limits.min_gain / 2 if self.upside_down else limits.min_gain)
        return self.upside_down

    def _gain(self, rgb: Image, reading: Reading) -> float:
        """How much surer the detector is with the picture turned; where it is sure as it stands, that is not tried."""
        limits = self._settings
        (as_is,) = self._meter.measure(rgb, (0,))
        if as_is >= limits.sure:
            return -limits.min_gain
        (turned,) = self._meter.measure(rgb, (HALF,))
        if max(as_is, turned) < limits.min_score:
            return 0.0
        return turned - as_is - limits.eye_weight * max(eyes_seen(reading), 0.0)


def eyes_seen(reading: Reading) -> float:
    """How much the eyes look like open, free eyes, -2..1; without a face a little below what shut ones give."""
    if reading.face is None:
        return -0.3
    scores = []
    for eye in EYES:
        region = reading.regions[eye]
        scores.append((region.eye.open - region.eye.blocked if region.eye else 0.0) - region.covered)
    return float(np.mean(scores))
