from __future__ import annotations

import pytest

from benchmarks.frame import Stopwatch, measure
from tests.footage import Scene, astronaut


def test_every_part_should_be_measured_and_compared() -> None:
    result = measure(list(Scene(astronaut(), size=(320, 240)).play(1.2)))
    parts = result["parts"]
    assert set(parts) >= {"face_landmarker", "eyes", "occlusion", "whole_frame"}
    assert parts["face_landmarker"]["ratio"] == 1.0
    assert all(row["ms"] > 0 and row["ratio"] > 0 for row in parts.values())


def test_too_few_frames_should_be_refused() -> None:
    with pytest.raises(ValueError, match="frames are needed"):
        measure(list(Scene(astronaut(), size=(320, 240)).play(0.2)))


def test_a_part_should_be_told_by_its_median_after_the_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr("time.perf_counter", lambda: next(clock) / 1e3)
    watch = Stopwatch()
    for _ in range(40):
        assert watch.time("peer", lambda: "result") == "result"
    assert watch.rows("peer")["peer"]["ms"] == 1.0
