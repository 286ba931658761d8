"""`python -m core screen` as a person runs it: real models, real processes."""

import errno
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from PIL import Image

from core.__main__ import main
from core.screen.parts import PartFolder
from core.screen.row import SCHEMA, Row, model_versions
from core.vision.assets import AssetError
from tests.footage import astronaut
from tests.screening import row


def rows(out: Path) -> dict[str, dict]:
    found = [row for part in sorted(out.glob("part-*.parquet")) for row in pq.read_table(part).to_pylist()]
    assert len({row["path"] for row in found}) == len(found)
    return {Path(row["path"]).name: row for row in found}


def test_should_screen_a_folder_go_on_with_what_is_new_and_report(tmp_path: Path) -> None:
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    Image.fromarray(astronaut().placed((400, 400), 90.0).rgb).save(photos / "face.png")
    Image.new("RGB", (64, 64), (90, 90, 90)).save(photos / "wall.jpg")
    (photos / "cut.jpg").write_bytes(b"\xff\xd8\xff")
    assert main(["screen", str(photos), "--out", str(out), "--workers", "1"]) == 2
    found = rows(out)
    assert list(found["face.png"]) == SCHEMA.names
    assert (found["face.png"]["faces"], found["face.png"]["nose_state"]) == (1, "clear")
    assert (found["face.png"]["width"], found["face.png"]["models"]) == (400, model_versions())
    assert len(found["face.png"]["sha256"]) == 64
    assert found["wall.jpg"]["reasons"] == ["no_face"]
    assert found["cut.jpg"]["error"] == "This is not a photo that can be read."
    page = (out / "report.html").read_text()
    assert "Photos: 3" in page
    assert "<img" not in page

    Image.new("RGB", (64, 64), (90, 90, 90)).save(photos / "new.jpg")
    assert main(["screen", str(photos), "--out", str(out), "--workers", "1", "--thumbnails"]) == 2
    assert set(rows(out)) == {"face.png", "wall.jpg", "cut.jpg", "new.jpg"}
    assert (out / "report.html").read_text().count("<img") >= 2


def test_should_say_that_another_run_fills_the_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "photos").mkdir()
    with PartFolder(tmp_path / "out", again=False):
        assert main(["screen", str(tmp_path / "photos"), "--out", str(tmp_path / "out")]) == 2
    assert "Another run" in capsys.readouterr().err


def test_should_say_that_a_source_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["screen", str(tmp_path / "nowhere"), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'nowhere'}: There is no such file.\n"
    assert not (tmp_path / "out").exists()


def test_should_judge_a_photo_whose_name_is_no_text(tmp_path: Path) -> None:
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    try:
        (photos / os.fsdecode(b"odd\xff.jpg")).write_text("no photo")
    except OSError:
        pytest.skip("this file system holds no such name")
    for _ in range(2):
        assert main(["screen", str(photos), "--out", str(out), "--workers", "1"]) == 2
        assert rows(out)["odd\\udcff.jpg"]["error"] == "This is not a photo that can be read."


def test_should_say_that_a_model_is_broken_before_any_file_is_called_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(name: str) -> Path:
        raise AssetError("broken", file=f"models/{name}.onnx")

    monkeypatch.setattr("core.vision.assets.model_path", broken)
    (tmp_path / "a.jpg").touch()
    assert main(["screen", str(tmp_path / "a.jpg"), "--out", str(tmp_path / "out")]) == 2
    assert "restore it" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_should_not_take_a_broken_pipe_for_a_missing_cluster(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> Iterator[list[Row]]:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    monkeypatch.setattr("core.screen.pool.screen", broken)
    (tmp_path / "a.jpg").touch()
    assert main(["screen", str(tmp_path / "a.jpg"), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.endswith("It could not go on: Broken pipe.\n")


def test_should_say_that_nothing_may_be_written_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.jpg").touch()
    assert main(["screen", str(tmp_path / "a.jpg"), "--out", str(tmp_path / "a.jpg")]) == 2
    assert capsys.readouterr().err == f"It could not go on: {tmp_path / 'a.jpg'}: File exists.\n"


def test_ctrl_c_should_leave_a_whole_part_that_the_next_run_goes_on_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    for name in "abc":
        (photos / f"{name}.jpg").touch()
    asked: list[str] = []

    def stopped(addresses: list[str], workers: int) -> Iterator[list[Row]]:
        yield [row(addresses[0])]
        raise KeyboardInterrupt

    def whole(addresses: list[str], workers: int) -> Iterator[list[Row]]:
        asked.extend(Path(address).name for address in addresses)
        yield [row(address) for address in addresses]

    monkeypatch.setattr("core.screen.pool.screen", stopped)
    assert main(["screen", str(photos), "--out", str(out)]) == 130
    assert set(rows(out)) == {"a.jpg"}
    assert sorted(file.name for file in out.iterdir()) == [".lock", "part-00000.parquet"]

    monkeypatch.setattr("core.screen.pool.screen", whole)
    main(["screen", str(photos), "--out", str(out)])
    assert asked == ["b.jpg", "c.jpg"]
    assert set(rows(out)) == {"a.jpg", "b.jpg", "c.jpg"}


def test_should_say_that_ray_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "core.screen.cluster", None)
    (tmp_path / "a.jpg").touch()
    assert main(["screen", str(tmp_path / "a.jpg"), "--out", str(tmp_path / "out"), "--ray"]) == 2
    assert "requirements-cluster.txt" in capsys.readouterr().err
