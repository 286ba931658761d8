"""The command line as a person runs it: real models, real files."""

import errno
import io
import json
import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from core.__main__ import main
from core.regions import Region
from core.vision.assets import AssetError
from tests.footage import Blink, Cover, Scene, Thing, Turn, astronaut, write_clip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    scene = Scene(astronaut(), size=(480, 360), fps=20)
    Image.fromarray(scene.frame(0.0, 5.0).rgb).save(folder / "clear.png")
    covered = scene.frame(1.0, 5.0, Cover(Thing.PAPER, Region.MOUTH, 0.0, 5.0))
    Image.fromarray(covered.rgb).save(folder / "covered.png")
    write_clip(scene.play(5.0, Blink(at=1.5)), folder / "blink.mp4", fps=20)
    (folder / "notes.jpg").write_text("no photo")
    return folder


def rows(capsys: pytest.CaptureFixture[str]) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_should_judge_a_folder_and_go_on_after_a_file_that_cannot_be_read(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "--json", str(folder)]) == 2
    clear, covered, notes = rows(capsys)
    assert (clear["verdict"], clear["reasons"]) == ("pass", [])
    assert set(clear["regions"]) == {region.value for region in Region}
    assert "mouth_blocked" in covered["reasons"]
    assert covered["regions"]["mouth"]["state"] == "blocked"
    assert covered["regions"]["left_eye"]["state"] == "open"
    assert notes == {"path": str(folder / "notes.jpg"), "error": "This is not a photo that can be read."}


def test_should_print_a_table_for_people(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(folder / "clear.png"), str(folder / "covered.png")]) == 0
    clear, covered = capsys.readouterr().out.splitlines()
    assert clear.split() == [str(folder / "clear.png"), "pass"]
    assert "mouth_blocked" in covered


@pytest.mark.parametrize("name", ["selfie", "selfie.txt", "nowhere/selfie.png"])
def test_should_say_before_it_reads_the_clip_that_a_selfie_cannot_be_written(
    folder: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["replay", str(folder / "blink.mp4"), "--selfie", str(tmp_path / name)])
    assert ended.value.code == 2
    assert name in capsys.readouterr().err


def test_should_replay_a_clip_to_the_selfie(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "selfie.png"
    assert main(["replay", str(folder / "blink.mp4"), "--json", "--selfie", str(out)]) == 0
    events = rows(capsys)
    assert [event["counts"] for event in events if event["event"] == "blink"] == [True]
    assert events[-1]["event"] == "end"
    assert events[-1]["phase"] == "captured"
    (captured,) = (event for event in events if event["event"] == "captured")
    assert (captured["width"], captured["height"]) == Image.open(out).size == (480, 360)


def test_should_say_why_a_blink_does_not_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    moves = [Turn(0.69 + i / 30, 0.69 + (i + 1) / 30, dx=0.7 * (i % 2), edge=0.001) for i in range(36)]
    film = Scene(astronaut(), size=(480, 360), noise=0.0).play(2.5, Blink(1.0, 0.4), *moves)
    assert main(["replay", str(write_clip(film, tmp_path / "shaken.mp4")), "--json", "--full"]) == 0
    (blink,) = (event for event in rows(capsys) if event["event"] == "blink")
    assert (blink["counts"], blink["why"]) == (False, "moving")


def test_should_thin_a_clip_as_a_slow_camera_would(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    frames = []
    for options in ([], ["--fps", "10"]):
        assert main(["replay", str(folder / "blink.mp4"), "--json", "--full", *options]) == 0
        frames.append(rows(capsys)[-1]["frames"])
    assert frames[1] == pytest.approx(frames[0] / 2, abs=1)


@pytest.mark.parametrize("rate", ["0", "-3", "many", "inf"])
def test_should_refuse_a_rate_that_no_camera_has(folder: Path, rate: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["replay", str(folder / "blink.mp4"), "--fps", rate])
    assert ended.value.code == 2
    assert rate in capsys.readouterr().err


def test_should_say_that_a_clip_is_no_clip(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--json", str(folder / "notes.jpg")]) == 2
    assert rows(capsys) == [{"path": str(folder / "notes.jpg"), "error": "This is not a clip that can be read."}]


def test_should_say_that_a_folder_is_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 2
    assert "This folder holds no photo." in capsys.readouterr().out


def test_should_say_which_model_is_missing_and_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(*_: object, **__: object) -> None:
        raise AssetError("broken", file="models/eyes.onnx")

    monkeypatch.setattr("core.files.commands.PhotoReader", missing)
    assert main(["check", str(folder)]) == 2
    assert capsys.readouterr().err == "models/eyes.onnx is missing or broken: restore it from the repository.\n"


def test_should_name_files_on_one_line_whatever_their_names_hold(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / "two\nlines \x1b[31m.png"
    odd.write_bytes((folder / "clear.png").read_bytes())
    assert main(["check", str(odd)]) == 0
    assert capsys.readouterr().out == f"{tmp_path}/two\\nlines \\x1b[31m.png  pass   \n"


def test_should_go_on_after_a_name_that_the_terminal_cannot_show(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "写真.jpg").write_text("no photo")
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding="ascii", errors="strict"))
    assert main(["check", str(tmp_path / "写真.jpg"), str(folder / "clear.png")]) == 2
    first, second = printed.getvalue().decode().splitlines()
    assert "\\u5199\\u771f.jpg  error" in first
    assert second.endswith("pass   ")


def test_should_go_on_after_a_name_that_is_too_long(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "a" * 300, str(folder / "clear.png")]) == 2
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith(f"It can't be opened: {os.strerror(errno.ENAMETOOLONG)}.")
    assert second.endswith("pass   ")


def test_should_tell_the_events_though_the_selfie_cannot_be_written(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(path: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    out = tmp_path / "selfie.png"
    out.write_text("an older one")
    monkeypatch.setattr(Path, "write_bytes", full)
    assert main(["replay", str(folder / "blink.mp4"), "--json", "--selfie", str(out)]) == 2
    told = capsys.readouterr()
    assert json.loads(told.out.splitlines()[-1])["phase"] == "captured"
    assert told.err == f"{out}: the selfie could not be written: No space left on device.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["selfie.png"]
    assert out.read_text() == "an older one"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every folder")
def test_should_name_a_folder_that_it_may_not_look_into(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "clear.png").write_bytes((folder / "clear.png").read_bytes())
    (tmp_path / "closed").mkdir(mode=0)
    assert main(["check", str(tmp_path)]) == 2
    first, second = capsys.readouterr().out.splitlines()
    assert first.endswith("clear.png  pass   ")
    assert second == f"{tmp_path / 'closed'}  error  It can't be opened: Permission denied."


def test_should_say_in_a_line_that_ctrl_c_stopped_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def pressed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("core.files.check.PhotoChecker.check_file", pressed)
    assert main(["check", str(folder / "clear.png")]) == 130
    assert capsys.readouterr().err == "Stopped.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
def test_should_say_that_the_disk_is_full(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with open("/dev/full", "w") as full:
        monkeypatch.setattr(sys, "stdout", full)
        assert main(["check", str(folder / "clear.png")]) == 2
    assert capsys.readouterr().err == "It could not go on: No space left on device.\n"


def test_should_end_quietly_when_its_reader_goes(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w") as gone:
        monkeypatch.setattr(sys, "stdout", gone)
        assert main(["check", str(folder / "clear.png")]) == 0


def test_should_not_take_another_broken_pipe_for_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("core.files.check.PhotoChecker.check_file", broken)
    assert main(["check", str(folder / "clear.png")]) == 2
    assert "Broken pipe" in capsys.readouterr().err
