"""The app's signing key (Ed25519), and signatures beside the files they belong to.

A signature is a detached JWS (RFC 7515, appendix F) over the file's very bytes (RFC 7797, "b64": false).
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import KeySet, OKPKey

from core.evidence.keyfile import KeyFileError, read_or_make, write_new

# RFC 9864 calls this name deprecated in favour of "Ed25519", which few verifiers know yet.
_ALGORITHM = "EdDSA"
_TYPE = "selfie-report+jws"


class BadSignature(ValueError):
    """The signature is not by one of the keys over these bytes."""


@dataclass(frozen=True)
class Signature:
    """A signature that was found good. key: id of the key. at: when it was made, by the signer's own clock."""

    key: str
    at: datetime


class SigningKey:
    """The private key in `path`, made at the first start; public keys of before are beside it, in retired/."""

    def __init__(self, path: Path) -> None:
        """Raises KeyFileError."""
        self.path = path
        self.pem = read_or_make(path, _new_key)
        self._key = _private(path, self.pem)
        self.id = self._key.thumbprint()
        self._retired = [_public(file) for file in sorted(_retired(path).glob("*.pem"))]

    def sign(self, content: bytes, at: datetime) -> str:
        """The detached JWS over these bytes. at: the present moment, with a time zone."""
        header = {
            "alg": _ALGORITHM,
            "kid": self.id,
            "typ": _TYPE,
            "iat": int(at.timestamp()),
            "b64": False,
            "crit": ["b64"],
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)
            token = jws.serialize_compact(header, content, self._key, [_ALGORITHM], _registry())
        head, _, tail = token.partition(".")
        return f"{head}..{tail.rpartition('.')[2]}"

    def public(self) -> dict[str, Any]:
        """All public keys as a JWK set (RFC 7517), the present one first."""
        return {"keys": [_jwk(key) for key in (self._key, *self._retired)]}

    def rotate(self) -> SigningKey:
        """A new key in the old one's place, whose public half is kept. Raises KeyFileError."""
        try:
            _retired(self.path).mkdir(exist_ok=True)
            write_new(_retired(self.path) / f"{self.id}.pem", self._key.as_pem(private=False))
            self.path.unlink()
        except OSError as error:
            raise KeyFileError(f"{self.path}: {error.strerror}") from error
        return SigningKey(self.path)


def verify(content: bytes, signature: str, public: Mapping[str, Any]) -> Signature:
    """Check a detached JWS over these bytes. public: a JWK set. Raises BadSignature."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)
            keys = KeySet.import_key_set(dict(public))  # type: ignore[arg-type]
            found = jws.deserialize_compact(signature.strip(), keys, [_ALGORITHM], _registry(), payload=content)
        header = found.headers()
        if header.get("b64") is not False:
            raise BadSignature("signed in another way")
        return Signature(str(header["kid"]), datetime.fromtimestamp(header["iat"], timezone.utc))
    except (JoseError, ValueError, TypeError, KeyError, OverflowError) as error:
        raise BadSignature(type(error).__name__) from error


def signer(signature: str) -> str:
    """The key that a signature says it was made with; empty when it says nothing. Not checked."""
    try:
        return str(jws.extract_compact(signature.strip().encode()).headers().get("kid", ""))
    except (JoseError, ValueError):
        return ""


def _registry() -> jws.JWSRegistry:
    # "iat" is no registered header of JWS, so a strict registry would refuse it.
    return jws.JWSRegistry(algorithms=[_ALGORITHM], strict_check_header=False)


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _private(path: Path, pem: bytes) -> OKPKey:
    try:
        key = OKPKey.import_key(pem)
    except (JoseError, ValueError) as error:
        raise KeyFileError(f"{path} holds no Ed25519 key") from error
    if not key.is_private or key.curve_name != "Ed25519":
        raise KeyFileError(f"{path} holds no private Ed25519 key")
    return key


def _public(path: Path) -> OKPKey:
    try:
        return OKPKey.import_key(path.read_bytes())
    except (JoseError, ValueError, OSError) as error:
        raise KeyFileError(f"{path} holds no public key") from error


def _retired(path: Path) -> Path:
    return path.with_name("retired")


def _jwk(key: OKPKey) -> dict[str, Any]:
    return {**key.as_dict(private=False), "kid": key.thumbprint(), "use": "sig", "alg": _ALGORITHM}
