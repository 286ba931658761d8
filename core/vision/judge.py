"""From coverage and eye scores to the state of each region. Decisions only; the thresholds come from the manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.regions import EYES, Region
from core.settings import RegionSettings
from core.vision.reading import EyeScores, RegionReading, State


@dataclass(frozen=True)
class Thresholds:
    """Chosen on the validation split, written to models/manifest.toml.

    coverage: share covered from which a region is blocked.
    eye_blocked: of `eye_score`, from which an eye is blocked.
    glare: probability from which an eye is hidden by glare.
    closed: closed / (open + closed) from which an eye is closed.
    """

    coverage: Mapping[Region, float]
    eye_blocked: float
    glare: float
    closed: float

    @classmethod
    def from_manifest(cls, manifest: Mapping[str, Mapping[str, Mapping[str, float]]]) -> Thresholds:
        """From the tables [occlusion.thresholds] and [eyes.thresholds]. Raises KeyError when one is missing."""
        eyes = manifest["eyes"]["thresholds"]
        coverage = manifest["occlusion"]["thresholds"]
        return cls(
            {region: float(coverage[region.value]) for region in Region if region not in EYES},
            float(eyes["blocked"]),
            float(eyes["glare"]),
            float(eyes["closed"]),
        )


class RegionJudge:
    """Names the state of the ten regions of one frame."""

    def __init__(self, thresholds: Thresholds, settings: RegionSettings) -> None:
        self._thresholds = thresholds
        self.settings = settings

    def judge(
        self, coverage: Mapping[Region, float], eyes: Mapping[Region, EyeScores], yaw: float = 0.0
    ) -> dict[Region, RegionReading]:
        """coverage: all ten regions, 0..1; eyes: both eyes' scores; yaw: of the head, degrees (`Pose`).

        What is turned half out of sight is called blocked only where most of it is covered.
        """
        away = "left" if yaw > 0 else "right"
        half_seen = abs(yaw) >= self.settings.far_side_yaw
        readings = {}
        for region, covered in coverage.items():
            far = half_seen and region.value.startswith(away)
            if far and covered >= self.settings.far_side_covered:
                readings[region] = RegionReading(State.BLOCKED, covered, eyes.get(region))
            elif region in eyes:
                readings[region] = self._eye(covered, eyes[region], seen=not far)
            else:
                blocked = not far and covered >= self._thresholds.coverage[region]
                readings[region] = RegionReading(State.BLOCKED if blocked else State.CLEAR, covered)
        return readings

    def _eye(self, covered: float, eye: EyeScores, *, seen: bool) -> RegionReading:
        limits = self._thresholds
        if seen and eye_score(covered, eye) >= limits.eye_blocked:
            return RegionReading(State.BLOCKED, covered, eye)
        if seen and eye.glare >= limits.glare:
            return RegionReading(State.BLOCKED, covered, eye, glare=True)
        closed = eye.closed >= limits.closed * (eye.open + eye.closed)
        return RegionReading(State.CLOSED if closed else State.OPEN, covered, eye)


def eye_score(covered: float, eye: EyeScores) -> float:
    """How blocked an eye is, 0..1, from what both models say: together they miss fewer than either alone.

    The mask shows what a thing is part of, the crop shows fine things. A third of the eye covered is as much as all.
    """
    return 0.7 * min(1.0, 3 * covered) + 0.3 * eye.blocked
