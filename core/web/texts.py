"""Every text a person reads, in the language of the visit. The words are in `languages/`, one TOML file a language."""

from __future__ import annotations

import json
import sys
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import streamlit as st

from core.vision.assets import AssetError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LANGUAGES = {"en": "English", "id": "Bahasa Indonesia"}
"""Code -> the language's own name. The first is the fallback."""

_FOLDER = Path(__file__).with_name("languages")
_KEY = "language"


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


def language() -> str:
    """The visit's language: the one chosen, else the one in the address (?lang=id), else the browser's."""
    chosen = st.session_state.get(_KEY)
    if chosen not in LANGUAGES:
        chosen = st.query_params.get("lang") or st.context.locale
        chosen = st.session_state[_KEY] = choose(chosen)
    return str(chosen)


def set_language(code: str) -> None:
    """Choose the visit's language. Raises ValueError for one that has no texts."""
    if code not in LANGUAGES:
        raise ValueError(f"no texts for {code!r}")
    st.session_state[_KEY] = code


def text(key: str, **values: Any) -> str:
    """The text of `key` in the visit's language, its placeholders filled. Raises KeyError for an unknown key."""
    template = load(language())[key]
    return template.format(**values) if values else template


def own_words(**keys: str) -> str:
    """A style sheet with our words for widgets whose own ones Streamlit has in English only.

    keys: name -> text key. The page's style sheet shows the words where it says `content: var(--words-<name>)`.
    """
    words = {name: json.dumps(text(key), ensure_ascii=False).replace("<", "") for name, key in keys.items()}
    return f"<style>:root {{ {' '.join(f'--words-{name}: {word};' for name, word in words.items())} }}</style>"


def asset_text(error: AssetError) -> str:
    """Which model file is missing or broken, and what to do."""
    return text(f"assets.{error.key}", **error.values)
