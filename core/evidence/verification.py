"""Checks files that the app signed: pictures by their content credentials, reports by the signature beside them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import Any

from core.evidence import credentials, signing

SIGNATURE_SUFFIX = ".jws"
_PEM = "-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n"


class Standing(str, Enum):
    """What a file turned out to be. UNKNOWN_SIGNER: whole, but anyone may have signed it. UNCHECKED: no key for it."""

    WHOLE = "whole"
    UNKNOWN_SIGNER = "unknown_signer"
    UNCHECKED = "unchecked"
    ALTERED = "altered"
    UNSIGNED = "unsigned"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Finding:
    """What is known of one file. signer, at: where its signature says so, and only believed when it is WHOLE."""

    path: Path
    standing: Standing
    signer: str = ""
    at: datetime | None = None


class Verifier:
    """Knows the public keys that are trusted."""

    def __init__(self, public: Mapping[str, Any]) -> None:
        """public: a JWK set, as /.well-known/jwks.json gives it; may be empty."""
        self._public = public
        chains = (jwk.get("x5c", []) for jwk in public.get("keys", []))
        self._anchors = [_PEM.format(chain[-1]) for chain in chains if chain]

    def verify(self, path: Path) -> Finding:
        """Check one file: a .png or .jpg, or any other with its signature beside it in a file of the same name + .jws.

        A report is whole only if the pictures beside it that it speaks of are the very ones.
        """
        try:
            content = path.read_bytes()
            if mime := credentials.MIME.get(path.suffix.lower()):
                return self._picture(path, content, mime)
            return self._report(path, content)
        except (OSError, UnicodeDecodeError):
            return Finding(path, Standing.UNREADABLE)

    def _picture(self, path: Path, content: bytes, mime: str) -> Finding:
        try:
            found = credentials.read(content, mime, self._anchors)
        except credentials.NoCredentials:
            return Finding(path, Standing.UNSIGNED)
        if not found.whole:
            return Finding(path, Standing.ALTERED, found.signer, found.at)
        standing = Standing.WHOLE if found.trusted else Standing.UNKNOWN_SIGNER
        return Finding(path, standing, found.signer, found.at)

    def _report(self, path: Path, content: bytes) -> Finding:
        beside = path.with_name(path.name + SIGNATURE_SUFFIX)
        if not beside.exists():
            return Finding(path, Standing.UNSIGNED)
        token = beside.read_text(encoding="ascii")
        signer = signing.signer(token)
        if signer not in {jwk.get("kid") for jwk in self._public.get("keys", [])}:
            return Finding(path, Standing.UNCHECKED, signer)
        try:
            found = signing.verify(content, token, self._public)
        except signing.BadSignature:
            return Finding(path, Standing.ALTERED, signer)
        standing = Standing.WHOLE if _pictures_match(path, content) else Standing.ALTERED
        return Finding(path, standing, found.key, found.at)


def _pictures_match(path: Path, content: bytes) -> bool:
    """The pictures of the same name beside a report have the hashes that it names."""
    try:
        named = json.loads(content).get("files", {})
    except (ValueError, AttributeError):
        return True
    beside = {"png": path.with_suffix(".png"), "jpeg": path.with_suffix(".jpg")}
    return all(
        hashlib.sha256(beside[kind].read_bytes()).hexdigest() == entry["sha256"]
        for kind, entry in named.items()
        if kind in beside and beside[kind].exists()
    )
