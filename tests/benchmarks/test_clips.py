from pathlib import Path

import pytest

from benchmarks.clips import clips_in


def test_should_give_the_clips_named_and_those_of_folders(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    for name in ("one.mp4", "notes.txt", "folder/three.webm", "folder/two.MOV"):
        (tmp_path / name).touch()
    found = clips_in([tmp_path / "one.mp4", tmp_path / "folder", tmp_path / "notes.txt"])
    assert [clip.name for clip in found] == ["one.mp4", "three.webm", "two.MOV"]


def test_should_say_that_there_is_none(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="There is no clip in"):
        clips_in([tmp_path, tmp_path / "gone.mp4"])
