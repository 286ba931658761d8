"""`python -m core screen` as a person runs it: real models, real processes."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from PIL import Image

from core.__main__ import main
from core.screen.parts import PartFolder
from core.screen.row import SCHEMA, model_versions
from tests.footage import astronaut


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
    assert capsys.readouterr().err.strip() == "There is no such file."
    assert not (tmp_path / "out").exists()
