"""The best shot of the check window."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from core.regions import EYES
from core.settings import BestShotSettings, Settings
from core.vision.components import Component, Components, Measured, shape_components
from core.vision.reading import Frame, Image, Reading

Measure = Callable[[Image, Reading], Components]
"""The components of a picture at full size, (H, W, 3) uint8, and of what was read from it, maybe reduced."""

_POSE = (Component.HEAD_POSE_YAW, Component.HEAD_POSE_PITCH, Component.HEAD_POSE_ROLL)
_LIGHT = (Component.ILLUMINATION_UNIFORMITY, Component.UNDER_EXPOSURE, Component.OVER_EXPOSURE)


@dataclass(frozen=True)
class Shot:
    """A picture that may become the selfie: its own copy of the pixels at full size, and what was read from it.

    closure: how shut the eyes are, 0..1. components: as ISO/IEC 29794-5 names them, measured at full size.
    """

    rgb: Image
    reading: Reading
    closure: float
    components: Components


def as_read(rgb: Image, reading: Reading) -> Components:
    """The components that are known without the pixels at full size. rgb: (H, W, 3) uint8."""
    assert reading.quality is not None
    shape = shape_components(reading, (rgb.shape[1], rgb.shape[0]))
    return shape | {Component.SHARPNESS: Measured(reading.quality.sharpness)}


class Preference:
    """Which of two shots is the better one, without a number for the whole.

    The first thing counts in which they differ: eyes open, head pose, mouth closed, inter-eye distance, light
    (illumination uniformity and both exposures), sharpness. All but sharpness differ only by whole steps.
    """

    def __init__(self, settings: BestShotSettings) -> None:
        self._settings = settings

    def of_shape(self, reading: Reading, closure: float, shape: Components) -> tuple[int, ...]:
        """What is known without the pixels at full size; higher is better."""
        limits = self._settings
        seen = [score.open for eye in EYES if (score := reading.regions[eye].eye) is not None]
        openness = min(1.0 - closure, *seen) if seen else 1.0 - closure
        return (
            int(openness / limits.eyes_step + 1e-6),
            _steps(shape, _POSE, limits.pose_step),
            _steps(shape, (Component.MOUTH_CLOSED,), limits.mouth_step),
        )

    def of(self, shot: Shot) -> tuple[float, ...]:
        """All of it; higher is better."""
        limits, found = self._settings, shot.components
        return (
            *self.of_shape(shot.reading, shot.closure, found),
            _steps(found, (Component.INTER_EYE_DISTANCE,), limits.distance_step),
            _steps(found, _LIGHT, limits.light_step),
            found[Component.SHARPNESS].raw,
        )


class BestShot:
    """Keeps the one best frame, so that a long window costs no memory.

    A frame counts once nothing has gone wrong for a moment after it: another face is called only some frames after it
    has come, and must not be on the picture.
    """

    def __init__(self, settings: Settings, measure: Measure) -> None:
        self._confirm_s = settings.window.confirm_s
        self._measure = measure
        self._preference = Preference(settings.best_shot)
        self.restart()

    def restart(self) -> None:
        """Let go of it, and of those that wait."""
        self.shot: Shot | None = None
        self.still: Shot | None = None
        """The page's own picture of the same moment, which is larger; once it is taken, no frame is preferred to it."""
        self._waiting: deque[Shot] = deque()
        self._waiting_still: Shot | None = None

    @property
    def has_still(self) -> bool:
        """There is a still, though maybe it waits yet."""
        return self.still is not None or self._waiting_still is not None

    def offer(self, frame: Frame, reading: Reading, closure: float) -> None:
        """A frame in which everything required is clear. closure: how shut the eyes are, 0..1."""
        if self.shot is None or self._may_be_better(reading, closure, self.shot):
            rgb = frame.full()
            self._waiting.append(Shot(rgb, reading, closure, self._measure(rgb, reading)))

    def offer_still(self, still: Shot) -> None:
        """A still that has been judged; the latest one counts."""
        self._waiting_still = still

    def confirm(self, t: float) -> None:
        """Nothing has gone wrong up to `t` seconds."""
        while self._waiting and t - self._waiting[0].reading.t >= self._confirm_s:
            shot = self._waiting.popleft()
            if self.shot is None or self._preference.of(shot) > self._preference.of(self.shot):
                self.shot = shot
        still = self._waiting_still
        if still is not None and t - still.reading.t >= self._confirm_s:
            self.still, self._waiting_still = still, None

    def _may_be_better(self, reading: Reading, closure: float, best: Shot) -> bool:
        """By what was read of the reduced picture: to make and measure the whole one costs as much as half a frame."""
        # The measures of shape are ratios and angles: the same in the reduced picture and in the whole one.
        found = self._preference.of_shape(reading, closure, shape_components(reading, reading.size))
        known = self._preference.of_shape(best.reading, best.closure, best.components)
        assert reading.quality is not None and best.reading.quality is not None
        return found > known or (found == known and reading.quality.sharpness > best.reading.quality.sharpness)


def _steps(found: Components, names: tuple[Component, ...], step: int) -> int:
    """Whole steps of the worst of them."""
    return min((found[name].score or 0 for name in names if name in found), default=0) // step
