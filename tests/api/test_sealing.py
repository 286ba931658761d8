from __future__ import annotations

from pathlib import Path

import pytest

from core.api.sealing import SealBroken, Sealer
from core.evidence.keyfile import KeyFileError

DATA = b"picture" * 100


def test_should_open_what_it_sealed_for_that_session_only(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path / "sealing.key")
    sealed = sealer.seal(DATA, "one")
    assert DATA[:7] not in sealed
    assert sealer.seal(DATA, "one") != sealed
    assert Sealer(tmp_path / "sealing.key").open(sealed, "one") == DATA
    with pytest.raises(SealBroken):
        sealer.open(sealed, "two")


def test_should_refuse_what_was_altered_or_sealed_with_another_key(tmp_path: Path) -> None:
    sealer = Sealer(tmp_path / "sealing.key")
    sealed = sealer.seal(DATA, "one")
    for broken in (
        sealed[:-1],
        sealed[:5],
        b"",
        bytes([sealed[0] ^ 1]) + sealed[1:],
        sealed[:-1] + bytes([sealed[-1] ^ 1]),
    ):
        with pytest.raises(SealBroken):
            sealer.open(broken, "one")
    with pytest.raises(SealBroken):
        Sealer(tmp_path / "other.key").open(sealed, "one")


def test_should_keep_its_key_to_itself(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "sealing.key"
    Sealer(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(b"short")
    with pytest.raises(KeyFileError, match="32 bytes"):
        Sealer(path)
