"""The app as a witness: its signing key, that key's certificate, and what it signs with them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from core.evidence import credentials
from core.evidence.certificate import certificate_chain
from core.evidence.signing import SigningKey
from core.options import Options

KEY_FOLDER = "KEY_DIR"
"""The option that names the folder of the keys; without it they are in data/keys."""


def key_folder(options: Options) -> Path:
    """Where the app's keys are."""
    return Path(options.get(KEY_FOLDER, "").strip() or "data/keys")


class Evidence:
    """Signs reports and pictures. The key is made at the first start: signing.pem, and certificate.pem beside it."""

    def __init__(self, folder: Path, now: datetime) -> None:
        """now: from when a certificate made here is good. Raises core.evidence.keyfile.KeyFileError."""
        self.key = SigningKey(folder / "signing.pem")
        self._chain = certificate_chain(folder / f"{self.key.id}.crt", self.key.pem, now)

    def sign(self, content: bytes, at: datetime) -> str:
        """A detached JWS over these bytes."""
        return self.key.sign(content, at)

    def embed(self, picture: bytes, mime: str, checks: Mapping[str, Any], at: datetime) -> bytes:
        """The picture with content credentials in it."""
        return credentials.embed(picture, mime, checks, at, self._chain, self.key.pem)

    def public(self) -> dict[str, Any]:
        """All public keys as a JWK set, each with its certificates ("x5c", RFC 7517) where they are at hand."""
        return public_keys(self.key)


def public_keys(key: SigningKey) -> dict[str, Any]:
    """The public half of a signing key and of those before it, with their certificates."""
    return {"keys": [_with_certificates(jwk, key.path.parent / f"{jwk['kid']}.crt") for jwk in key.public()["keys"]]}


def _with_certificates(jwk: dict[str, Any], path: Path) -> dict[str, Any]:
    if not path.exists():
        return jwk
    chain = x509.load_pem_x509_certificates(path.read_bytes())
    bodies = ["".join(part.public_bytes(Encoding.PEM).decode().splitlines()[1:-1]) for part in chain]
    return {**jwk, "x5c": bodies}
