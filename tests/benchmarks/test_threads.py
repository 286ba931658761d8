from __future__ import annotations

from benchmarks.threads import row, run


def test_should_count_the_frames_of_captures_that_run_at_once() -> None:
    frames, cpu, seconds = run(2, 0.5)
    assert frames >= 2
    assert cpu > 0
    assert seconds >= 0.5


def test_should_add_up_what_runs_at_the_same_time() -> None:
    assert row([(20, 1.0, 2.0), (10, 0.5, 1.0)]) == {"frames_a_second": 20.0, "cores": 1.0, "cpu_ms_a_frame": 50.0}
