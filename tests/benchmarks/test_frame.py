from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.frame import Stopwatch, footage, measure, over_clips, rows
from tests.footage import Scene, astronaut, write_clip


def test_every_part_should_be_measured_and_compared() -> None:
    result = measure("drawn", list(Scene(astronaut(), size=(320, 240), fps=15).play(3.0)))
    parts = result["parts"]
    assert set(parts) >= {"face_landmarker", "face_landmarker_two_faces", "eyes", "occlusion", "whole_frame"}
    assert parts["face_landmarker"]["ratio"] == 1.0
    assert all(row["ms"] > 0 and row["ratio"] > 0 for row in parts.values())


def test_too_few_frames_should_be_refused() -> None:
    with pytest.raises(ValueError, match="frames are needed"):
        measure("drawn", list(Scene(astronaut(), size=(320, 240)).play(0.2)))


def test_a_part_should_be_told_by_its_mean_after_the_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter([0.0, 9.0] * 15 + [0.0, 0.001, 0.0, 0.003])
    monkeypatch.setattr("time.perf_counter", lambda: next(clock))
    watch = Stopwatch()
    for _ in range(17):
        assert watch.time("peer", str.upper, "result") == "RESULT"
    assert watch.means()["peer"]["ms"] == pytest.approx(2.0)


def test_every_clip_should_count_as_much_as_another() -> None:
    def clip(whole: float) -> dict[str, object]:
        times = {"face_landmarker": 10.0, "whole_frame": whole}
        return {"parts": rows({part: {"ms": ms, "cpu_ms": ms} for part, ms in times.items()})}

    assert over_clips([clip(4.0), clip(8.0)])["whole_frame"]["cpu_ratio"] == pytest.approx(0.6)


def test_clips_should_be_thinned_shortened_and_fitted(tmp_path: Path) -> None:
    write_clip(Scene(astronaut(), size=(320, 180), fps=30).play(1.0), tmp_path / "a.mp4", fps=30)
    (name, frames), *more = footage(tmp_path, 15.0, 0.6, (160, 120))
    assert (name, more) == ("a", [])
    assert [frame.t for frame in frames] == pytest.approx([n / 15 for n in range(10)], abs=0.01)
    assert {frame.size for frame in frames} == {(160, 90)}
