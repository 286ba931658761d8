"""How many live sessions the app holds, and what each costs.

    python -m benchmarks.sessions [--counts 1 2 4] [--seconds 20]   load
    python -m benchmarks.sessions --frame                           processor time and memory of the pipeline alone
    python -m benchmarks.sessions --turnover 200                    sessions started and ended: what stays behind
    python -m benchmarks.sessions --soak 600 --counts 2             captures one after the other for ten minutes
    python -m benchmarks.sessions --abuse                           a crowd, wrong codes, junk: does the app answer?

Prints one JSON object. The app is the real one: Streamlit, its websocket, its fragments, streamlit-webrtc, the whole
pipeline. The visitors are aiortc peers in processes of their own; what those use of the processors is reported
apart. What is left out: HTTPS, the relay, the network, and a browser that lowers its picture under load.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np

from benchmarks.visitor import BITS, MarkedClip, Planes, Visitor
from core.settings import Settings
from core.web.capacity import frame_cost, sessions, usable_cores
from core.web.visit import open_processor
from tests.browser.harness import free_port
from tests.footage import Blink, Scene, astronaut

ROOT = Path(__file__).resolve().parents[1]
FPS = 15.0
_TICKS = os.sysconf("SC_CLK_TCK")
_SPACE = 15  # bits of a frame's number that count frames; those above tell the visitor


class App:
    """The app in a process of its own."""

    def __init__(self, folder: Path, **env: str) -> None:
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.notes = folder / "notes"
        self.log = folder / "log"
        self._env = os.environ | {"OMP_NUM_THREADS": "1"} | env

    def __enter__(self) -> App:
        options = {"port": self.port, "address": "localhost", "headless": "true", "fileWatcherType": "none"}
        command = [sys.executable, "-m", "benchmarks.watched_app", str(self.notes)]
        command += [f"--server.{name}={value}" for name, value in options.items()]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=self._env, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not self.answers_in():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError(f"the app did not start:\n{self.log.read_text()}")
            time.sleep(0.2)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def answers_in(self) -> float | None:
        """Seconds until the health page answers; None when it does not."""
        started = time.monotonic()
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5):
                return time.monotonic() - started
        except OSError:
            return None

    def use(self) -> dict[str, float]:
        """cpu: seconds since its start. memory_mb: its own, without what it shares. threads, files: open now."""
        process = Path(f"/proc/{self._process.pid}")
        fields = (process / "stat").read_text().rpartition(") ")[2].split()
        return {
            "cpu": (int(fields[11]) + int(fields[12])) / _TICKS,
            "memory_mb": private_mb(self._process.pid),
            "threads": int(fields[17]),
            "files": len(list((process / "fd").iterdir())),
        }

    def snapshots(self) -> dict[int, float]:
        """Number of each frame so far -> when its snapshot was there."""
        rows = (line.split() for line in self.notes.read_text().splitlines() if not line.startswith("None"))
        return {int(number): float(t) for number, t in (row for row in rows if len(row) == 2)}


def private_mb(pid: int) -> float:
    """Megabytes of memory that a process shares with no other."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in rollup if line.startswith("Private_")) / 1024


def clip(seconds: float, *, blinks: bool) -> list[Planes]:
    """Planes of a drawn webcam clip, 640x480."""
    import av

    actions = [Blink(at, 0.3) for at in np.arange(2.0, seconds - 1, 4.5)] if blinks else []
    scene = Scene(astronaut(), fps=FPS)
    return [
        av.VideoFrame.from_ndarray(frame.rgb, format="rgb24").to_ndarray(format="yuv420p")
        for frame in scene.play(seconds, *actions)
    ]


async def _visit(url: str, number: int, seconds: float, *, blinks: bool) -> dict[str, Any]:
    """One visitor's stay: attempts one after the other until the time is up."""
    planes = clip(9.0 if blinks else 6.0, blinks=blinks)
    visitor = await Visitor(url).open()
    await visitor.wait_for_button("start")
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    sent: dict[int, float] = {}
    attempts = lost = 0
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            track = MarkedClip(planes, FPS, (number << _SPACE) + len(sent) + 1)
            await visitor.go_live(track)
            print("live", flush=True)
            attempts += 1
            while not await visitor.over(min(2.0, max(end - time.monotonic(), 0.1))):
                if visitor.peer and visitor.peer.connectionState in ("failed", "closed"):
                    lost += 1
                    break
                if time.monotonic() >= end:
                    break
            sent |= track.sent
            await visitor.hang_up()
            if not blinks:
                break
    finally:
        await visitor.close()
    return {"sent": sent, "attempts": attempts, "lost": lost, "cpu": time.process_time()}


