from pathlib import Path

from core.screen.parts import PartFolder
from core.screen.report import write_report
from core.screen.row import Row
from tests.screening import row


def judged(address: str, **found: object) -> Row:
    return {**row(address), "error": None, "verdict": "retry", "reasons": [], "faces": 1, **found}


def test_should_count_reasons_regions_sizes_and_signs_in_words(tmp_path: Path) -> None:
    with PartFolder(tmp_path, again=False) as folder:
        folder.write([row("broken.jpg"), judged("a.jpg", verdict="pass", inter_eye_px=95.0)])
        folder.write(
            [
                judged("b.jpg", reasons=["nose_blocked", "too_far"], nose_state="blocked", inter_eye_px=30.0),
                judged("c.jpg", presentation_suspect=True, presentation_signs=["screen"], inter_eye_px=91.0),
            ]
        )
        assert write_report(folder, thumbnails=False) == 1
        page = (tmp_path / "report.html").read_text()
    for line in (
        "Nose covered<td>1<td>25.0%",
        "The face is too small<td>1<td>25.0%",
        "Looks like a picture on a screen<td>1<td>25.0%",
        "90–120<td>2<td>50.0%",
        "0–36<td>1<td>25.0%",
    ):
        assert line in page, line
