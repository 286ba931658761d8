from pathlib import Path

import pyarrow.parquet as pq
import pytest

from core.screen.parts import FolderTaken, PartFolder
from core.screen.row import SCHEMA
from tests.screening import row


def test_parts_should_be_numbered_and_of_one_schema(tmp_path: Path) -> None:
    with PartFolder(tmp_path, again=False) as folder:
        folder.write([row("a"), row("b")])
        folder.write([])
        folder.write([row("c")])
        assert [part.name for part in folder.parts()] == ["part-00000.parquet", "part-00001.parquet"]
        assert all(pq.read_schema(part).equals(SCHEMA) for part in folder.parts())


def test_what_is_there_should_not_be_done_again(tmp_path: Path) -> None:
    with PartFolder(tmp_path, again=False) as folder:
        folder.write([row("a"), row("b")])
    with PartFolder(tmp_path, again=False) as folder:
        assert list(folder.missing(["a", "c", "b", "d"])) == ["c", "d"]


def test_starting_over_should_forget_it_and_leave_other_files(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").touch()
    with PartFolder(tmp_path, again=False) as folder:
        folder.write([row("a")])
    with PartFolder(tmp_path, again=True) as folder:
        assert list(folder.missing(["a"])) == ["a"]
    assert (tmp_path / "mine.txt").exists()


def test_a_part_that_was_not_finished_should_be_dropped(tmp_path: Path) -> None:
    (tmp_path / "part-00000.writing").write_bytes(b"PAR1")
    with PartFolder(tmp_path, again=False) as folder:
        assert folder.parts() == []
    assert not (tmp_path / "part-00000.writing").exists()


def test_a_second_run_should_be_kept_out_until_the_first_has_ended(tmp_path: Path) -> None:
    with PartFolder(tmp_path, again=False), pytest.raises(FolderTaken):
        PartFolder(tmp_path, again=False)
    PartFolder(tmp_path, again=False).close()
