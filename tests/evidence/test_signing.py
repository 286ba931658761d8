from __future__ import annotations

import os
from datetime import datetime, timezone
from pathlib import Path

import jwt
import pytest

from core.evidence.keyfile import KeyFileError, read_or_make
from core.evidence.signing import BadSignature, SigningKey, signer, verify

AT = datetime(2026, 5, 1, 12, 0, tzinfo=timezone.utc)
CONTENT = b'{"seconds": 4.2}'


@pytest.fixture
def key(tmp_path: Path) -> SigningKey:
    return SigningKey(tmp_path / "keys" / "signing.pem")


def test_should_make_a_key_that_nobody_else_can_read_and_find_it_again(key: SigningKey) -> None:
    assert key.path.stat().st_mode & 0o777 == 0o600
    assert SigningKey(key.path).id == key.id


def test_should_refuse_a_key_that_others_can_read(key: SigningKey) -> None:
    key.path.chmod(0o644)
    with pytest.raises(KeyFileError, match="chmod 600"):
        SigningKey(key.path)


@pytest.mark.parametrize("content", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"])
def test_should_refuse_a_file_without_a_key(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "signing.pem"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(KeyFileError, match="key"):
        SigningKey(path)


def test_the_first_of_two_processes_that_start_at_once_should_make_the_key(tmp_path: Path) -> None:
    path = tmp_path / "key"

    def late() -> bytes:
        read_or_make(path, lambda: b"first")  # the other one was quicker
        return b"second"

    assert read_or_make(path, late) == b"first"
    assert [file.name for file in tmp_path.iterdir()] == ["key"]


@pytest.mark.skipif(os.getuid() == 0, reason="root may write anywhere")
def test_should_say_where_no_key_can_be_kept(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(KeyFileError, match="key"):
        read_or_make(tmp_path / "key", lambda: b"")


def test_should_sign_what_it_verifies_itself(key: SigningKey) -> None:
    token = key.sign(CONTENT, AT)
    found = verify(CONTENT, token, key.public())
    assert (found.key, found.at) == (key.id, AT)
    assert signer(token) == key.id
    assert token.split(".")[1] == ""


def test_should_sign_what_another_library_verifies(key: SigningKey) -> None:
    token = key.sign(CONTENT, AT)
    public = jwt.PyJWKSet.from_dict(key.public())[key.id].key
    jws = jwt.api_jws.PyJWS()
    header = jws.decode_complete(token, public, algorithms=["EdDSA"], detached_payload=CONTENT)["header"]
    assert (header["kid"], header["iat"]) == (key.id, AT.timestamp())
    with pytest.raises(jwt.InvalidSignatureError):
        jws.decode_complete(token, public, algorithms=["EdDSA"], detached_payload=CONTENT + b" ")


def test_should_refuse_altered_content_and_altered_signatures(key: SigningKey, tmp_path: Path) -> None:
    token = key.sign(CONTENT, AT)
    other = SigningKey(tmp_path / "other.pem")
    head, _, tail = token.partition("..")
    tokens = ["", "a.b.c", "...", "é", head + "..", f"{head}..{'A' * len(tail)}", f"{head}.e30.{tail}"]
    cases = [(CONTENT + b" ", token, key), (CONTENT, token, other), *((CONTENT, bad, key) for bad in tokens)]
    for content, signature, keys in cases:
        with pytest.raises(BadSignature):
            verify(content, signature, keys.public())


def test_should_refuse_a_signature_that_names_no_algorithm_of_ours(key: SigningKey) -> None:
    # The classic attacks: "none", and the public key used as a shared secret.
    public = key.public()["keys"][0]["x"]
    for token in (jwt.encode({}, "", "none"), jwt.encode({}, public * 2, "HS256", {"kid": key.id})):
        head, _, tail = token.split(".")
        with pytest.raises(BadSignature):
            verify(b"{}", f"{head}..{tail}", key.public())


def test_should_keep_the_public_keys_of_before_and_no_private_one(key: SigningKey) -> None:
    old = key.sign(CONTENT, AT)
    new = key.rotate()
    assert new.id != key.id
    assert [entry["kid"] for entry in SigningKey(key.path).public()["keys"]] == [new.id, key.id]
    assert verify(CONTENT, old, new.public()).key == key.id
    assert not any("d" in entry for entry in new.public()["keys"])
    retired = list(key.path.parent.glob("retired/*.pem"))
    assert len(retired) == 1 and b"PRIVATE" not in retired[0].read_bytes()
