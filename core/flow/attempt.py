"""When an attempt ends: after too many failed tries, or without progress."""

from __future__ import annotations

from core.settings import AttemptSettings


class Attempt:
    """Counts failed tries and remembers when something last moved on. `started`: time of its first frame."""

    def __init__(self, settings: AttemptSettings) -> None:
        self.settings = settings
        self.restart()

    def restart(self) -> None:
        """A new attempt, from the next frame on."""
        self.started: float | None = None
        self.failed = 0
        self._progress_t = 0.0
        self.new_try()

    def new_try(self) -> None:
        """What has been reached counts no more."""
        self._high_mark = -1

    @property
    def tries_left(self) -> int:
        """How many failed tries it can still take."""
        return max(self.settings.tries - self.failed, 0)

    def begin(self, t: float) -> None:
        """A frame at `t` seconds; the first one begins the attempt."""
        if self.started is None:
            self.started = self._progress_t = t

    def mark(self, t: float, mark: int) -> None:
        """Something was reached. Progress is only what this try had not reached before: going to and fro is none."""
        if mark > self._high_mark:
            self._high_mark, self._progress_t = mark, t

    def fail(self, t: float) -> None:
        """A failed try; the next one gets its full time."""
        self.failed += 1
        self._progress_t = t
        self.new_try()

    def idle(self, t: float) -> bool:
        """Nothing has moved on for too long."""
        return t - self._progress_t >= self.settings.idle_s
