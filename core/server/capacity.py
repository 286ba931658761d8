"""How many live sessions this machine holds."""

from __future__ import annotations

import os
from pathlib import Path

from core.settings import AdmissionSettings


def usable_cores(quota: Path = Path("/sys/fs/cgroup/cpu.max")) -> float:
    """Processors this process may use: those it is allowed on, or less where a container's quota says so."""
    cores = float(len(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else float(os.cpu_count() or 1)
    try:
        most, period = quota.read_text().split()
        return cores if most == "max" else min(cores, int(most) / int(period))
    except (OSError, ValueError):
        return cores


def sessions(frame_s: float, cores: float, settings: AdmissionSettings) -> int:
    """How many sessions `cores` hold when a frame takes `frame_s` seconds of processor time; at least one."""
    cores = min(cores, settings.max_cores)
    return max(int(cores * settings.share / (frame_s * settings.min_fps * settings.overhead)), 1)
