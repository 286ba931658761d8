"""How shut the eyes are, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

from core.flow.motion import HeadMotion
from core.flow.smoothing import smoothed
from core.regions import EYES, Region
from core.settings import BlinkSettings
from core.vision.geometry import eye_gaps
from core.vision.reading import Reading, State


@dataclass(frozen=True)
class Lids:
    """Both eyes in one frame.

    closure: how shut they are, 0..1, mostly that of the eye that is less shut, for a wink is no blink; widest: of the
    eye that is more shut. gap: between the lids as a share of the eye's width, and shape: eyeBlink, means of both:
    eyeBlink hardly tells how far a wide eye is open. seen_shut: what the eye model says, 0 (open) to 1 (shut), mean.
    covered: something is before an eye; hidden: and the eye model, too, sees neither an open nor a shut one there.
    speed: of the head, inter-eye distances per second. follows: correlation of the face outside the eyes with the frame
    before, -1..1. carried: as in `Reading`.
    """

    t: float
    closure: float
    widest: float
    gap: float
    shape: float
    seen_shut: float
    covered: bool
    hidden: bool
    speed: float
    follows: float
    carried: bool = False


class LidMeter:
    """Measures the lids of one person. Feed every frame that has a face."""

    def __init__(self, settings: BlinkSettings) -> None:
        self.settings = settings
        self._motion = HeadMotion(settings.speed_base_s)
        self._baseline = {eye: Baseline(settings) for eye in EYES}

    def measure(self, reading: Reading, follows: float) -> Lids:
        """One frame. `reading` must have a face and both eyes; follows: see `Lids`."""
        assert reading.face is not None
        seen = {eye: self._seen(reading, eye) for eye in EYES}
        closures = [self._closure(reading, eye, seen[eye]) for eye in EYES]
        return Lids(
            t=reading.t,
            closure=min(closures) + self.settings.wider_weight * (max(closures) - min(closures)),
            widest=max(closures),
            gap=float(eye_gaps(reading.face.landmarks).mean()),
            shape=sum(reading.face.blink[eye] for eye in EYES) / len(EYES),
            seen_shut=sum(seen.values()) / len(EYES),
            covered=any(reading.regions[eye].state is State.BLOCKED or reading.regions[eye].glare for eye in EYES),
            hidden=any(self._hidden(reading, eye) for eye in EYES),
            speed=self._motion.update(reading.t, reading.face),
            follows=follows,
            carried=reading.carried,
        )

    def _seen(self, reading: Reading, eye: Region) -> float:
        """What the eye model says of one eye; 0 where there are no scores."""
        scores = reading.regions[eye].eye
        return 0.0 if scores is None else scores.shut

    def _hidden(self, reading: Reading, eye: Region) -> bool:
        found = reading.regions[eye]
        if found.state is not State.BLOCKED or found.eye is None:
            return False
        return found.eye.blocked + found.eye.glare > found.eye.open + found.eye.closed

    def _closure(self, reading: Reading, eye: Region, seen: float) -> float:
        """How shut an eye is, 0..1: the eye model's word and the blendshape's above the person's own open level.

        Where the eye model sees neither an open nor a closed eye, its word weighs as little.
        """
        assert reading.face is not None
        limits = self.settings
        scores = reading.regions[eye].eye
        shape = reading.face.blink[eye]
        base = self._baseline[eye]
        lifted = min(max((shape - base.level) / (limits.full_shape - base.level), 0.0), 1.0)
        if scores is None or (seen < 0.5 and reading.regions[eye].state is State.OPEN):
            base.update(reading.t, shape)
        weight = 0.0 if scores is None else limits.model_weight * min(scores.open + scores.closed, 1.0)
        return weight * seen + (1 - weight) * lifted


class Baseline:
    """The blendshape of one open eye: it follows quickly down, slowly up, and within limits only."""

    def __init__(self, settings: BlinkSettings) -> None:
        self._settings = settings
        self._last: float | None = None
        self.level = settings.open_shape

    def update(self, t: float, shape: float) -> None:
        """shape: eyeBlink of an eye that is seen open."""
        dt = 0.0 if self._last is None else min(max(t - self._last, 0.0), 0.2)
        self._last = t
        tau = self._settings.baseline_down_s if shape < self.level else self._settings.baseline_up_s
        self.level = min(max(smoothed(self.level, shape, dt, tau), 0.0), self._settings.max_open_shape)
