from __future__ import annotations

import io
import json
import shutil
import socket
from datetime import datetime, timezone
from pathlib import Path

import pytest
from PIL import Image

from core import __main__ as command_line
from core.evidence.evidence import Evidence
from core.evidence.keyfile import KeyFileError
from core.evidence.verification import Standing, Verifier
from core.files.handout import Photo, develop
from tests.fakes import selfie

AT = datetime(2026, 5, 1, 12, 0, tzinfo=timezone.utc)


@pytest.fixture
def evidence(tmp_path: Path) -> Evidence:
    return Evidence(tmp_path / "keys", datetime.now(timezone.utc))


@pytest.fixture
def files(tmp_path: Path, evidence: Evidence) -> Path:
    """A folder with a selfie's files, as they are handed out."""
    return write(tmp_path / "files", develop(selfie(), AT, {"eyes": {"version": "3"}}, 95, evidence))


def write(folder: Path, photo: Photo) -> Path:
    folder.mkdir()
    assert photo.signature is not None
    for ending, data in (
        ("png", photo.png),
        ("jpg", photo.jpeg),
        ("json", photo.report),
        ("json.jws", photo.signature.encode()),
    ):
        (folder / f"selfie.{ending}").write_bytes(data)
    return folder


NAMES = ("selfie.png", "selfie.jpg", "selfie.json")


@pytest.mark.parametrize("name", NAMES)
def test_should_find_a_file_whole_and_say_who_signed_it_when(name: str, files: Path, evidence: Evidence) -> None:
    found = Verifier(evidence.public()).verify(files / name)
    assert (found.standing, found.at) == (Standing.WHOLE, AT)
    assert found.signer == (evidence.key.id if name.endswith("json") else "Real Selfie signing key")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("place", [-30, -60, -110])
def test_should_find_a_single_changed_byte(name: str, place: int, files: Path, evidence: Evidence) -> None:
    content = bytearray((files / name).read_bytes())
    content[place] ^= 1
    (files / name).write_bytes(content)
    assert Verifier(evidence.public()).verify(files / name).standing is Standing.ALTERED


def test_should_find_changes_anywhere_by_the_report(files: Path, evidence: Evidence) -> None:
    # Credentials leave themselves some room that they do not protect; the report has the hash of every byte.
    whole = (files / "selfie.png").read_bytes()
    verifier = Verifier(evidence.public())
    for place in range(0, len(whole), 101):
        content = bytearray(whole)
        content[place] ^= 1
        (files / "selfie.png").write_bytes(content)
        assert verifier.verify(files / "selfie.json").standing is Standing.ALTERED
        assert verifier.verify(files / "selfie.png")  # whatever it is, it is told


def test_should_find_a_report_altered_whose_picture_is_another(files: Path, evidence: Evidence) -> None:
    other = develop(selfie(), AT, {}, 90, evidence)
    (files / "selfie.jpg").write_bytes(other.jpeg)
    verifier = Verifier(evidence.public())
    assert verifier.verify(files / "selfie.jpg").standing is Standing.WHOLE
    assert verifier.verify(files / "selfie.json").standing is Standing.ALTERED


def test_should_not_take_a_stranger_for_the_signer(files: Path, tmp_path: Path) -> None:
    stranger = Verifier(Evidence(tmp_path / "other", datetime.now(timezone.utc)).public())
    assert stranger.verify(files / "selfie.png").standing is Standing.UNKNOWN_SIGNER
    assert stranger.verify(files / "selfie.json").standing is Standing.UNCHECKED
    assert Verifier({}).verify(files / "selfie.jpg").standing is Standing.UNKNOWN_SIGNER


def test_should_find_files_of_before_whole_after_the_key_was_changed(files: Path, evidence: Evidence) -> None:
    evidence.key.rotate()
    new = Evidence(evidence.key.path.parent, datetime.now(timezone.utc))
    verifier = Verifier(new.public())
    assert {verifier.verify(files / name).standing for name in NAMES} == {Standing.WHOLE}


def test_should_say_what_is_not_signed_and_what_can_not_be_read(tmp_path: Path, evidence: Evidence) -> None:
    Image.new("RGB", (20, 20)).save(tmp_path / "plain.png")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    (tmp_path / "report.json").write_text("{}")
    verifier = Verifier(evidence.public())
    assert verifier.verify(tmp_path / "plain.png").standing is Standing.UNSIGNED
    assert verifier.verify(tmp_path / "broken.png").standing is Standing.UNSIGNED
    assert verifier.verify(tmp_path / "report.json").standing is Standing.UNSIGNED
    assert verifier.verify(tmp_path / "missing.json").standing is Standing.UNREADABLE


def test_the_picture_should_be_the_same_with_its_credentials(files: Path) -> None:
    shot = selfie()
    assert (Image.open(files / "selfie.png").convert("RGB").tobytes()) == shot.rgb.tobytes()


def test_should_refuse_the_certificate_of_another_key(evidence: Evidence, tmp_path: Path) -> None:
    other = Evidence(tmp_path / "other", datetime.now(timezone.utc))
    folder = evidence.key.path.parent
    shutil.copy(folder / f"{evidence.key.id}.crt", tmp_path / "other" / f"{other.key.id}.crt")
    with pytest.raises(KeyFileError, match="another key"):
        Evidence(tmp_path / "other", datetime.now(timezone.utc))


def test_should_ask_nothing_of_the_network(files: Path, evidence: Evidence, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    photo = develop(selfie(), AT, {}, 95, evidence)
    assert photo.signature
    assert Verifier(evidence.public()).verify(files / "selfie.png").standing is Standing.WHOLE


def test_the_command_should_say_a_sentence_for_each_file(
    files: Path, evidence: Evidence, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "jwks.json"
    keys.write_text(json.dumps(evidence.public()))
    paths = [str(files / name) for name in NAMES]

    assert command_line.main(["verify", *paths, "--keys", str(keys)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.endswith("on 2026-05-01 12:00:00 UTC.") for line in lines] == [True] * 3

    (files / "selfie.json").write_bytes(b"{}")
    assert command_line.main(["verify", *paths, "--keys", str(keys)]) == 1
    assert "selfie.json: altered after" in capsys.readouterr().out
    for none in ("[]", '{"keys": [1]}', '{"keys": {"a": 1}}'):
        keys.write_text(none)
        assert command_line.main(["verify", *paths, "--keys", str(keys)]) == 2


def test_the_command_should_name_a_file_on_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keys, odd = tmp_path / "jwks.json", tmp_path / "selfie\n\x1b[2J.png"
    keys.write_text('{"keys": []}')
    odd.touch()
    assert command_line.main(["verify", str(odd), "--keys", str(keys)]) == 1
    assert capsys.readouterr().out.startswith(f"{tmp_path}/selfie\\n\\x1b[2J.png: ")


def test_a_photo_without_a_witness_should_be_as_it_was() -> None:
    photo = develop(selfie(), AT, {}, 95)
    assert photo.signature is None
    assert "files" not in json.loads(photo.report)
    plain = io.BytesIO()
    Image.fromarray(selfie().rgb).save(plain, "PNG")
    assert photo.png == plain.getvalue()
