from __future__ import annotations

from pathlib import Path

import pytest

from core.server.capacity import sessions, usable_cores
from core.settings import AdmissionSettings

LIMITS = AdmissionSettings(min_fps=15.0, overhead=1.25, share=0.8, max_cores=2.0)


@pytest.mark.parametrize(
    ("frame_s", "cores", "count"), [(0.020, 2.0, 4), (0.020, 1.0, 2), (0.010, 2.0, 8), (0.020, 16.0, 4), (0.5, 0.5, 1)]
)
def test_should_admit_what_the_processors_hold_and_at_least_one(frame_s: float, cores: float, count: int) -> None:
    assert sessions(frame_s, cores, LIMITS) == count


def test_should_heed_a_containers_quota(tmp_path: Path) -> None:
    quota = tmp_path / "cpu.max"
    quota.write_text("50000 100000\n")
    assert usable_cores(quota) == 0.5
    quota.write_text("max 100000\n")
    assert usable_cores(quota) == usable_cores(tmp_path / "none") >= 1
