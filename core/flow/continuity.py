"""One face from the blink to the selfie: what must not change in between.

The face is compared block by block. A block is trusted as long as it follows from frame to frame without a break, or
looks like the same block of the face that blinked. Expressions and light change blocks slowly or come back; another
face breaks them and does not come back, however it got there: by a cut, by sliding in, in the dark or behind a hand.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from core.flow.smoothing import smoothed
from core.flow.snapshot import Reason
from core.regions import EYES
from core.settings import ContinuitySettings
from core.vision.geometry import eye_centers
from core.vision.likeness import Likeness, block_shares, compare
from core.vision.reading import Reading, State


@dataclass(frozen=True)
class View:
    """What is kept of one frame. seen: (N,) bool, the blocks that nothing covers; empty where nothing can be compared.

    follows: (N,) correlation of each block with the view before, -1..1; None for a first view.
    """

    t: float
    likeness: Likeness | None
    seen: NDArray[np.bool_]
    follows: NDArray[np.float32] | None
    eyes: NDArray[np.float32]
    inter_eye_px: float


class ContinuityGuard:
    """Follows the face in every frame; from `begin` on it compares with the one that blinked."""

    def __init__(self, settings: ContinuitySettings) -> None:
        self.settings = settings
        self._shares = block_shares()
        # A blink changes the eyes, and nothing else.
        self._rest = np.max([self._shares[eye] for eye in EYES], axis=0) < settings.eye_block
        self._recent: deque[View] = deque()
        self.forget()

    def forget(self) -> None:
        """Another stream."""
        self._recent.clear()
        self._t: float | None = None
        self._seen_t = 0.0
        self.stop()

    def stop(self) -> None:
        """Watch no longer."""
        self._reference: View | None = None
        self._trust: NDArray[np.float32] | None = None
        self._second_since: float | None = None
        self._since_break: list[tuple[float, float]] | None = None  # times and scores; None while nothing has broken
        self.similarity: float | None = None

    @property
    def watching(self) -> bool:
        """Whether there is a face to compare with."""
        return self._reference is not None

    @property
    def doubts(self) -> bool:
        """Whether a second face is there, or something broke and the face has not been seen to be the same since."""
        return self._since_break is not None or self._second_since is not None

    @property
    def follows(self) -> float:
        """Mean correlation of the face outside the eyes with the view before, -1..1; 1 where there is none before."""
        last = self._recent[-1] if self._recent else None
        return 1.0 if last is None or last.follows is None else float(last.follows[self._rest].mean())

    def begin(self, since: float) -> Reason | None:
        """Watch from the frame at `since` on; the frames after it have been seen and are judged at once."""
        views = [view for view in self._recent if view.t >= since]
        if not views or views[0].likeness is None:
            return Reason.FACE_LOST
        self._reference, self.similarity = views[0], 1.0
        self._trust = np.ones(len(views[0].seen), np.float32)
        for before, view in pairwise(views):
            lost = view.t - before.t > self.settings.max_gap_s
            reason = Reason.FACE_LOST if lost else self._judge(before, view)
            if reason is not None:
                return reason
        return None

    def update(self, reading: Reading) -> Reason | None:
        """Take one frame; why it breaks the chain, if it is watched and does."""
        before = self._recent[-1] if self._recent else None
        reason = self._absent(reading.t, self._stalled(reading.t))
        if reading.face is not None:
            self._seen_t = reading.t
            view = self._view(reading, before)
            self._recent.append(view)
            while view.t - self._recent[0].t > self.settings.memory_s:
                self._recent.popleft()
            second = self._second(reading)
            reason = reason or second
            if self.watching and before is not None:
                reason = reason or self._judge(before, view)
        return reason if self.watching else None

    def _stalled(self, t: float) -> float:
        """Seconds without any frame before this one, 0 where frames came as they should."""
        pause = 0.0 if self._t is None else t - self._t
        self._t = t
        return pause if pause > self.settings.max_gap_s else 0.0

    def _absent(self, t: float, stalled_s: float) -> Reason | None:
        """What a time without a face or without frames means: a stream that stalls is no face that leaves."""
        self._seen_t += stalled_s
        if stalled_s > self.settings.max_stall_s:
            return Reason.STALLED
        return Reason.FACE_LOST if t - self._seen_t > self.settings.max_gap_s else None

    def _view(self, reading: Reading, before: View | None) -> View:
        face = reading.face
        assert face is not None
        eyes = eye_centers(face.landmarks)
        seen = self._seen(reading)
        now, last = reading.likeness, before.likeness if before else None
        follows = compare(last, now) if last is not None and now is not None else None
        return View(reading.t, now, seen, follows, eyes, face.inter_eye_px)

    def _seen(self, reading: Reading) -> NDArray[np.bool_]:
        """Blocks that no blocked region fills to a good part; none in the dark."""
        covered = np.zeros(len(self._rest), np.float32)
        if reading.quality is not None and reading.quality.highlight < self.settings.min_highlight:
            return covered > 0
        for region, found in reading.regions.items():
            if found.state is State.BLOCKED:
                covered += self._shares[region]
        return covered < self.settings.covered_block

    def _second(self, reading: Reading) -> Reason | None:
        if not reading.others:
            self._second_since = None
            return None
        if self._second_since is None:
            self._second_since = reading.t
        lasts = reading.t - self._second_since >= self.settings.second_face_s
        return Reason.SECOND_FACE if lasts else None

    def _judge(self, before: View, view: View) -> Reason | None:
        limits = self.settings
        if self._jumped(before, view):
            return Reason.JUMPED
        score = self._score(view)
        if score is not None:
            old = 1.0 if self.similarity is None else self.similarity
            self.similarity = smoothed(old, score, view.t - before.t, limits.similarity_tau_s)
            if self._since_break is not None:
                self._since_break.append((view.t, score))
        changed = self.similarity is not None and self.similarity < limits.min_similarity
        return Reason.FACE_CHANGED if changed or self._another() else None

    def _another(self) -> bool:
        """Whether the face after a break is too little like the one before, which the running mean still remembers."""
        if not self._since_break:
            return False
        times, scores = zip(*self._since_break, strict=True)
        lasts = times[-1] - times[0] >= self.settings.similarity_tau_s
        return lasts and float(np.mean(scores)) < self.settings.min_similarity

    def _score(self, view: View) -> float | None:
        """Mean trust in the blocks that can be seen; None while they are too few to tell."""
        limits = self.settings
        assert self._reference is not None and self._trust is not None
        assert self._reference.likeness is not None and view.likeness is not None
        alike = compare(self._reference.likeness, view.likeness)
        kept = self._kept(view)
        if not kept.any():
            self._since_break = []
        self._trust = self._trust * kept
        shared = view.seen & self._reference.seen
        if shared.mean() < limits.min_seen:
            return None
        if alike[shared].mean() >= limits.same_face:
            self._trust = np.where(view.seen, np.float32(1.0), self._trust)
            self._since_break = None
        return float(np.maximum(self._trust, np.maximum(alike, 0.0))[shared].mean())

    def _kept(self, view: View) -> NDArray[np.float32]:
        """How much of the trust in each block outlives this view, 0..1."""
        limits = self.settings
        if view.follows is None or not view.seen.any() or view.follows[view.seen].mean() < limits.cut:
            return np.zeros(len(view.seen), np.float32)
        step = (view.follows - limits.follows_none) / (limits.follows_fully - limits.follows_none)
        return np.clip(step, 0.0, 1.0) * view.seen

    def _jumped(self, before: View, view: View) -> bool:
        limits = self.settings
        dt = view.t - before.t
        moved = float(np.hypot(*(view.eyes - before.eyes).T).max()) / max(before.inter_eye_px, 1.0)
        grown = abs(float(np.log(view.inter_eye_px / before.inter_eye_px)))
        return moved > limits.jump + limits.max_speed * dt or grown > limits.scale_jump + limits.max_scale_rate * dt
