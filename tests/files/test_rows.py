from __future__ import annotations

import csv
import json
from io import StringIO

import pytest

from core.files import rows
from core.files.error import FileError
from core.files.rows import FileRow
from tests.checked import EMPTY, PASSED, ROWS


def say(error: FileError) -> str:
    return f"{error.key} {error.values}"


def test_should_count_verdicts_and_reasons() -> None:
    assert rows.count_verdicts(ROWS) == {"pass": 1, "retry": 3, "error": 1}
    counts = rows.count_reasons(ROWS)
    assert counts == {"mouth_blocked": 2, "glare": 1, "no_face": 1, "face_lost": 1}
    assert next(iter(counts)) == "mouth_blocked"


@pytest.mark.parametrize(
    ("verdict", "reason", "names"),
    [
        (None, None, "abcde"),
        ("pass", None, "a"),
        ("error", None, "e"),
        (None, "mouth_blocked", "bd"),
        ("retry", "glare", "b"),
        ("pass", "glare", ""),
    ],
)
def test_should_filter_by_verdict_and_reason(verdict: str | None, reason: str | None, names: str) -> None:
    assert "".join(row.name[0] for row in rows.matching(ROWS, verdict, reason)) == names


def test_should_say_what_the_command_line_says() -> None:
    first, *_, last = json.loads(rows.to_json(ROWS, say))
    assert first == {"path": "a.jpg", **PASSED.result}
    assert last == {"path": "e.jpg", "error": "file_too_large {'megapixels': '64'}"}


def test_should_write_one_line_a_file() -> None:
    lines = list(csv.DictReader(StringIO(rows.to_csv(ROWS, say))))
    assert [line["verdict"] for line in lines] == ["pass", "retry", "retry", "retry", "error"]
    assert lines[0]["left_eye_state"] == "open"
    assert lines[0]["nose_covered"] == "0.0"
    assert lines[0]["yaw"] == "1.5"
    assert lines[1]["reasons"] == "mouth_blocked glare"
    assert (lines[3]["kind"], lines[3]["seconds"], lines[3]["left_eye_state"]) == ("clip", "6.0", "")
    assert lines[4]["error"] == "file_too_large {'megapixels': '64'}"


@pytest.mark.parametrize("name", ["=1+1.jpg", "+1.jpg", "-1.jpg", "@sum.jpg", "\t=1.jpg"])
def test_should_not_let_a_spreadsheet_run_a_files_name(name: str) -> None:
    (line,) = csv.DictReader(StringIO(rows.to_csv([FileRow(name, False, EMPTY.result)], say)))
    assert line["path"] == f"'{name}"


def test_should_write_the_signs_of_a_shown_face() -> None:
    shown = {**EMPTY.result, "presentation": {"suspect": True, "score": 0.96, "signs": ["screen", "edge"]}}
    first, second = csv.DictReader(StringIO(rows.to_csv([FileRow("a.jpg", False, shown), EMPTY], say)))
    assert (first["suspect"], first["score"], first["signs"]) == ("True", "0.96", "screen edge")
    assert (second["suspect"], second["score"], second["signs"]) == ("", "", "")
