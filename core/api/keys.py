"""The API's keys: who calls, and how often he may."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_HASH = re.compile(r"[0-9a-f]{64}")
_WEBHOOK = "whsec_"


class KeysError(ValueError):
    """API_KEYS is not as it should be; says which entry, never what is in it."""


@dataclass(frozen=True)
class ApiKey:
    """One caller. hashed: SHA-256 of the key, hex. webhook_secret: signs what is sent to him; without it nothing is."""

    name: str
    hashed: str
    webhook_secret: bytes | None = field(default=None, repr=False)


def new_key(name: str) -> tuple[str, str]:
    """A new key, to be shown once, and its entry in API_KEYS. Raises KeysError for a name that can't be one."""
    if not _NAME.fullmatch(name):
        raise KeysError("a name has up to 40 of a-z, 0-9, - and _")
    key = f"selfie_{secrets.token_urlsafe(32)}"
    webhook = _WEBHOOK + base64.b64encode(secrets.token_bytes(32)).decode()
    return key, f"{name}:{_digest(key)}:{webhook}"


def read_keys(told: str) -> list[ApiKey]:
    """The keys of API_KEYS: entries "name:sha256" or "name:sha256:whsec_...", between commas. Raises KeysError."""
    keys = [_entry(number, entry.strip()) for number, entry in enumerate(told.split(","), 1) if entry.strip()]
    if len({key.name for key in keys}) < len(keys):
        raise KeysError("two entries have one name")
    return keys


def _entry(number: int, entry: str) -> ApiKey:
    name, _, rest = entry.partition(":")
    hashed, _, webhook = rest.partition(":")
    if not _NAME.fullmatch(name) or not _HASH.fullmatch(hashed):
        raise KeysError(f"entry {number}")
    if not webhook:
        return ApiKey(name, hashed)
    try:
        secret = base64.b64decode(webhook.removeprefix(_WEBHOOK), validate=True)
    except binascii.Error:
        raise KeysError(f"entry {number}") from None
    if not webhook.startswith(_WEBHOOK) or len(secret) < 24:  # Standard Webhooks asks for 24 to 64 bytes
        raise KeysError(f"entry {number}")
    return ApiKey(name, hashed, secret)


class Keyring:
    """Finds the caller of a key. It looks at all of them, so that the time taken tells nothing."""

    def __init__(self, keys: list[ApiKey]) -> None:
        self._keys = {key.name: key for key in keys}

    def caller(self, key: str) -> ApiKey | None:
        """Whose key it is. A key has 256 random bits, so a plain hash is enough and guessing is hopeless."""
        given, found = _digest(key), None
        for candidate in self._keys.values():
            if hmac.compare_digest(given, candidate.hashed):
                found = candidate
        return found

    def named(self, name: str) -> ApiKey | None:
        """The key of that name."""
        return self._keys.get(name)


class Limiter:
    """So many calls a minute for each key, in this process; unused ones add up to a minute's worth."""

    def __init__(self, a_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._a_minute = a_minute
        self._clock = clock
        self._lock = threading.Lock()
        self._left: dict[str, tuple[float, float]] = {}

    def wait_s(self, name: str) -> float:
        """0 for a call that may go on, which is then counted; else seconds until the next one may."""
        with self._lock:
            now = self._clock()
            left, at = self._left.get(name, (float(self._a_minute), now))
            left = min(left + (now - at) * self._a_minute / 60, self._a_minute)
            if left < 1:
                self._left[name] = left, now
                return (1 - left) * 60 / self._a_minute
            self._left[name] = left - 1, now
            return 0.0


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()
