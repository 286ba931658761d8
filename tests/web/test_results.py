"""Rows in words, as a table, CSV and JSON."""

from __future__ import annotations

import csv
import json
from io import StringIO

import pytest

from core.files import FileError
from core.flow.snapshot import Reason
from core.regions import EYES, Region
from core.vision.quality import Problem
from core.web import results
from core.web.files import NO_BLINK, TOO_SHORT
from core.web.results import FileRow

REGIONS = {region.value: {"state": "open" if region in EYES else "clear", "covered": 0.0} for region in Region}
PASSED = FileRow(
    "a.jpg",
    False,
    {
        "faces": 1,
        "verdict": "pass",
        "reasons": [],
        "regions": REGIONS,
        "pose": {"yaw": 1.5, "pitch": -2.0, "roll": 0.5},
        "inter_eye_px": 112.5,
    },
    thumbnail=b"jpeg",
)
COVERED = FileRow("b.jpg", False, {"faces": 1, "verdict": "retry", "reasons": ["mouth_blocked", "glare"]})
EMPTY = FileRow("c.jpg", False, {"faces": 0, "verdict": "retry", "reasons": ["no_face"]})
CLIP = FileRow(
    "d.mp4",
    True,
    {
        "verdict": "retry",
        "reasons": ["face_lost", "mouth_blocked"],
        "phase": "check",
        "seconds": 6.0,
        "frames": 180,
        "events": [
            {"t": 0.4, "event": "phase", "phase": "blink"},
            {"t": 1.2, "event": "blink", "seconds": 0.2},
            {"t": 1.3, "event": "cue"},
            {"t": 2.0, "event": "region", "region": "mouth", "state": "blocked"},
            {"t": 3.0, "event": "restart", "reason": "face_lost"},
            {"t": 5.0, "event": "captured", "width": 640, "height": 480},
            {"t": 6.0, "event": "end", "phase": "check", "frames": 180},
        ],
    },
)
BROKEN = FileRow("e.jpg", False, error=FileError("file_too_large", megapixels="64"))
ROWS = [PASSED, COVERED, EMPTY, CLIP, BROKEN]


def test_should_count_verdicts_and_reasons() -> None:
    assert results.count_verdicts(ROWS) == {"pass": 1, "retry": 3, "error": 1}
    counts = results.count_reasons(ROWS)
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
    assert "".join(row.name[0] for row in results.matching(ROWS, verdict, reason)) == names


def test_should_have_words_for_every_reason_there_is() -> None:
    codes = [problem.value for problem in Problem] + [reason.value for reason in Reason]
    codes += [f"{region.value}_blocked" for region in Region] + [f"{eye.value}_closed" for eye in EYES]
    codes += ["glare", NO_BLINK, TOO_SHORT]
    words = [results.reason_text(code) for code in codes]
    assert all(words)
    assert results.reason_text("left_eye_blocked") == "Left eye covered"
    assert not any("_" in one for one in words)


def test_should_say_what_the_command_line_says() -> None:
    first, *_, last = json.loads(results.to_json(ROWS))
    assert first == {"path": "a.jpg", **PASSED.result}
    assert last == {"path": "e.jpg", "error": "The picture has more than 64 megapixels."}


def test_should_write_one_line_a_file() -> None:
    lines = list(csv.DictReader(StringIO(results.to_csv(ROWS))))
    assert [line["verdict"] for line in lines] == ["pass", "retry", "retry", "retry", "error"]
    assert lines[0]["left_eye_state"] == "open"
    assert lines[0]["nose_covered"] == "0.0"
    assert lines[0]["yaw"] == "1.5"
    assert lines[1]["reasons"] == "mouth_blocked glare"
    assert (lines[3]["kind"], lines[3]["seconds"], lines[3]["left_eye_state"]) == ("clip", "6.0", "")
    assert lines[4]["error"] == "The picture has more than 64 megapixels."


@pytest.mark.parametrize("name", ["=1+1.jpg", "+1.jpg", "-1.jpg", "@sum.jpg", "\t=1.jpg"])
def test_should_not_let_a_spreadsheet_run_a_files_name(name: str) -> None:
    (line,) = csv.DictReader(StringIO(results.to_csv([FileRow(name, False, EMPTY.result)])))
    assert line["path"] == f"'{name}"


def test_should_draw_a_row_for_each_file_with_its_reasons_in_words() -> None:
    table = results.table(ROWS)
    assert table.count("<tr data-verdict") == 5
    assert "Mouth covered" in table
    assert "The picture has more than 64 megapixels." in table
    assert "112 px apart" in table
    assert 'alt="a.jpg, with the regions of the face drawn"' in table


def test_should_tell_what_happened_in_a_clip() -> None:
    words = [results.event_text(event) for event in CLIP.result["events"]]
    assert words == [
        "Step: Blink",
        "Blink, 0.20 s",
        "Asked for a blink",
        "Mouth: covered",
        "Back: The face was lost on the way",
        "Selfie, 640 × 480",
        "End",
    ]


def test_should_not_let_a_files_name_into_the_page_as_markup() -> None:
    table = results.table([FileRow('<img src=x onerror=alert(1)>".jpg', False, PASSED.result, thumbnail=b"jpeg")])
    assert "<img src=x" not in table
    assert "&lt;img src=x" in table
    assert 'alt="&lt;img' in table
