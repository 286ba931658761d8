"""Every text a person reads: the words are in `languages/`, one TOML file a language. Knows no Streamlit."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Formatter

from core.toml import read_toml

LANGUAGES = {"en": "English", "id": "Bahasa Indonesia"}
"""Code -> the language's own name. The first is the fallback."""

_FOLDER = Path(__file__).with_name("languages")


@cache
def load(language: str) -> dict[str, str]:
    """All texts of one language, "table.key" -> text. A text may hold `{placeholders}`."""
    tables = read_toml(_FOLDER / f"{language}.toml")
    return {f"{table}.{key}": value for table, texts in tables.items() for key, value in texts.items()}


def placeholders(template: str) -> set[str]:
    """Names of the `{placeholders}` of a text."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def on_one_line(text: str) -> str:
    """Text from outside, such as a file's name, as a terminal may show it: what is no sign to be read is escaped."""
    return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in text)


def choose(locale: str | None) -> str:
    """The language that serves a browser's locale ("id-ID", "en-GB"); Indonesian browsers may still say "in"."""
    code = (locale or "").replace("_", "-").split("-")[0].lower()
    code = {"in": "id"}.get(code, code)
    return code if code in LANGUAGES else next(iter(LANGUAGES))
