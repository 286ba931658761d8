"""What is to be screened: folders, patterns, tables of paths, and the same in a cloud's store, through fsspec."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

import fsspec
import pyarrow
import pyarrow.csv
import pyarrow.parquet

from core.files.error import FileError
from core.files.photo import PHOTO_SUFFIXES, photos_in

_TABLES = (".csv", ".parquet")
_COLUMNS = ("path", "file", "url", "uri")  # of a table, the first that is there; else its first column


class SourceError(FileError):
    """Nothing can be taken from a source: `source`, as it was given."""

    def __init__(self, source: str, error: FileError) -> None:
        super().__init__(error.key, **error.values)
        self.source = source


def list_photos(sources: Sequence[str]) -> Iterator[str]:
    """The addresses of all photos, each once, in the order of the sources; a local one is an absolute path.

    A single file is given whatever its ending is, and so is a folder that can't be looked into. Raises SourceError:
    there is nothing of that name, it is no table, or it can't be reached.
    """
    seen: set[str] = set()
    for source in sources:
        try:
            found = list(_of_source(source))
        except FileError as error:
            raise SourceError(source, error) from error
        except Exception as error:  # each cloud's store raises what its own library does
            raise SourceError(source, FileError("file_unreachable")) from error
        for address in found:
            if address not in seen:
                seen.add(address)
                yield address


def read_bytes(address: str) -> bytes:
    """All of a file. Raises FileError: it is not there, or can't be fetched."""
    try:
        filesystem, path = fsspec.core.url_to_fs(address)
        return bytes(filesystem.cat_file(path))
    except FileNotFoundError as error:
        raise FileError("file_missing") from error
    except IsADirectoryError as error:
        raise FileError("file_is_folder") from error
    except PermissionError as error:
        raise FileError("file_unopened", why=str(error.strerror)) from error
    except (OSError, ValueError, ImportError) as error:
        raise FileError("file_unreachable") from error


def _of_source(source: str) -> Iterator[str]:
    filesystem, path = fsspec.core.url_to_fs(source)
    if any(sign in path for sign in "*?[") and not filesystem.exists(path):
        found = sorted(filesystem.glob(path))
        if not found:
            raise FileError("file_missing")
        yield from (
            (filesystem.unstrip_protocol(name) for name in _photos(found)) if _remote(filesystem) else _photos(found)
        )
    elif path.lower().endswith(_TABLES):
        yield from _of_table(filesystem, path)
    elif filesystem.isdir(path):
        if _remote(filesystem):
            yield from (filesystem.unstrip_protocol(name) for name in _photos(sorted(filesystem.find(path))))
        else:
            yield from map(str, photos_in(path))
    elif filesystem.exists(path):
        yield filesystem.unstrip_protocol(path) if _remote(filesystem) else path
    else:
        raise FileError("file_missing")


def _of_table(filesystem: Any, path: str) -> Iterator[str]:
    try:
        with filesystem.open(path, "rb") as file:
            table = (pyarrow.csv.read_csv if path.lower().endswith(".csv") else pyarrow.parquet.read_table)(file)
    except FileNotFoundError as error:
        raise FileError("file_missing") from error
    except pyarrow.ArrowInvalid as error:
        raise FileError("file_no_table") from error
    name = next((column for column in _COLUMNS if column in table.column_names), table.column_names[0])
    for value in table[name].to_pylist():
        if value:
            yield str(value)


def _photos(names: Sequence[str]) -> list[str]:
    return [name for name in names if PurePosixPath(name).suffix.lower() in PHOTO_SUFFIXES]


def _remote(filesystem: Any) -> bool:
    return "file" not in (filesystem.protocol if isinstance(filesystem.protocol, tuple) else (filesystem.protocol,))
