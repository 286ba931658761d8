"""How many cores one process can use: live captures in threads of one process, and one in each of several processes.

    python -m benchmarks.threads [--counts 1 2 4 8] [--seconds 8]

Each capture reads drawn frames of 640x480 as fast as it can, with no network and no page around it. Prints one JSON
object: frames a second of all together, and processor cores in use. What threads are behind processes is what Python's
lock and shared memory cost.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import multiprocessing.synchronize
import os
import platform
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2

from core.flow.processor import CaptureProcessor
from core.settings import Settings
from core.vision.pixel_components import measure as measured
from core.vision.reading import Frame
from core.vision.stream_reader import StreamReader
from tests.footage import Blink, Scene, astronaut

_CLIP_S, _FPS = 4.0, 15.0
_OTHERS: list[multiprocessing.synchronize.Barrier] = []
"""Where this process waits for the others that are measured beside it."""


def _wait_for(others: multiprocessing.synchronize.Barrier) -> None:
    _OTHERS.append(others)


def run(captures: int, seconds: float) -> tuple[int, float, float]:
    """So many captures in threads of this process: frames, processor seconds and seconds."""
    cv2.setNumThreads(1)
    frames = list(Scene(astronaut(), fps=_FPS).play(_CLIP_S, Blink(2.0)))
    ready = threading.Barrier(captures + 1, timeout=60)
    stop = threading.Event()
    done = [0] * captures
    threads = [
        threading.Thread(target=_capture, args=(frames, number, ready, stop, done)) for number in range(captures)
    ]
    for thread in threads:
        thread.start()
    ready.wait()
    for others in _OTHERS:
        others.wait()
    wall, cpu, before = time.perf_counter(), time.process_time(), sum(done)
    time.sleep(seconds)
    result = sum(done) - before, time.process_time() - cpu, time.perf_counter() - wall
    stop.set()
    for thread in threads:
        thread.join()
    return result


def _capture(
    frames: Sequence[Frame], number: int, ready: threading.Barrier, stop: threading.Event, done: list[int]
) -> None:
    settings = Settings()
    processor = CaptureProcessor(StreamReader(settings), settings, number, measured)
    processor.process(frames[0])  # the models are warm
    ready.wait()
    for turn in count(1):
        frame = frames[turn % len(frames)]
        if stop.is_set():
            break
        if processor.process(Frame(frame.rgb, turn / _FPS)).phase.final:
            processor.restart()
        done[number] += 1
    processor.close()


def row(runs: Sequence[tuple[int, float, float]]) -> dict[str, float]:
    """What runs at the same time come to together."""
    return {
        "frames_a_second": round(sum(frames / wall for frames, _, wall in runs), 1),
        "cores": round(sum(cpu / wall for _, cpu, wall in runs), 2),
        "cpu_ms_a_frame": round(1e3 * sum(cpu for _, cpu, _ in runs) / max(sum(frames for frames, _, _ in runs), 1), 1),
    }


def measure(counts: Sequence[int], seconds: float) -> dict[int, Any]:
    """Rows for each count of captures, in threads and in processes."""
    rows = {}
    # Spawned: threads of the models, if this process has any, would leave a fork hanging.
    context = multiprocessing.get_context("spawn")
    for captures in counts:
        with ProcessPoolExecutor(
            captures, context, initializer=_wait_for, initargs=(context.Barrier(captures, timeout=120),)
        ) as pool:
            alone = list(pool.map(run, [1] * captures, [seconds] * captures))
        with ProcessPoolExecutor(1, context) as pool:
            together = pool.submit(run, captures, seconds).result()
        rows[captures] = {"threads": row([together]), "processes": row(alone)}
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.threads", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--counts", type=int, nargs="+", default=[1, 2, 4, 8], help="captures at once")
    parser.add_argument("--seconds", type=float, default=8.0, help="that each count is measured for (default 8)")
    options = parser.parse_args()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    print(json.dumps({"machine": machine, "captures": measure(options.counts, options.seconds)}, indent=2))


if __name__ == "__main__":
    main()
