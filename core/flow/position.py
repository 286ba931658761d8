"""The position: one face, framed, near, straight and lit, for a moment; problems do not flicker at their limits."""

from __future__ import annotations

from core.flow.smoothing import smoothed, switched
from core.flow.snapshot import Hint
from core.settings import PositionSettings
from core.vision.problems import Problem
from core.vision.reading import Reading

HINTS: dict[Problem, Hint] = {
    Problem.CAMERA_OFF: Hint.CAMERA_OFF,
    Problem.UPSIDE_DOWN: Hint.UPSIDE_DOWN,
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
    """Whether the face is placed well, and for how long. A problem is what stands for a good part of the time."""

    def __init__(self, settings: PositionSettings) -> None:
        self.settings = settings
        self.forget()

    def forget(self) -> None:
        """Start the hold anew."""
        self._share: dict[Problem, float] = {}
        self._standing: set[Problem] = set()
        self._t: float | None = None
        self._since = 0.0

    @property
    def good_s(self) -> float:
        """Seconds for which nothing has been wrong."""
        return 0.0 if self._standing or self._t is None else self._t - self._since

    @property
    def bad_s(self) -> float:
        """Seconds for which something has been wrong."""
        return self._t - self._since if self._standing and self._t is not None else 0.0

    def stands(self, problem: Problem) -> bool:
        """Whether it stands now, also behind a more urgent one that is named instead."""
        return problem in self._standing

    def update(self, reading: Reading, problems: tuple[Problem, ...]) -> Problem | None:
        """The problem to name now; None while the position is good. `problems`: this frame's, most urgent first."""
        first = self._t is None
        dt = 0.0 if self._t is None else reading.t - self._t
        self._t = reading.t
        was_good = not self._standing
        for problem in {*problems, *self._share}:
            self._weigh(problem, problem in problems, self.settings.tau_s if first else dt)
        if first or was_good != (not self._standing):
            self._since = reading.t
        return next((problem for problem in Problem if problem in self._standing), None)

    def _weigh(self, problem: Problem, here: bool, dt_s: float) -> None:
        limits = self.settings
        share = self._share[problem] = smoothed(self._share.get(problem, 0.0), float(here), dt_s, limits.tau_s)
        if switched(problem in self._standing, share, limits.on_above, limits.off_below):
            self._standing.add(problem)
        else:
            self._standing.discard(problem)
