"""One face from the blink to the selfie: what must not change in between."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.flow.snapshot import Reason
from core.regions import EYE_CORNERS, EYES
from core.settings import ContinuitySettings
from core.vision.likeness import Likeness, compare, likeness
from core.vision.reading import Reading


@dataclass(frozen=True)
class _View:
    """What is kept of one frame."""

    t: float
    likeness: Likeness
    eyes: NDArray[np.float32]
    inter_eye_px: float


class ContinuityGuard:
    """Follows the face in every frame; from `begin` on it compares with the one that blinked."""

    def __init__(self, settings: ContinuitySettings) -> None:
        self.settings = settings
        self._recent: deque[_View] = deque()
        self.stop()

    def forget(self) -> None:
        """Another stream."""
        self._recent.clear()
        self.stop()

    def stop(self) -> None:
        """Watch no longer."""
        self._reference: _View | None = None
        self._last_seen: float | None = None
        self._second_since: float | None = None
        self.similarity: float | None = None

    @property
    def watching(self) -> bool:
        return self._reference is not None

    def begin(self, since: float) -> Reason | None:
        """Watch from the frame at `since` on; the frames after it have been seen and are judged at once."""
        views = [view for view in self._recent if view.t >= since]
        if not views:
            return Reason.FACE_LOST
        self._reference, self._last_seen, self.similarity = views[0], views[0].t, 1.0
        for before, view in pairwise(views):
            reason = self._judge(before, view)
            if reason is not None:
                return reason
        return None

    def update(self, reading: Reading) -> Reason | None:
        """Take one frame; why it breaks the chain, if it is watched and does."""
        if reading.face is None or reading.aligned is None:
            return self._missing(reading.t)
        second = self._second(reading)
        view = _view(reading)
        before = self._recent[-1] if self._recent else None
        self._recent.append(view)
        while view.t - self._recent[0].t > self.settings.memory_s:
            self._recent.popleft()
        if not self.watching:
            return None
        return second or self._judge(before, view)

    def _missing(self, t: float) -> Reason | None:
        if self._last_seen is not None and t - self._last_seen > self.settings.max_gap_s:
            return Reason.FACE_LOST
        return None

    def _second(self, reading: Reading) -> Reason | None:
        if len(reading.faces) < 2:
            self._second_since = None
            return None
        if self._second_since is None:
            self._second_since = reading.t
        lasts = reading.t - self._second_since >= self.settings.second_face_s
        return Reason.SECOND_FACE if lasts else None

    def _judge(self, before: _View | None, view: _View) -> Reason | None:
        assert self._reference is not None
        limits = self.settings
        last, self._last_seen = self._last_seen, view.t
        if last is not None and view.t - last > limits.max_gap_s:
            return Reason.FACE_LOST
        if before is not None and self._jumped(before, view):
            return Reason.JUMPED
        now = float(np.median(compare(self._reference.likeness, view.likeness)))
        dt = 0.0 if before is None else view.t - before.t
        share = min(dt / limits.similarity_tau_s, 1.0)
        old = 1.0 if self.similarity is None else self.similarity
        self.similarity = old + (max(now, 0.0) - old) * share
        return Reason.FACE_CHANGED if self.similarity < limits.min_similarity else None

    def _jumped(self, before: _View, view: _View) -> bool:
        limits = self.settings
        dt = view.t - before.t
        moved = float(np.hypot(*(view.eyes - before.eyes).T).max()) / max(before.inter_eye_px, 1.0)
        grown = abs(float(np.log(view.inter_eye_px / before.inter_eye_px)))
        return moved > limits.jump + limits.max_speed * dt or grown > limits.scale_jump + limits.max_scale_rate * dt


def _view(reading: Reading) -> _View:
    assert reading.face is not None and reading.aligned is not None
    eyes = np.stack([reading.face.landmarks[list(EYE_CORNERS[eye]), :2].mean(axis=0) for eye in EYES])
    return _View(reading.t, likeness(reading.aligned), eyes, reading.face.inter_eye_px)
