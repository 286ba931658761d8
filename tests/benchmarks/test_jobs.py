from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.attacks.attempt import Outcome
from benchmarks.attacks.jobs import Jobs
from benchmarks.attacks.sources import Sources


def attempts(name: str, sources: Sources, start: int, end: int) -> Iterator[Outcome]:
    for index in range(start, end):
        yield Outcome(False, name, float(index), None)


def no_clips() -> Sources:
    return Sources(None, None)


def broken() -> Sources:
    raise ValueError("nothing to use")


@pytest.mark.parametrize("count", [1, 2])
def test_should_tell_the_attempts_in_their_order(count: int) -> None:
    jobs = Jobs(attempts, no_clips, count)
    try:
        blocks = list(jobs.run("some", 3, 10, 3))
    finally:
        jobs.close()
    assert [len(block) for block in blocks] == [3, 3, 1]
    assert [outcome["seconds"] for block in blocks for outcome in block] == [3, 4, 5, 6, 7, 8, 9]


@pytest.mark.parametrize("count", [1, 2])
def test_should_say_that_there_is_nothing_to_use(count: int) -> None:
    with pytest.raises(ValueError, match="nothing to use"):
        Jobs(attempts, broken, count)
