"""Connect or say why: how a stream that gives no frames is told from one that does, and what is probably wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from enum import Enum

from core.settings import ConnectionSettings


class Connection(str, Enum):
    """STARTING and LIVE are well. UNANSWERED: the browser has not given the camera yet. BLOCKED: it has, and no frame
    comes through. PAUSED: the stream froze and is taken down, to be started again by itself. LOST: it froze once more,
    or did not come back."""

    STARTING = "starting"
    LIVE = "live"
    UNANSWERED = "unanswered"
    BLOCKED = "blocked"
    PAUSED = "paused"
    LOST = "lost"


TROUBLES = (Connection.UNANSWERED, Connection.BLOCKED, Connection.LOST)
"""States that the person is told about."""


class ConnectionWatch:
    """Looks at the count of frames now and then, from START on."""

    def __init__(self, settings: ConnectionSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._settings = settings
        self._clock = clock
        self._since = clock()  # START, the last frame, or the change to the present state
        self._frames = 0
        self._restarted = False
        self.state = Connection.STARTING

    def update(self, frames: int, *, camera_open: bool) -> Connection:
        """The state now. frames: seen since START; camera_open: the browser has offered a stream."""
        now, limits = self._clock(), self._settings
        if self.state is Connection.LOST:
            return self.state
        if self.state is Connection.PAUSED:
            if now - self._since >= limits.pause_s:
                self._change(Connection.STARTING, now)
                self._frames = frames
            return self.state
        if frames != self._frames:
            self._frames = frames
            self._change(Connection.LIVE, now)
        elif self.state is Connection.LIVE:
            if now - self._since >= limits.freeze_s:
                self._change(Connection.LOST if self._restarted else Connection.PAUSED, now)
                self._restarted = True
        elif now - self._since >= limits.answer_s:
            if self._restarted:
                self.state = Connection.LOST
            else:
                self.state = Connection.BLOCKED if camera_open else Connection.UNANSWERED
        return self.state

    def _change(self, state: Connection, now: float) -> None:
        self.state, self._since = state, now
