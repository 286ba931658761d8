"""The first phase: one face, framed, near, straight and lit, for a moment; calm at its limits."""

from __future__ import annotations

from core.flow.snapshot import Hint
from core.settings import PositionSettings
from core.vision.quality import Problem
from core.vision.reading import Reading

HINTS: dict[Problem, Hint] = {
    Problem.CAMERA_OFF: Hint.CAMERA_OFF,
    Problem.NO_FACE: Hint.NO_FACE,
    Problem.SECOND_FACE: Hint.SECOND_FACE,
    Problem.TOO_FAR: Hint.MOVE_CLOSER,
    Problem.TOO_NEAR: Hint.MOVE_BACK,
    Problem.OFF_CENTER: Hint.CENTER,
    Problem.TURNED: Hint.LOOK_STRAIGHT,
    Problem.TILTED: Hint.LEVEL_HEAD,
    Problem.TOO_DARK: Hint.MORE_LIGHT,
    Problem.TOO_BRIGHT: Hint.LESS_LIGHT,
    Problem.BLURRED: Hint.BLURRED,
}


class PositionGate:
    """Whether the face is placed well, and for how long. A problem counts once it has lasted, and so does its end."""

    def __init__(self, settings: PositionSettings) -> None:
        self.settings = settings
        self.forget()

    def forget(self) -> None:
        """Start the hold anew."""
        self._since: dict[Problem, float] = {}
        self._seen: dict[Problem, float] = {}
        self._good_since: float | None = None
        self.good_s = 0.0
        self.bad_s = 0.0
        self._bad_since: float | None = None

    def update(self, reading: Reading, problems: tuple[Problem, ...]) -> Problem | None:
        """The problem to name now; None while the position is good. `problems`: this frame's, most urgent first."""
        t = reading.t
        for problem in problems:
            if t - self._seen.get(problem, -1e9) > self.settings.calm_s:
                self._since[problem] = t
            self._seen[problem] = t
        standing = [
            problem
            for problem in Problem
            if t - self._seen.get(problem, -1e9) <= self.settings.calm_s
            and (self._good_since is None or self._seen[problem] - self._since[problem] >= self.settings.calm_s)
        ]
        if standing:
            self._good_since = None
            self._bad_since = t if self._bad_since is None else self._bad_since
        else:
            self._bad_since = None
            self._good_since = t if self._good_since is None else self._good_since
        self.good_s = 0.0 if self._good_since is None else t - self._good_since
        self.bad_s = 0.0 if self._bad_since is None else t - self._bad_since
        return standing[0] if standing else None
