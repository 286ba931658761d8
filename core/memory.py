"""Memory: what stays for good, and what sessions leave behind."""

from __future__ import annotations

import ctypes
import gc

_M_ARENA_MAX, _M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD = -8, -3, -1  # malloc.h of glibc
_ARENAS = 2
_LARGE = 2_800_000  # bytes; a frame of 1280x720 has 2,764,800, and frames come and go too often for this
_KEPT = 8_000_000  # bytes, at the end of each heap


def prepare() -> None:
    """Before the first session: have glibc, where it is the C library, keep few heaps, and large pieces apart.

    It gives each of the first sixteen threads (on two cores) a heap of its own, and what sessions leave between their
    pieces adds up: 180 of them left 63 MB behind, with two heaps 14. It also learns to keep the models' large pieces in
    the heaps, where small ones settle between them: 120 more sessions on a busy machine took 250 to 286 MB, with large
    pieces apart 212 to 217. Told so, it returns what is free at a heap's end from 128 kB on: a frame's pictures, with
    each frame, to get them back page by page, for up to an eighth of a frame's cost. So it is to keep some megabytes.
    """
    _ask_glibc("mallopt", _M_ARENA_MAX, _ARENAS)
    _ask_glibc("mallopt", _M_MMAP_THRESHOLD, _LARGE)
    _ask_glibc("mallopt", _M_TRIM_THRESHOLD, _KEPT)


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
