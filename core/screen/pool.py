"""The same work in several processes of one machine: models loaded once in each, and nothing lost when one dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for

import cv2

from core.files.check import PhotoChecker
from core.screen.row import Row, RowMaker, failed
from core.settings import Settings
from core.vision.photo_reader import PhotoReader

MakeRows = Callable[[Sequence[str]], list[Row]]

_BATCH = 8  # files handed to a process at a time
_AHEAD = 3  # batches a process that are handed out or wait for it
_TRIES = 4  # deaths of the process that a file may see before it is taken for their cause

_maker: RowMaker | None = None


def screen(
    addresses: Sequence[str], workers: int, start: Callable[[], None] | None = None, make: MakeRows | None = None
) -> Iterator[list[Row]]:
    """Rows of all files as they come, in no order. start, make: what a process does first, and with a batch.

    When a process dies, whatever was handed out is handed out again, file by file.
    """
    start, make = start or load_models, make or make_rows
    waiting = deque(tuple(addresses[at : at + _BATCH]) for at in range(0, len(addresses), _BATCH))
    deaths: dict[str, int] = {}
    while waiting:
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, (start,))
        out: dict[Future[list[Row]], tuple[str, ...]] = {}
        try:
            while waiting or out:
                while waiting and len(out) < _AHEAD * workers:
                    out[pool.submit(make, waiting[0])] = waiting[0]  # raises when a process has died meanwhile
                    waiting.popleft()
                done, _ = wait(out, return_when=FIRST_COMPLETED)
                for future in done:
                    rows = future.result()
                    del out[future]
                    yield rows
        except BrokenProcessPool:
            for future, batch in out.items():
                if future.done() and future.exception() is None:
                    yield future.result()
                    continue
                for address in batch:
                    deaths[address] = deaths.get(address, 0) + 1
                    if deaths[address] < _TRIES:
                        waiting.appendleft((address,))
                    else:
                        yield [failed(address)]
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def load_models() -> None:
    """Before the first batch."""
    global _maker
    cv2.setNumThreads(1)
    settings = Settings()
    _maker = RowMaker(PhotoChecker(PhotoReader(settings), settings))


def make_rows(addresses: Sequence[str]) -> list[Row]:
    """In a process that has loaded its models."""
    assert _maker is not None
    return [_maker.make(address) for address in addresses]


def _begin(start: Callable[[], None]) -> None:
    # Ctrl-C reaches the whole group; the parent alone decides what is finished. Should it be killed, this one ends too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)
