"""The best shot of the check window."""

from __future__ import annotations

from dataclasses import dataclass

from core.regions import EYES
from core.vision.reading import Frame, Image, Reading


@dataclass(frozen=True)
class Shot:
    """A frame that may become the selfie: its own copy of the pixels, and what was read from it."""

    rgb: Image
    reading: Reading
    score: float


class BestShot:
    """Keeps the one best frame, so that a long window costs no memory."""

    def __init__(self) -> None:
        self.shot: Shot | None = None

    def restart(self) -> None:
        """Let go of it."""
        self.shot = None

    def offer(self, frame: Frame, reading: Reading, closure: float) -> None:
        """A frame in which everything required is clear. closure: how shut the eyes are, 0..1."""
        score = _score(reading, closure)
        if self.shot is None or score > self.shot.score:
            self.shot = Shot(frame.rgb.copy(), reading, score)


def _score(reading: Reading, closure: float) -> float:
    """Sharpness, less where the eyes are not fully open."""
    assert reading.quality is not None
    scores = [reading.regions[eye].eye for eye in EYES]
    openness = min((score.open for score in scores if score is not None), default=1.0)
    return reading.quality.sharpness * openness**2 * (1.0 - min(max(closure, 0.0), 1.0)) ** 2
