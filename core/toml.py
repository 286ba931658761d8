"""TOML files, on Pythons that bring a reader and on 3.10, which does not."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TOMLDecodeError = tomllib.TOMLDecodeError


def read_toml(path: Path) -> dict[str, Any]:
    """The tables of a file. Raises OSError, or TOMLDecodeError for one that is no TOML."""
    return tomllib.loads(path.read_text(encoding="utf-8"))
