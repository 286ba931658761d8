"""The access code before every page, and where a request comes from."""

from __future__ import annotations

import hmac
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from core.options import Options, switched_on
from core.settings import AccessSettings

_LOCAL = {"localhost", "127.0.0.1", "[::1]", "::1", "0.0.0.0"}


@dataclass(frozen=True)
class Verdict:
    """passed: the code is right. wait_s: seconds until another code is looked at, 0 when at once."""

    passed: bool
    wait_s: float = 0.0


@dataclass
class _Tries:
    """Times of the wrong codes within the window, oldest first."""

    times: deque[float] = field(default_factory=deque)

    def forget_before(self, t: float) -> None:
        while self.times and self.times[0] <= t:
            self.times.popleft()


class AccessCode:
    """Compares codes in constant time; after some wrong ones a client waits, and after many every client does.

    Those who are in already notice nothing of it.
    """

    def __init__(self, code: str, settings: AccessSettings, clock: Callable[[], float] = time.monotonic) -> None:
        """code: empty when none is asked for."""
        self._code = code.strip().encode()  # a file with a secret ends in a new line
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._all = _Tries()
        self._clients: dict[str, _Tries] = {}

    @property
    def required(self) -> bool:
        """A code is asked for."""
        return bool(self._code)

    def try_code(self, client: str, code: str) -> Verdict:
        """Try a code. client: the network address it comes from."""
        with self._lock:
            now, limits = self._clock(), self._settings
            self._forget(now - limits.window_s)
            own = self._clients.get(client, _Tries())
            for tries, most in ((own, limits.attempts), (self._all, limits.attempts_all)):
                if len(tries.times) >= most:
                    return Verdict(False, tries.times[0] + limits.window_s - now)
            if hmac.compare_digest(code.strip().encode(), self._code):
                self._clients.pop(client, None)
                return Verdict(True)
            self._clients[client] = own
            own.times.append(now)
            self._all.times.append(now)
            return Verdict(False, limits.window_s if len(own.times) >= limits.attempts else 0.0)

    def _forget(self, before: float) -> None:
        self._all.forget_before(before)
        for client, tries in list(self._clients.items()):
            tries.forget_before(before)
            if not tries.times:
                del self._clients[client]


def client_address(remote: str | None, forwarded: Sequence[str], options: Options) -> str:
    """Where a visitor comes from.

    forwarded: the values of all X-Forwarded-For headers; a proxy adds to the last of them, or one more. Behind a proxy
    (TRUST_PROXY=1) it is the last address, the one which the proxy itself wrote; without one it could be anybody's
    invention.
    """
    last = ",".join(forwarded).split(",")[-1].strip()
    if last and switched_on(options, "TRUST_PROXY"):
        return last
    return remote or "local"


def is_local(address: str) -> bool:
    """The address leads to the very machine it is opened on."""
    return urlsplit(address).hostname in _LOCAL
