"""The best shot of the check window."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from core.regions import EYES
from core.settings import WindowSettings
from core.vision.reading import Frame, Image, Reading


@dataclass(frozen=True)
class Shot:
    """A picture that may become the selfie: its own copy of the pixels at full size, and what was read from it."""

    rgb: Image
    reading: Reading
    score: float


class BestShot:
    """Keeps the one best frame, so that a long window costs no memory.

    A frame counts once nothing has gone wrong for a moment after it: another face is called only some frames after it
    has come, and must not be on the picture.
    """

    def __init__(self, settings: WindowSettings) -> None:
        self.settings = settings
        self.restart()

    def restart(self) -> None:
        """Let go of it, and of those that wait."""
        self.shot: Shot | None = None
        self.still: Shot | None = None
        """The page's own picture of the same moment, which is larger; taken as it is judged, not by its score."""
        self._waiting: deque[Shot] = deque()
        self._waiting_still: Shot | None = None

    @property
    def has_still(self) -> bool:
        """There is a still, though maybe it waits yet."""
        return self.still is not None or self._waiting_still is not None

    def offer(self, frame: Frame, reading: Reading, closure: float) -> None:
        """A frame in which everything required is clear. closure: how shut the eyes are, 0..1."""
        score = shot_score(reading, closure)
        if self.shot is None or score > self.shot.score:
            self._waiting.append(Shot(frame.full(), reading, score))

    def offer_still(self, still: Shot) -> None:
        """A still that has been judged; the latest one counts."""
        self._waiting_still = still

    def confirm(self, t: float) -> None:
        """Nothing has gone wrong up to `t` seconds."""
        while self._waiting and t - self._waiting[0].reading.t >= self.settings.confirm_s:
            shot = self._waiting.popleft()
            if self.shot is None or shot.score > self.shot.score:
                self.shot = shot
        still = self._waiting_still
        if still is not None and t - still.reading.t >= self.settings.confirm_s:
            self.still, self._waiting_still = still, None


def shot_score(reading: Reading, closure: float) -> float:
    """Sharpness, less where the eyes are not fully open."""
    assert reading.quality is not None
    scores = [reading.regions[eye].eye for eye in EYES]
    openness = min((score.open for score in scores if score is not None), default=1.0)
    return reading.quality.sharpness * openness**2 * (1.0 - min(max(closure, 0.0), 1.0)) ** 2
