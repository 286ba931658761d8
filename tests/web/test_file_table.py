"""Checked files in words and as a table."""

from __future__ import annotations

from core.files.batch import NO_BLINK, TOO_SHORT
from core.files.rows import FileRow
from core.flow.snapshot import Reason
from core.regions import EYES, Region
from core.vision.problems import Problem
from core.vision.reading import Sign
from core.web import file_table
from tests.checked import CLIP, PASSED, ROWS


def test_should_have_words_for_every_reason_there_is() -> None:
    codes = [problem.value for problem in Problem] + [reason.value for reason in Reason]
    codes += [f"{region.value}_blocked" for region in Region] + [f"{eye.value}_closed" for eye in EYES]
    codes += ["glare", NO_BLINK, TOO_SHORT]
    words = [file_table.reason_text(code) for code in codes]
    assert all(words)
    assert file_table.reason_text("left_eye_blocked") == "Left eye covered"
    assert not any("_" in one for one in words)


def test_should_draw_a_row_for_each_file_with_its_reasons_in_words() -> None:
    table = file_table.table(ROWS)
    assert table.count("<tr data-verdict") == 5
    assert "Mouth covered" in table
    assert "The picture has more than 64 megapixels." in table
    assert "112 px apart" in table
    assert 'alt="a.jpg, with the regions of the face drawn"' in table


def test_should_say_what_makes_a_face_look_shown() -> None:
    shown = {**PASSED.result, "presentation": {"suspect": True, "score": 0.96, "signs": ["screen", "edge"]}}
    table = file_table.table([FileRow("a.jpg", False, shown)])
    assert "<li>Looks like a picture on a screen</li><li>Something frames the face" in table


def test_should_have_words_for_every_sign() -> None:
    for sign in Sign:
        assert file_table.text(f"sign.{sign.value}")


def test_should_tell_what_happened_in_a_clip() -> None:
    words = [file_table.event_text(event) for event in CLIP.result["events"]]
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
    table = file_table.table([FileRow('<img src=x onerror=alert(1)>".jpg', False, PASSED.result, thumbnail=b"jpeg")])
    assert "<img src=x" not in table
    assert "&lt;img src=x" in table
    assert 'alt="&lt;img' in table
