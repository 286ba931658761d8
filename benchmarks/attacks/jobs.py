"""Attempts in several processes, told in their order."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Any

from benchmarks.attacks.attempt import Outcome
from benchmarks.attacks.sources import Sources

Attempts = Callable[[str, Sources, int, int], Iterator[Outcome]]
OpenSources = Callable[[], Sources]

_sources: Sources | None = None


class Jobs:
    """`count` processes, each with sources of its own; one process is the present one."""

    def __init__(self, attempts: Attempts, open_sources: OpenSources, count: int) -> None:
        """attempts: (species, sources, start, end) -> those attempts. Both must be functions that can be pickled.

        Raises what open_sources raises.
        """
        self._attempts = attempts
        _open(open_sources)
        if count > 1:
            _close()  # the clips take gigabytes, and it is the others that need them
        # Not forked: a child of a process with MediaPipe's threads can hang.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(count, context, _open, (open_sources,)) if count > 1 else None

    def run(self, name: str, start: int, end: int, block: int) -> Iterator[Sequence[dict[str, Any]]]:
        """The outcomes of the attempts `start` to `end`, `block` at a time."""
        spans = [(at, min(at + block, end)) for at in range(start, end, block)]
        work = partial(_run, self._attempts, name)
        yield from (self._pool.map(work, spans) if self._pool else map(work, spans))

    def close(self) -> None:
        """End the processes."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)


def _open(open_sources: OpenSources) -> None:
    global _sources
    _sources = open_sources()


def _close() -> None:
    global _sources
    _sources = None


def _run(attempts: Attempts, name: str, span: tuple[int, int]) -> Sequence[dict[str, Any]]:
    assert _sources is not None
    return [outcome.as_dict() for outcome in attempts(name, _sources, *span)]
