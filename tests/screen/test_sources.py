import errno
import os
from collections.abc import Iterator
from pathlib import Path

import pandas
import pytest

from core.files.error import FileError
from core.screen.sources import SourceError, list_photos, read_bytes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    for name in ("b.jpg", "a.PNG", "deep/c.webp", "notes.txt"):
        (tmp_path / name).write_bytes(name.encode())
    return tmp_path


def names(folder: Path, *sources: str) -> list[str]:
    return [Path(address).relative_to(folder).as_posix() for address in list_photos(sources)]


def test_a_folder_should_give_its_photos_at_any_depth(folder: Path) -> None:
    assert names(folder, str(folder)) == ["a.PNG", "b.jpg", "deep/c.webp"]


def test_each_photo_should_be_given_once(folder: Path) -> None:
    sources = [str(folder / "b.jpg"), str(folder / "*.jpg"), str(folder / "**/*.webp")]
    assert names(folder, *sources) == ["b.jpg", "deep/c.webp"]


def test_a_file_with_a_sign_of_a_pattern_in_its_name_should_be_a_file(folder: Path) -> None:
    (folder / "me[1].jpg").touch()
    assert names(folder, str(folder / "me[1].jpg")) == ["me[1].jpg"]


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_table_should_give_the_paths_of_its_column(folder: Path, ending: str) -> None:
    table = pandas.DataFrame({"who": ["x", "y"], "path": [str(folder / "b.jpg"), str(folder / "gone.jpg")]})
    getattr(table, f"to_{ending}")(folder / f"list.{ending}", index=False)
    assert names(folder, str(folder / f"list.{ending}")) == ["b.jpg", "gone.jpg"]


@pytest.mark.parametrize("source", ["nowhere", "nowhere/*.jpg", "nowhere.csv"])
def test_a_source_that_is_not_there_should_be_said(folder: Path, source: str) -> None:
    with pytest.raises(FileError, match="file_missing"):
        list(list_photos([str(folder / source)]))


@pytest.mark.parametrize(("name", "content"), [("a.csv", b""), ("b.csv", b"x,y\n1\n"), ("c.parquet", b"PAR1")])
def test_a_table_that_is_none_should_be_said(name: str, content: bytes, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SourceError, match="file_no_table") as said:
        list(list_photos([str(tmp_path / name)]))
    assert said.value.source == str(tmp_path / name)


def test_a_store_that_nobody_knows_should_be_said() -> None:
    with pytest.raises(SourceError, match="file_unreachable"):
        list(list_photos(["nowhere://selfies"]))


def test_a_file_that_may_not_be_read_should_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed:
        def cat_file(self, path: str) -> bytes:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("fsspec.core.url_to_fs", lambda address: (Closed(), address))
    with pytest.raises(FileError, match="file_unopened") as said:
        read_bytes("a.jpg")
    assert said.value.values == {"why": "Permission denied"}


def test_a_file_that_is_gone_should_be_said(folder: Path) -> None:
    assert read_bytes(str(folder / "b.jpg")) == b"b.jpg"
    with pytest.raises(FileError, match="file_missing"):
        read_bytes(str(folder / "gone.jpg"))


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An S3 server of this machine with three files in a bucket."""
    s3fs = pytest.importorskip("s3fs")
    moto = pytest.importorskip("moto.server")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    host, port = server.get_host_and_port()
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "none",
        "AWS_SECRET_ACCESS_KEY": "none",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    s3fs.S3FileSystem.clear_instance_cache()
    store = s3fs.S3FileSystem()
    store.mkdir("selfies")
    for name in ("a.jpg", "deep/b.png", "notes.txt"):
        store.pipe_file(f"selfies/{name}", name.encode())
    yield "s3://selfies"
    s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


def test_a_bucket_should_be_read_like_a_folder(bucket: str) -> None:
    assert list(list_photos([bucket])) == [f"{bucket}/a.jpg", f"{bucket}/deep/b.png"]
    assert list(list_photos([f"{bucket}/*.jpg"])) == [f"{bucket}/a.jpg"]
    assert read_bytes(f"{bucket}/deep/b.png") == b"deep/b.png"
    with pytest.raises(FileError, match="file_missing"):
        read_bytes(f"{bucket}/gone.jpg")
