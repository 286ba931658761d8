"""When an attempt is over: after too many failed tries, or without progress."""

from __future__ import annotations

from core.settings import AttemptSettings

Mark = tuple[int, int]
"""How far a try is: the phase's place in the order of phases, and the blinks that counted."""


class Tries:
    """Counts one attempt's failed tries and remembers when something last moved on.

    started: time of its first frame in seconds, None before it. failed: tries so far that failed.
    """

    def __init__(self, settings: AttemptSettings) -> None:
        self.settings = settings
        self.started: float | None = None
        self.failed = 0
        self._progress_t = 0.0
        self._reached: Mark = (0, 0)

    @property
    def left(self) -> int:
        """How many failed tries it can still take."""
        return max(self.settings.tries - self.failed, 0)

    def begin(self, t: float) -> None:
        """A frame at `t` seconds; the first one begins the attempt."""
        if self.started is None:
            self.started = self._progress_t = t

    def mark(self, t: float, reached: Mark) -> None:
        """Where the try stands. Progress is only what it had not reached before: going to and fro is none."""
        if reached > self._reached:
            self._reached, self._progress_t = reached, t

    def fail(self, t: float) -> None:
        """A failed try; the next one starts from nothing and gets its full time."""
        self.failed += 1
        self._progress_t = t
        self._reached = (0, 0)

    def idle(self, t: float) -> bool:
        """Nothing has moved on for too long."""
        return t - self._progress_t >= self.settings.idle_s
