"""Who may use the camera now: as many live sessions as the machine holds; the others wait in line."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from core.settings import AdmissionSettings


@dataclass(frozen=True)
class Place:
    """admitted: may go live. line: place in line, 1 is next. closed: no new sessions, the server is about to stop."""

    admitted: bool = False
    line: int = 0
    closed: bool = False


@dataclass
class _Seat:
    seen: float  # when the tab was last there
    busy: float  # when the last frame was processed


class Admission:
    """A fixed number of seats and a line before them; first come, first served. Safe to use from any thread.

    A seat that becomes free goes to the first in line at once, which finds out when it next asks.
    """

    def __init__(self, capacity: int, settings: AdmissionSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity = capacity
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._live: dict[str, _Seat] = {}
        self._line: dict[str, float] = {}
        self._closed = False

    @property
    def capacity(self) -> int:
        """Number of seats."""
        return self._capacity

    @property
    def live(self) -> int:
        """Seats taken."""
        return len(self._live)

    @property
    def waiting(self) -> int:
        """Length of the line."""
        return len(self._line)

    def resize(self, capacity: int) -> None:
        """Change the number of seats; nobody loses one."""
        with self._lock:
            self._capacity = capacity
            self._seat()

    def close(self) -> None:
        """Let nobody in any more; whoever is live may finish."""
        with self._lock:
            self._closed = True
            self._line.clear()

    def ask(self, tab: str) -> Place:
        """Ask for a seat, or again for the one asked for; the answer says where the tab stands."""
        with self._lock:
            now = self._clock()
            if tab not in self._live and not self._closed:
                self._line.setdefault(tab, now)
                self._seat()
            if tab in self._live:
                return Place(admitted=True)
            if self._closed:
                return Place(closed=True)
            return Place(line=list(self._line).index(tab) + 1)

    def busy(self, tab: str) -> None:
        """A frame was processed: the seat is in use."""
        seat = self._live.get(tab)
        if seat is not None:
            seat.busy = self._clock()

    def holds(self, tab: str) -> bool:
        """The tab has a seat."""
        return tab in self._live

    def leave(self, tab: str) -> None:
        """Give the seat or the place in line back. Nothing happens when there is none."""
        with self._lock:
            self._live.pop(tab, None)
            self._line.pop(tab, None)
            self._seat()

    def sweep(self, present: Callable[[str], bool]) -> None:
        """Take the seats of tabs that are gone for a while or had no frame processed for long. Call it twice a second.

        present: the tab is connected.
        """
        tabs = [*self._live, *self._line]
        here = {tab for tab in tabs if present(tab)}
        with self._lock:
            now, limits = self._clock(), self._settings
            for tab, seat in list(self._live.items()):
                if tab in here:
                    seat.seen = now
                if now - seat.seen > limits.lost_s or now - seat.busy > limits.idle_s:
                    del self._live[tab]
            for tab, seen in list(self._line.items()):
                if tab in here:
                    self._line[tab] = now
                elif now - seen > limits.lost_s:
                    del self._line[tab]
            self._seat()

    def _seat(self) -> None:
        now = self._clock()
        while self._line and len(self._live) < self._capacity and not self._closed:
            tab = next(iter(self._line))
            self._live[tab] = _Seat(seen=self._line.pop(tab), busy=now)
