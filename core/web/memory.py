"""Memory: what stays for good, and what a session leaves behind."""

from __future__ import annotations

import ctypes
import gc


def settle() -> None:
    """Once all libraries are loaded: let Python's collector leave alone what is there now.

    It would walk through a hundred thousand objects that never go, again and again, for a quarter of a second each
    time, while every session's frames wait.
    """
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Free what a session left in circles, and have glibc return it; another C library keeps what it keeps.

    glibc holds what each thread freed, for that thread's arena alone: a hundred megabytes after some dozen sessions.
    """
    gc.collect()
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return
    trim(0)
