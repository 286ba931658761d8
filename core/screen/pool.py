"""The same work in several processes of one machine: models loaded once in each, and nothing lost when one dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.connection import wait as wait_for

from core.screen.row import Load, Make, Row, failed, load_maker

_BATCH = 8  # files handed to a process at a time
_AHEAD = 3  # batches a process that are handed out or wait for it
_TRIES = 4  # deaths of the process that a file may see before it is taken for their cause

_make: Make | None = None  # of this process


def screen(addresses: Sequence[str], workers: int, load: Load = load_maker) -> Iterator[list[Row]]:
    """Rows of all files as they come, in no order.

    When a process dies, whatever was handed out is handed out again, file by file.
    """
    waiting = deque(tuple(addresses[at : at + _BATCH]) for at in range(0, len(addresses), _BATCH))
    deaths: dict[str, int] = {}
    while waiting:
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), _begin, (load,))
        out: dict[Future[list[Row]], tuple[str, ...]] = {}
        try:
            while waiting or out:
                while waiting and len(out) < _AHEAD * workers:
                    out[pool.submit(_make_rows, waiting[0])] = waiting[0]  # raises when a process has died meanwhile
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


def _make_rows(addresses: Sequence[str]) -> list[Row]:
    assert _make is not None
    return [_make(address) for address in addresses]


def _begin(load: Load) -> None:
    global _make
    # Ctrl-C reaches the whole group; the parent alone decides what is finished. Should it be killed, this one ends too.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _make = load()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)
