"""Every text a person reads: the words are in `languages/`, one TOML file a language. Knows no Streamlit."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path
from string import Formatter

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LANGUAGES = {"en": "English", "id": "Bahasa Indonesia"}
"""Code -> the language's own name. The first is the fallback."""

_FOLDER = Path(__file__).with_name("languages")


@cache
def load(language: str) -> dict[str, str]:
    """All texts of one language, "table.key" -> text. A text may hold `{placeholders}`."""
    tables = tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return {f"{table}.{key}": value for table, texts in tables.items() for key, value in texts.items()}


def placeholders(template: str) -> set[str]:
    """Names of the `{placeholders}` of a text."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def choose(locale: str | None) -> str:
    """The language that serves a browser's locale ("id-ID", "en-GB"); Indonesian browsers may still say "in"."""
    code = (locale or "").replace("_", "-").split("-")[0].lower()
    code = {"in": "id"}.get(code, code)
    return code if code in LANGUAGES else next(iter(LANGUAGES))
