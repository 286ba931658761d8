"""Memory: what stays for good, and what sessions leave behind."""

from __future__ import annotations

import ctypes
import gc

_M_ARENA_MAX = -8  # malloc.h of glibc
_ARENAS = 2


def prepare() -> None:
    """Before the first session: have glibc keep few heaps. With another C library nothing happens.

    It gives each of the first sixteen threads (on two cores) one of its own, and what sessions leave between their
    pieces adds up: 180 of them left 63 MB behind, with two heaps 14.
    """
    _ask_glibc("mallopt", _M_ARENA_MAX, _ARENAS)


def settle() -> None:
    """Once all libraries are loaded: let Python's collector leave alone what is there now.

    It would walk through objects that never go, again and again, while every session's frames wait.
    """
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """After sessions: free what they left in circles, and have glibc return what is free."""
    gc.collect()
    _ask_glibc("malloc_trim", 0)


def _ask_glibc(function: str, *values: int) -> None:
    try:
        asked = getattr(ctypes.CDLL(None), function)
    except (AttributeError, OSError, TypeError):
        return
    asked(*values)
