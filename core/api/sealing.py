"""Selfies are encrypted before they go into the database (AES-256-GCM); the key is a file outside of it."""

from __future__ import annotations

import secrets
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.evidence.keyfile import KeyFileError, read_or_make

_KEY_BYTES, _NONCE_BYTES = 32, 12


class SealBroken(ValueError):
    """Sealed with another key, for another session, or altered."""


class Sealer:
    """Seals and opens. The key is made at the first start. What is sealed for one session opens for no other."""

    def __init__(self, path: Path) -> None:
        """Raises KeyFileError."""
        key = read_or_make(path, lambda: secrets.token_bytes(_KEY_BYTES))
        if len(key) != _KEY_BYTES:
            raise KeyFileError(f"{path} must have {_KEY_BYTES} bytes")
        self._cipher = AESGCM(key)

    def seal(self, data: bytes, session: str) -> bytes:
        """Nonce and ciphertext."""
        nonce = secrets.token_bytes(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, data, session.encode())

    def open(self, sealed: bytes, session: str) -> bytes:
        """The other way round. Raises SealBroken."""
        try:
            return self._cipher.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], session.encode())
        except (InvalidTag, ValueError):
            raise SealBroken(session) from None
