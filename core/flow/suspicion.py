"""Suspicion over time: a face that looks shown to the camera in several pictures, and what made it look so.

Suspicion steps up and rejects nobody: whoever is suspected must answer cues that no recording knows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from core.flow.snapshot import Suspected
from core.settings import SuspicionSettings
from core.vision.reading import Presentation, Reading, Sign

_SHOWN = {Sign.SCREEN, Sign.PRINT}


class SuspicionGuard:
    """Gathers the looks of one attempt. Once raised, a suspicion stays until `forget`."""

    def __init__(self, settings: SuspicionSettings) -> None:
        self.settings = settings
        self._virtual_camera = False
        self.forget()

    def forget(self) -> None:
        """Another attempt."""
        self.raised: tuple[Suspected, ...] = ()
        self._looks: deque[tuple[float, Presentation]] = deque()

    def distrust_camera(self) -> None:
        """It calls itself a virtual one, or the page shows another picture than the stream; in all attempts."""
        self._virtual_camera = True

    @property
    def suspected(self) -> bool:
        """Whether any sign has lasted."""
        return bool(self.raised)

    @property
    def score(self) -> float | None:
        """Mean probability that the face is shown, over the looks remembered; None before the first one."""
        return float(np.mean([look.score for _, look in self._looks])) if self._looks else None

    def update(self, reading: Reading) -> tuple[Suspected, ...]:
        """Take one frame; the suspicions it raises, each sign once."""
        found = [self._camera(reading.t)]
        if reading.presentation is not None:
            self._looks.append((reading.t, reading.presentation))
            while reading.t - self._looks[0][0] > self.settings.memory_s:
                self._looks.popleft()
            found += [self._shown(reading.t), self._framed(reading.t), self._flat(reading.t)]
        new = tuple(suspicion for suspicion in found if suspicion is not None)
        self.raised += new
        return new

    def _camera(self, t: float) -> Suspected | None:
        return Suspected(t, Sign.CAMERA, 1.0) if self._virtual_camera and not self._raised(Sign.CAMERA) else None

    def _shown(self, t: float) -> Suspected | None:
        """By all views: a screen or a print. Which of the two may change from look to look; that it is one does not."""
        looks = [look for _, look in self._looks if _SHOWN & set(look.signs)]
        if not self._lasts(looks, len(self._looks), self.settings.min_looks) or self._raised(*_SHOWN):
            return None
        screen = sum(look.screen for look in looks) >= sum(look.print for look in looks)
        return Suspected(t, Sign.SCREEN if screen else Sign.PRINT, float(np.mean([look.score for look in looks])))

    def _framed(self, t: float) -> Suspected | None:
        """By the surroundings alone."""
        looks = [look for _, look in self._looks if Sign.EDGE in look.signs]
        if not self._lasts(looks, len(self._looks), self.settings.min_looks) or self._raised(Sign.EDGE):
            return None
        return Suspected(t, Sign.EDGE, float(np.mean([look.edge for look in looks])))

    def _flat(self, t: float) -> Suspected | None:
        """By the way it turns. Looks at a face that hardly turned say nothing."""
        turns = [look.plane for _, look in self._looks if look.plane is not None]
        flat = [look.plane for _, look in self._looks if look.plane is not None and Sign.PLANE in look.signs]
        if not self._lasts(flat, len(turns), self.settings.min_flat_looks) or self._raised(Sign.PLANE):
            return None
        return Suspected(t, Sign.PLANE, 1.0 - float(np.mean(flat)))

    def _raised(self, *signs: Sign) -> bool:
        return any(suspicion.sign in signs for suspicion in self.raised)

    def _lasts(self, looks: Sequence[object], among: int, least: int) -> bool:
        return len(looks) >= least and len(looks) >= self.settings.share * among
