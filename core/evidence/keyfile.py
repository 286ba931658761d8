"""Secrets in files that only the app's own user may read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path


class KeyFileError(RuntimeError):
    """A key's file can't be used; the message says which and why."""


def read_or_make(path: Path, make: Callable[[], bytes]) -> bytes:
    """What is in the file; without one, what `make` gives, written there first with mode 600.

    Two processes that start at once get the same: the second reads what the first wrote. Raises KeyFileError, also for
    a file that others may read.
    """
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_new(path, make())
        if path.stat().st_mode & 0o077:
            raise KeyFileError(f"{path} can be read by others: chmod 600 {path}")
        return path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"{path}: {error.strerror}") from error


def write_new(path: Path, content: bytes) -> None:
    """Write a file of mode 600, whole or not at all; one that is there already is left alone. Raises OSError."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as target:
        target.write(content)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
