from __future__ import annotations

import ctypes
import gc
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
    assert asked == [("mallopt", -8, 2), ("mallopt", -3, 2_800_000)]


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
