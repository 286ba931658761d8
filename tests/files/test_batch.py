"""Uploaded files become rows, whatever is in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from core.files.batch import FileChecker, _Witness, clip_reasons
from core.files.replay import ClipEnd
from core.flow.snapshot import Advice, Hint, Phase, Reason, Restarted, Snapshot
from core.regions import Region
from core.settings import Settings, UploadSettings
from core.vision.assets import AssetError
from core.vision.problems import Problem
from core.vision.reading import Reading
from tests.flow.script import Script, frame_of
from tests.flow.test_left_out_frames import Sparing
from tests.readers import BLUE, GRAY, GREEN, RED, YELLOW, ColorReader


def photo(color: tuple[int, int, int], kind: str = "PNG", size: tuple[int, int] = (640, 480)) -> bytes:
    target = BytesIO()
    Image.new("RGB", size, color).save(target, kind)
    return target.getvalue()


def clip(path: Path, color: tuple[int, int, int], seconds: float = 1.0, rate: int = 20) -> bytes:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for _ in range(round(seconds * rate)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.full((240, 320, 3), color, np.uint8), "rgb24")))
        container.mux(stream.encode())
    return path.read_bytes()


@pytest.fixture
def checker() -> Iterator[FileChecker]:
    ColorReader.opened = ColorReader.closed = 0
    with FileChecker(Settings(), lambda settings, live: ColorReader(settings, live=live)) as one:  # type: ignore[arg-type,return-value]
        yield one
    assert ColorReader.opened == ColorReader.closed


@pytest.mark.parametrize(
    ("color", "verdict", "reasons"),
    [
        (GREEN, "pass", ()),
        (RED, "retry", ("mouth_blocked",)),
        (BLUE, "retry", ("second_face",)),
        (GRAY, "retry", ("no_face",)),
    ],
)
def test_should_judge_a_photo(
    checker: FileChecker, color: tuple[int, int, int], verdict: str, reasons: tuple[str, ...]
) -> None:
    row = checker.check("a.png", photo(color))
    assert (row.name, row.clip, row.verdict, row.reasons) == ("a.png", False, verdict, reasons)
    assert row.thumbnail is not None
    side = max(Image.open(BytesIO(row.thumbnail)).size)
    assert side == UploadSettings().thumbnail_px


def test_should_draw_the_regions_on_the_thumbnail(checker: FileChecker) -> None:
    plain, drawn = (
        np.asarray(Image.open(BytesIO(checker.check("a.png", photo(color)).thumbnail or b""))) for color in (GRAY, RED)
    )
    assert len(np.unique(plain.reshape(-1, 3), axis=0)) == 1
    assert len(np.unique(drawn.reshape(-1, 3), axis=0)) > 50


def test_should_use_one_reader_for_all_photos(checker: FileChecker) -> None:
    for _ in range(3):
        checker.check("a.png", photo(GREEN))
    assert ColorReader.opened == 1


@pytest.mark.parametrize(
    ("name", "data", "key"),
    [
        ("a.jpg", b"", "file_no_photo"),
        ("a.jpg", b"no photo", "file_no_photo"),
        ("a.jpg", photo(GREEN, "JPEG")[:700], "file_damaged"),
        ("a.png", photo(YELLOW), "file_failed"),
        ("a.mp4", b"no clip", "file_no_clip"),
        ("a.MOV", photo(GREEN), "file_no_clip"),
    ],
)
def test_should_give_a_row_with_a_reason_to_a_file_that_can_not_be_judged(
    checker: FileChecker, name: str, data: bytes, key: str
) -> None:
    row = checker.check(name, data)
    assert row.verdict == "error"
    assert row.error is not None
    assert row.error.key == key


def test_should_go_on_after_a_file_that_can_not_be_judged(checker: FileChecker) -> None:
    assert checker.check("a.png", photo(YELLOW)).verdict == "error"
    assert checker.check("b.png", photo(GREEN)).verdict == "pass"


def test_should_refuse_a_picture_that_would_unpack_to_gigabytes(checker: FileChecker) -> None:
    target = BytesIO()
    Image.new("1", (12000, 6000)).save(target, "PNG")
    assert len(target.getvalue()) < 1e6
    row = checker.check("a.png", target.getvalue())
    assert row.error is not None
    assert row.error.key == "file_too_large"


def test_should_refuse_a_file_with_too_many_bytes() -> None:
    small = replace(Settings(), upload=UploadSettings(file_mb=0))
    row = FileChecker(small).check("a.png", photo(GREEN))
    assert row.error is not None
    assert (row.error.key, row.error.values) == ("file_too_big", {"megabytes": "0"})


def test_should_say_that_the_models_are_missing() -> None:
    def open_reader(settings: Settings, live: bool) -> ColorReader:
        raise AssetError("broken", file="models/eyes.onnx")

    with FileChecker(Settings(), open_reader) as checker, pytest.raises(AssetError):  # type: ignore[arg-type]
        checker.check("a.png", photo(GREEN))


def test_should_judge_a_clip_and_tell_how_far_it_is(checker: FileChecker, tmp_path: Path) -> None:
    shares: list[float] = []
    row = checker.check("a.mp4", clip(tmp_path / "a.mp4", GREEN, 2.0), shares.append)
    assert (row.clip, row.verdict, row.reasons) == (True, "retry", ("no_blink",))
    assert row.result["frames"] == 40
    assert row.result["events"][0] == {"t": pytest.approx(0.4, abs=0.11), "event": "phase", "phase": "blink"}
    assert row.result["events"][-1]["event"] == "end"
    assert row.thumbnail is not None
    assert shares == sorted(shares)
    assert 2 <= len(shares) <= 5
    assert all(0 < share <= 1 for share in shares)


def test_should_say_what_stands_in_a_clips_way(checker: FileChecker, tmp_path: Path) -> None:
    assert checker.check("a.mp4", clip(tmp_path / "a.mp4", GRAY)).reasons == ("no_face",)


def test_should_refuse_a_clip_that_is_too_long(tmp_path: Path) -> None:
    short = replace(Settings(), upload=UploadSettings(clip_s=1.0))
    with FileChecker(short, lambda settings, live: ColorReader(settings, live=live)) as checker:  # type: ignore[arg-type,return-value]
        row = checker.check("a.mp4", clip(tmp_path / "a.mp4", GREEN, 3.0))
    assert row.error is not None
    assert (row.error.key, row.error.values) == ("file_too_long", {"seconds": "1"})


def stand(phase: Phase, advice: Advice, problem: Problem | None = None, restart: Reason | None = None) -> Snapshot:
    return Snapshot(1.0, phase, advice, Reading(1.0, (640, 480), 100.0), problem=problem, restart=restart)


@pytest.mark.parametrize(
    ("phase", "advice", "reason"),
    [
        (Phase.POSITION, Advice(Hint.HOLD), "too_short"),
        (Phase.BLINK, Advice(Hint.BLINK), "no_blink"),
        (Phase.BLINK, Advice(Hint.REGION_BLOCKED, Region.LEFT_EYE), "left_eye_blocked"),
        (Phase.CHECK, Advice(Hint.REGION_BLOCKED, Region.MOUTH), "mouth_blocked"),
        (Phase.CHECK, Advice(Hint.GLARE, Region.LEFT_EYE), "glare"),
        (Phase.CHECK, Advice(Hint.OPEN_EYES), "eyes_closed"),
        (Phase.CHECK, Advice(Hint.HOLD), "too_short"),
    ],
)
def test_should_tell_from_where_a_clip_stood_why_it_is_no_capture(phase: Phase, advice: Advice, reason: str) -> None:
    assert clip_reasons([ClipEnd(1.0, phase, 3)], stand(phase, advice)) == (reason,)


def test_a_clip_should_be_judged_by_the_frames_held_back_at_its_end() -> None:
    readings = [replace(reading, t=t) for reading, t in zip(Script().readings(1.0), (0.0, 0.5, 1.0), strict=False)]
    witness = _Witness(Sparing(readings), Settings())
    for reading in readings[:2]:
        witness.process(frame_of(reading))
    assert witness.last is not None and witness.last.phase is Phase.POSITION
    witness.finish()
    assert witness.last.phase is Phase.BLINK


def test_should_name_the_problem_that_stood_at_the_end() -> None:
    last = stand(Phase.POSITION, Advice(Hint.MOVE_CLOSER), Problem.TOO_FAR)
    assert clip_reasons([ClipEnd(1.0, Phase.POSITION, 3)], last) == ("too_far",)


def test_should_name_restarts_before_the_end_and_nothing_for_a_capture() -> None:
    lost = Restarted(1.0, Reason.FACE_LOST)
    last = stand(Phase.ENDED, Advice(Hint.ENDED), restart=Reason.TOO_MANY_TRIES)
    assert clip_reasons([lost, lost, ClipEnd(2.0, Phase.ENDED, 3)], last) == ("face_lost", "too_many_tries")
    assert clip_reasons([lost], stand(Phase.CAPTURED, Advice(Hint.CAPTURED))) == ()
