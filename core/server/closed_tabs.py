"""Tabs that were closed: what they still hold on the server is let go of."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)


@dataclass
class _Tab:
    seen: float  # when it was last connected
    forget: list[Callable[[], object]] = field(default_factory=list)


class ClosedTabs:
    """What is to be forgotten once a tab is closed and can't come back. Safe to use from any thread."""

    def __init__(self, kept_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        """kept_s: seconds that a tab may be gone and come back."""
        self._kept_s = kept_s
        self._clock = clock
        self._lock = threading.Lock()
        self._tabs: dict[str, _Tab] = {}

    def when_closed(self, tab: str, forget: Callable[[], object]) -> None:
        """Have `forget` called once when the tab is closed for good."""
        with self._lock:
            self._tabs.setdefault(tab, _Tab(self._clock())).forget.append(forget)

    def sweep(self, present: Callable[[str], bool]) -> list[str]:
        """Forget what the tabs closed for good left; they are the answer. present: the tab is connected."""
        gone: dict[str, _Tab] = {}
        with self._lock:
            now = self._clock()
            for name, tab in list(self._tabs.items()):
                if present(name):
                    tab.seen = now
                elif now - tab.seen > self._kept_s:
                    gone[name] = self._tabs.pop(name)
        for tab in gone.values():
            for forget in tab.forget:
                try:
                    forget()
                except Exception:  # the next one's must go all the same
                    logger.exception("Something that a closed tab left could not be let go of")
        return list(gone)
