"""What is measured: load, one frame alone, a soak, sessions started and ended."""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.sessions.app import App, private_mb
from benchmarks.sessions.crowd import FPS, SPACE, Crowd, clip
from benchmarks.sessions.marked_clip import BITS, MarkedClip
from benchmarks.sessions.visitor import Visitor
from core.server.capacity import sessions, usable_cores
from core.server.pipeline import open_processor
from core.settings import Settings
from core.stream.cost import frame_cost

_ADMISSION = Settings().admission
# Until the app forgets the tabs that are gone and, in three rounds of the collector, gives their memory back.
_LET_GO_S = _ADMISSION.kept_s + 3 * _ADMISSION.tidy_s + 5.0


def load(count: int, seconds: float, fps: float = FPS) -> dict[str, Any]:
    """`count` sessions at once for `seconds`, with `fps` frames a second from each visitor.

    first_ms: from START to the first snapshot, with the models warm.
    """
    with tempfile.TemporaryDirectory() as folder, App(Path(folder), MAX_SESSIONS=str(count)) as app:
        _warm_up(app)
        crowd = Crowd(app.url, count, seconds + 6, fps=fps)
        before = app.use()
        crowd.go()
        time.sleep(4)  # until the pictures have come up to speed
        first, started = app.use(), time.monotonic()
        time.sleep(seconds)
        last, ended = app.use(), time.monotonic()
        reports = crowd.reports()
        done = app.snapshots()
    sent = {int(number): t for report in reports for number, t in report["sent"].items()}
    within = {number: t for number, t in done.items() if started <= t <= ended and number in sent}
    rates = [sum(number >> SPACE == visitor for number in within) / (ended - started) for visitor in range(count)]
    firsts = [
        min(t for number, t in done.items() if number >> SPACE == visitor) - reports[visitor]["started"]
        for visitor in range(count)
    ]
    delays = [(t - sent[number]) * 1000 for number, t in within.items()]
    drawn = [
        delay for visitor in range(count) for delay in _drawn_ms(within, sent, visitor, reports[visitor]["outlines"])
    ]
    return {
        "sessions": count,
        "fps": [round(rate, 1) for rate in rates],
        "cores_each": round((last["cpu"] - first["cpu"]) / (ended - started) / count, 3),
        "first_ms": [round(first * 1000) for first in firsts],
        "memory_mb_each": round((last["memory_mb"] - before["memory_mb"]) / count, 1),
        "delay_ms": {"median": _percentile(delays, 50), "p95": _percentile(delays, 95)},
        "outlines_ms": {"median": _percentile(drawn, 50), "p95": _percentile(drawn, 95)},
        "mbit_s_each": {
            name: round(float(np.mean([report["mbit_s"][name] for report in reports])), 2)
            for name in ("page", "outlines", "stream")
        },
        "load_average": round(os.getloadavg()[0], 1),
        "clients_cpu_s_each": round(sum(report["cpu"] for report in reports) / count, 1),
    }


def _drawn_ms(done: dict[int, float], sent: dict[int, float], visitor: int, came: list[float]) -> list[float]:
    """Milliseconds from sending a frame to its outlines, which carry no number: those that came when it was done."""
    own = sorted((t, number) for number, t in done.items() if number >> SPACE == visitor)
    if not own or not came:
        return []
    times, came_at = np.array([t for t, _ in own]), np.array(came)
    nearest = [came_at[np.abs(came_at - t).argmin()] for t in times]
    return [(at - sent[number]) * 1000 for at, (_, number) in zip(nearest, own, strict=True)]


def frame() -> dict[str, Any]:
    """What the app itself measures at its start: one frame's way through decoding and processing.

    Processor time, so that it holds on a busy machine as well. Network, encryption and page are not in it.
    """
    cv2.setNumThreads(1)  # as the app does
    settings, costs, processors, first = Settings(), [], [], 0.0
    for _ in range(4):
        processors.append(open_processor(settings, 0))
        costs.append(frame_cost(processors[-1], settings))
        memory = private_mb(os.getpid())
        first = memory if len(processors) == 1 else first
    for processor in processors:
        processor.close()
    cost = float(np.median(costs))
    return {
        "frame_cpu_ms": round(cost * 1000, 1),
        "cores_at_15_fps": round(cost * FPS, 3),
        "memory_mb_each": round((memory - first) / 3, 1),
        "sessions_admitted": sessions(cost, usable_cores(), settings.admission),
    }


def soak(count: int, seconds: float) -> dict[str, Any]:
    """`count` visitors who capture again and again."""
    with tempfile.TemporaryDirectory() as folder, App(Path(folder), MAX_SESSIONS=str(count)) as app:
        _warm_up(app)
        before = app.use()
        crowd = Crowd(app.url, count, seconds, blinks=True)
        crowd.go()
        reports = crowd.reports()
        time.sleep(_LET_GO_S)
        after = app.use()
    return {
        "sessions": count,
        "seconds": seconds,
        "attempts": sum(report["attempts"] for report in reports),
        "streams_lost": sum(report["lost"] for report in reports),
        "before": _rounded(before),
        "after": _rounded(after),
    }


def turnover(count: int) -> dict[str, Any]:
    """`count` sessions started and ended, two at a time; what is held after a tenth and at the end."""
    planes = clip(1.0, blinks=False)

    async def one(app: App, number: int) -> None:
        visitor = await Visitor(app.url).open()
        try:
            await visitor.go_live(MarkedClip(planes, FPS, number << SPACE))
            await asyncio.sleep(1.0)
            await visitor.press("stop")
            await visitor.over(10.0)
            await visitor.hang_up()
        finally:
            await visitor.close()

    async def several(app: App, numbers: range) -> None:
        for pair in range(0, len(numbers), 2):
            await asyncio.gather(*(one(app, number) for number in numbers[pair : pair + 2]))

    with tempfile.TemporaryDirectory() as folder, App(Path(folder), MAX_SESSIONS="4") as app:
        warm = max(count // 10, 2)
        asyncio.run(several(app, range(warm)))
        time.sleep(_LET_GO_S)
        before = app.use()
        asyncio.run(several(app, range(warm, count)))
        time.sleep(_LET_GO_S)
        after = app.use()
    growth = after["memory_mb"] / before["memory_mb"] - 1
    return {"sessions": count, "before": _rounded(before), "after": _rounded(after), "growth": round(growth, 3)}


def _warm_up(app: App) -> None:
    """One session from beginning to end, so that models and libraries are loaded."""

    async def one() -> None:
        visitor = await Visitor(app.url).open()
        await visitor.go_live(MarkedClip(clip(1.0, blinks=False), FPS, (1 << BITS) - 1000))
        await asyncio.sleep(3.0)
        await visitor.close()

    asyncio.run(one())
    time.sleep(4)  # until its seat is free


def _percentile(values: list[float], percent: float) -> int | None:
    return round(float(np.percentile(values, percent))) if values else None


def _rounded(use: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 1) for name, value in use.items()}
