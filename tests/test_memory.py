from __future__ import annotations

import ctypes
import gc
import platform
import subprocess
import sys
from types import SimpleNamespace

import pytest

from core import memory


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What the C library was asked for."""
    calls: list[tuple[object, ...]] = []
    library = SimpleNamespace(
        malloc_trim=lambda *values: calls.append(("malloc_trim", *values)),
        mallopt=lambda *values: calls.append(("mallopt", *values)),
    )
    monkeypatch.setattr(ctypes, "CDLL", lambda name: library)
    return calls


def test_should_ask_the_c_library_for_few_heaps_and_to_keep_large_pieces_apart(asked: list[tuple[object, ...]]) -> None:
    memory.prepare()
    assert asked == [("mallopt", -8, 2), ("mallopt", -3, 2_800_000), ("mallopt", -1, 8_000_000)]


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps its heaps in its own way")
def test_the_memory_of_one_frame_should_serve_the_next() -> None:
    # In a process of its own, on a thread as frames are: what is asked of the C library holds until the process ends.
    counted = """
import resource, threading
import numpy as np
from core.memory import prepare
prepare()
def frames():
    for number in range(110):
        if number == 10:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        pictures = [np.ones((480, 640, 3), np.uint8) for _ in range(3)]
        del pictures
    print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
thread = threading.Thread(target=frames)
thread.start()
thread.join()
"""
    faults = int(subprocess.run([sys.executable, "-c", counted], check=True, capture_output=True).stdout)
    assert faults < 1000  # of 100 frames with 675 pages each


def test_should_free_circles_and_ask_the_c_library_to_give_back_what_is_free(asked: list[tuple[object, ...]]) -> None:
    class Circle:
        gone = False

        def __init__(self) -> None:
            self.me = self

        def __del__(self) -> None:
            Circle.gone = True

    Circle()
    memory.give_back()
    assert Circle.gone
    assert asked == [("malloc_trim", 0)]


@pytest.mark.parametrize("act", [memory.prepare, memory.give_back])
def test_should_do_nothing_where_the_c_library_can_not(monkeypatch: pytest.MonkeyPatch, act: object) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace())
    assert callable(act)
    act()


def test_should_keep_the_collector_from_what_is_loaded() -> None:
    try:
        memory.settle()
        assert gc.get_freeze_count() > 1000
    finally:
        gc.unfreeze()
