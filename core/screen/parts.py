"""The folder that a screening fills: whole Parquet parts, one run at a time, and what is in it already."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from core.screen.row import SCHEMA, Row, writable


class FolderTaken(RuntimeError):
    """Another run fills this folder now."""


class PartFolder:
    """DIR with part-00000.parquet and so on. A part is there whole or not at all; the lock ends with its process."""

    def __init__(self, folder: Path, *, again: bool) -> None:
        """again: forget what is there. Raises FolderTaken and OSError."""
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self._lock = (folder / ".lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._lock.close()
            raise FolderTaken(str(folder)) from error
        for left in folder.glob("*.writing"):
            left.unlink()
        if again:
            for old in [*self.parts(), folder / "report.html"]:
                old.unlink(missing_ok=True)

    def parts(self) -> list[Path]:
        """All parts, in the order they were written in."""
        return sorted(self.folder.glob("part-*.parquet"))

    def write(self, rows: Sequence[Row]) -> None:
        """One more part."""
        if not rows:
            return
        parts = self.parts()
        number = int(parts[-1].stem.split("-")[1]) + 1 if parts else 0
        path = self.folder / f"part-{number:05}.parquet"
        unfinished = path.with_suffix(".writing")
        pq.write_table(pa.Table.from_pylist(list(rows), SCHEMA), unfinished)
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)

    def missing(self, addresses: Sequence[str]) -> Iterator[str]:
        """Those that no part holds yet. Eight bytes are kept of each name: of a million, 8 MB."""
        hashes = [
            _short(path) for part in self.parts() for path in pq.read_table(part, columns=["path"])["path"].to_pylist()
        ]
        done: NDArray[np.uint64] = np.sort(np.array(hashes, np.uint64))
        for address in addresses:
            short = _short(writable(address))
            place = int(np.searchsorted(done, short))
            if place == len(done) or done[place] != short:
                yield address

    def close(self) -> None:
        """Let the next run in."""
        self._lock.close()

    def __enter__(self) -> PartFolder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _short(address: str) -> np.uint64:
    return np.uint64(int.from_bytes(hashlib.blake2b(address.encode(), digest_size=8).digest(), "big"))