class Crowd:
    """Visitors in processes of their own."""

    def __init__(self, url: str, count: int, seconds: float, *, blinks: bool = False) -> None:
        command = [sys.executable, "-m", "benchmarks.sessions", "--visit", url, "--seconds", str(seconds)]
        command += ["--blinks"] if blinks else []
        self._processes = [
            subprocess.Popen(
                [*command, "--number", str(number)],
                cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            )
            for number in range(count)
        ]  # fmt: skip
        self._hear("ready")

    def go(self) -> None:
        """All press START; returns when all are live."""
        for process in self._processes:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        self._hear("live")

    def reports(self) -> list[dict[str, Any]]:
        """Wait for the end of all."""
        answers = []
        for process in self._processes:
            assert process.stdout
            lines = process.stdout.read().splitlines()
            process.wait()
            answers.append(json.loads(lines[-1]))
        return answers

    def _hear(self, word: str) -> None:
        for process in self._processes:
            assert process.stdout
            if process.stdout.readline().strip() != word:
                raise RuntimeError(f"a visitor failed before it was {word}")


def load(count: int, seconds: float) -> dict[str, Any]:
    """`count` sessions at once for `seconds`."""
    with tempfile.TemporaryDirectory() as folder, App(Path(folder), MAX_SESSIONS=str(count)) as app:
        _warm_up(app)
        crowd = Crowd(app.url, count, seconds + 6)
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
    rates = [sum(number >> _SPACE == visitor for number in within) / (ended - started) for visitor in range(count)]
    delays = [(t - sent[number]) * 1000 for number, t in within.items()]
    return {
        "sessions": count,
        "fps": [round(rate, 1) for rate in rates],
        "cores_each": round((last["cpu"] - first["cpu"]) / (ended - started) / count, 3),
        "memory_mb_each": round((last["memory_mb"] - before["memory_mb"]) / count, 1),
        "delay_ms": {"median": _percentile(delays, 50), "p95": _percentile(delays, 95)},
        "load_average": round(os.getloadavg()[0], 1),
        "clients_cpu_s_each": round(sum(report["cpu"] for report in reports) / count, 1),
    }


def frame() -> dict[str, Any]:
    """What the app itself measures at its start: one frame's way through decoding, processing, drawing and encoding.

    Processor time, so that it holds on a busy machine as well. Network, encryption and page are not in it.
    """
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
        time.sleep(10)
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
            await visitor.go_live(MarkedClip(planes, FPS, number << _SPACE))
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
        time.sleep(10)
        before = app.use()
        asyncio.run(several(app, range(warm, count)))
        time.sleep(10)
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


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sessions", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--counts", type=int, nargs="+", default=[1, 2, 4], help="sessions at once")
    parser.add_argument("--seconds", type=float, default=20.0, help="of measuring, at most 20")
    parser.add_argument("--turnover", type=int, help="sessions started and ended")
    parser.add_argument("--soak", type=float, help="seconds")
    parser.add_argument("--abuse", action="store_true")
    parser.add_argument("--frame", action="store_true")
    for name in ("--visit", "--number"):
        parser.add_argument(name, default="0", help=argparse.SUPPRESS)
    parser.add_argument("--blinks", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.visit != "0":
        report = asyncio.run(_visit(options.visit, int(options.number), options.seconds, blinks=options.blinks))
        print(json.dumps(report))
        return
    result: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "load_average": os.getloadavg()[0],
    }
    if options.turnover:
        result["turnover"] = turnover(options.turnover)
    elif options.soak:
        result["soak"] = soak(options.counts[0], options.soak)
    elif options.frame:
        result["frame"] = frame()
    elif options.abuse:
        from benchmarks.abuse import abuse

        result["abuse"] = abuse()
    else:
        result["load"] = [load(count, options.seconds) for count in options.counts]
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
