"""Between those who bring frames and those who work on them: the newest wins."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

Run = Callable[[Callable[[], None]], object]
"""Has a piece of work done, now or later and on any thread; `submit` of an executor, for one."""


class Newest(Generic[T]):
    """Has one piece after the other worked on, each time the newest that there is; the others are left out.

    Pieces that come meanwhile wait until `run` has been through with what others asked of it.
    """

    def __init__(self, work: Callable[[T], None], run: Run) -> None:
        self._work = work
        self._run = run
        self._lock = threading.Lock()
        self._waiting: list[T] = []  # one at most
        self._asked = False  # `run` has not come to it yet, or is at it

    def put(self, piece: T) -> None:
        """Work on this one next. May be called from any thread."""
        with self._lock:
            self._waiting = [piece]
            ask, self._asked = not self._asked, True
        if ask:
            self._run(self._go)

    def _go(self) -> None:
        with self._lock:
            pieces, self._waiting = self._waiting, []
        try:
            for piece in pieces:
                self._work(piece)
        finally:
            with self._lock:
                again = self._asked = bool(self._waiting)
            if again:
                self._run(self._go)
