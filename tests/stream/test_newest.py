from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from core.stream.newest import Newest

Asked = deque[Callable[[], None]]


def test_should_work_on_the_newest_when_its_turn_comes() -> None:
    done: list[int] = []
    asked = Asked()
    newest = Newest(done.append, asked.append)

    for piece in (1, 2, 3):
        newest.put(piece)
    assert len(asked) == 1 and not done
    asked.popleft()()
    assert done == [3] and not asked

    newest.put(4)
    asked.popleft()()
    assert done == [3, 4]


def test_should_let_others_go_first_with_what_came_meanwhile() -> None:
    asked, order = Asked(), list[str]()

    def work(name: str) -> None:
        order.append(name)
        if len(order) < 4:
            sessions[name].put(name)

    sessions = {name: Newest(work, asked.append) for name in "ab"}
    for name, newest in sessions.items():
        newest.put(name)
    while asked:
        asked.popleft()()

    assert order == ["a", "b", "a", "b", "a"]


def test_should_go_on_after_an_error() -> None:
    done: list[int] = []

    def work(piece: int) -> None:
        if piece == 1:
            newest.put(2)
            raise ValueError
        done.append(piece)

    asked = Asked()
    newest = Newest(work, asked.append)
    newest.put(1)
    with pytest.raises(ValueError):
        asked.popleft()()
    asked.popleft()()

    assert done == [2]


def test_should_never_work_on_two_at_once_and_end_with_the_last() -> None:
    at_work, done = threading.Lock(), list[int]()

    def work(piece: int) -> None:
        assert at_work.acquire(blocking=False)
        time.sleep(0.001)
        done.append(piece)
        at_work.release()

    with ThreadPoolExecutor(3) as pool:
        newest = Newest(work, pool.submit)
        for piece in range(300):
            newest.put(piece)
            time.sleep(0.0001)
        deadline = time.monotonic() + 10
        while done[-1:] != [299] and time.monotonic() < deadline:
            time.sleep(0.005)

    assert done[-1] == 299 and done == sorted(set(done)) and len(done) < 300
