from __future__ import annotations

import ctypes
from types import SimpleNamespace

import pytest

from core.web.memory import give_back


def test_should_ask_the_c_library_to_give_back_what_was_freed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace(malloc_trim=asked.append))
    give_back()
    assert asked == [0]


def test_should_do_nothing_where_the_c_library_can_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda name: SimpleNamespace())
    give_back()
