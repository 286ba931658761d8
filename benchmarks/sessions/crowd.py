"""Visitors in processes of their own.

    python -m benchmarks.sessions.crowd URL NUMBER SECONDS FPS [--blinks]

One visitor: says "ready", waits for a line on its standard input, says "live", and at the end prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from typing import Any

import av
import numpy as np

from benchmarks.sessions.app import ROOT
from benchmarks.sessions.marked_clip import EncodedClip, MarkedClip, Planes
from benchmarks.sessions.visitor import Visitor
from tests.footage import Blink, Scene, astronaut

FPS = 15.0
START_S = 10.0
"""Seconds that may go by until a stream is connected."""
SPACE = 15
"""Bits of a frame's number that count frames; those above tell the visitor."""


def clip(seconds: float, *, blinks: bool, fps: float = FPS) -> list[Planes]:
    """Planes of a drawn webcam clip, 640x480."""
    actions = [Blink(at, 0.3) for at in np.arange(2.0, seconds - 1, 4.5)] if blinks else []
    scene = Scene(astronaut(), fps=fps)
    return [
        np.asarray(av.VideoFrame.from_ndarray(frame.rgb, format="rgb24").to_ndarray(format="yuv420p"), np.uint8)
        for frame in scene.play(seconds, *actions)
    ]


async def _visit(url: str, number: int, seconds: float, *, blinks: bool, fps: float) -> dict[str, Any]:
    """One visitor's stay: attempts one after the other until the time is up.

    lost: streams that broke or never came. mbit_s: what came of the page, of outlines and of the stream in the last
    attempt. outlines: when each message of them came. started: when START was pressed first. cpu: seconds of processor
    time from then on.
    """
    planes = clip(9.0 if blinks else 6.0, blinks=blinks, fps=fps)
    first = (number << SPACE) + 1
    # Of one attempt; those that go on for minutes encode on the way.
    encoded = None if blinks else EncodedClip(planes, fps, first, seconds + START_S)
    visitor = await Visitor(url).open()
    await visitor.wait_for_button("start")
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)
    idle = time.process_time()
    sent: dict[int, float] = {}
    attempts = lost = 0
    mbit_s: dict[str, float] = {}
    started = 0.0
    end = time.monotonic() + seconds
    try:
        while time.monotonic() < end:
            track = encoded or MarkedClip(planes, fps, first + len(sent))
            attempts += 1
            try:
                await visitor.go_live(track)
            except TimeoutError:
                lost += 1
                await visitor.hang_up()
                continue
            started = started or visitor.started
            print("live", flush=True)
            live, before = time.monotonic(), await visitor.received()
            while not await visitor.over(min(2.0, max(end - time.monotonic(), 0.1))):
                if visitor.peer and visitor.peer.connectionState in ("failed", "closed"):
                    lost += 1
                    break
                if time.monotonic() >= end:
                    break
            got = await visitor.received()
            mbit_s = {name: (got[name] - before[name]) * 8e-6 / (time.monotonic() - live) for name in got}
            sent |= track.sent
            await visitor.hang_up()
            if not blinks:
                break
    finally:
        await visitor.close()
    told = {"sent": sent, "outlines": visitor.outlines, "attempts": attempts, "lost": lost, "mbit_s": mbit_s}
    told["started"] = started
    return told | {"cpu": time.process_time() - idle}


class Crowd:
    """Visitors in processes of their own."""

    def __init__(self, url: str, count: int, seconds: float, *, blinks: bool = False, fps: float = FPS) -> None:
        command = [sys.executable, "-m", "benchmarks.sessions.crowd", url]
        more = [str(seconds), str(fps), *(["--blinks"] if blinks else [])]
        self._processes = [
            subprocess.Popen(
                [*command, str(number), *more],
                cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
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


if __name__ == "__main__":
    url, number, seconds, fps = sys.argv[1:5]
    print(
        json.dumps(asyncio.run(_visit(url, int(number), float(seconds), blinks="--blinks" in sys.argv, fps=float(fps))))
    )
