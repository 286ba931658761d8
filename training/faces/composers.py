"""Processes that compose samples from a pack for as long as they are wanted. No torch here."""

from __future__ import annotations

import os
import queue
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.queues import Queue
from pathlib import Path
from types import TracebackType

import cv2
import numpy as np

from training.faces.datasets import Cutter, Samples
from training.faces.drift import DriftingMesh
from training.faces.packed import Packed
from training.faces.studio import Studio

_CHUNK = 32  # samples that are handed over together
_SIDES = (160, 360)  # of the canvas: larger ones would only enlarge the reduced photos of a pack
_WAITING = 64  # chunks that may wait; then the processes do


class Composers:
    """`count` processes that compose on the training side of the pack in `folder`."""

    def __init__(self, folder: Path, count: int, seed: int) -> None:
        context = get_context("spawn")
        self._queue: Queue[Samples] = context.Queue(_WAITING)
        self._processes = [
            context.Process(target=_compose, args=(folder, self._queue, seed, number), daemon=True)
            for number in range(count)
        ]

    def __enter__(self) -> Composers:
        for process in self._processes:
            process.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join(5)
        self._queue.close()
        self._queue.cancel_join_thread()

    def ready(self) -> Iterator[Samples]:
        """What is finished, without waiting."""
        while True:
            try:
                yield self._queue.get_nowait()
            except queue.Empty:
                return


def _compose(folder: Path, out: Queue[Samples], seed: int, number: int) -> None:
    cv2.setNumThreads(1)
    os.nice(5)  # the process that trains comes first
    pack = Packed.load(folder)
    studio = Studio(pack.bases, pack.patches, mesh=DriftingMesh(pack.drifts, Cutter()), sides=_SIDES)
    rng = np.random.default_rng([seed, number])
    while True:
        out.put(studio.samples(rng, _CHUNK))
