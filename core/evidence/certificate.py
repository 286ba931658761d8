"""The certificate that content credentials name as their signer: made here, or brought by whoever runs the app."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from core.evidence.keyfile import KeyFileError, read_or_make

_YEARS = 10
_DAY = timedelta(days=1)


def certificate_chain(path: Path, key_pem: bytes, now: datetime) -> bytes:
    """The certificates in `path`, the signing key's first, as PEM; made there when there are none.

    A certificate made here is signed by an authority of its own whose private key is thrown away: it tells that
    pictures come from the same signer, not who that is. Raises KeyFileError, also for another key's certificate.
    """
    key = load_pem_private_key(key_pem, None)
    chain = read_or_make(path, lambda: _make(key, now))  # type: ignore[arg-type]
    try:
        first = x509.load_pem_x509_certificates(chain)[0]
    except ValueError as error:
        raise KeyFileError(f"{path} holds no certificate") from error
    if first.public_key() != key.public_key():
        raise KeyFileError(f"{path} is the certificate of another key")
    return chain


def _make(key: Ed25519PrivateKey, now: datetime) -> bytes:
    authority = Ed25519PrivateKey.generate()
    root = _name("Real Selfie own authority")
    others = ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement")
    usage = dict.fromkeys((*others, "encipher_only", "decipher_only"), False)

    def builder(subject: x509.Name, public: Ed25519PrivateKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root)
            .public_key(public.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _DAY)
            .not_valid_after(now + _YEARS * 365 * _DAY)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False)
        )

    top = (
        builder(root, authority)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=False, key_cert_sign=True, crl_sign=True, **usage), critical=True
        )
        .sign(authority, None)
    )
    # C2PA 2.1, 14.5.1: digital signatures only, and an extended usage that says what for.
    own = (
        builder(_name("Real Selfie signing key"), key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, key_cert_sign=False, crl_sign=False, **usage), critical=True
        )
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
        .sign(authority, None)
    )
    return own.public_bytes(Encoding.PEM) + top.public_bytes(Encoding.PEM)


def _name(common: str) -> x509.Name:
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Real Selfie"), x509.NameAttribute(NameOID.COMMON_NAME, common)]
    )
