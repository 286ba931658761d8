"""Why a file can't be used."""

from __future__ import annotations


class FileError(ValueError):
    """A file can't be used. `key` names the sentence for the person who chose it; `values` fill its places."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def too_large(megapixels: float) -> FileError:
    """Its pictures have more than so many megapixels."""
    return FileError("file_too_large", megapixels=f"{megapixels:.0f}")
