"""The language of the tab, and every text in it."""

from __future__ import annotations

import json
from string import Formatter
from typing import Any

import streamlit as st

from core.texts import LANGUAGES, choose, load
from core.vision.assets import AssetError

_KEY = "language"
_SWAPPED = str.maketrans(".,", ",.")


class _Filler(Formatter):
    """Fills a text's placeholders; numbers stand as the tab's language writes them."""

    def format_field(self, value: Any, format_spec: str) -> str:
        return number(value, format_spec) if isinstance(value, (int, float)) else format(value, format_spec)


def language() -> str:
    """The tab's language: the one chosen, else the one in the address (?lang=id), else the browser's."""
    chosen = st.session_state.get(_KEY)
    if chosen not in LANGUAGES:
        chosen = st.query_params.get("lang") or st.context.locale
        chosen = st.session_state[_KEY] = choose(chosen)
    return str(chosen)


def set_language(code: str) -> None:
    """Choose the tab's language. Raises ValueError for one that has no texts."""
    if code not in LANGUAGES:
        raise ValueError(f"no texts for {code!r}")
    st.session_state[_KEY] = code


def choose_language_once(code: str) -> None:
    """Choose the visit's language for the visitor, who can change it. Raises ValueError for one without texts."""
    if _KEY not in st.session_state:
        set_language(code)


def text(key: str, **values: Any) -> str:
    """The text of `key` in the tab's language, its placeholders filled. Raises KeyError for an unknown key."""
    template = load(language())[key]
    return _Filler().format(template, **values) if values else template


def number(value: float, spec: str) -> str:
    """As the tab's language writes it, with a decimal point or comma. spec: Python's, such as ",.1f"."""
    told = format(value, spec)
    return told.translate(_SWAPPED) if text("app.decimal") == "," else told


def own_words(**keys: str) -> str:
    """A style sheet with our words for widgets whose own ones Streamlit has in English only.

    keys: name -> text key. The page's style sheet shows the words where it says `content: var(--words-<name>)`.
    """
    words = {name: json.dumps(text(key), ensure_ascii=False).replace("<", "") for name, key in keys.items()}
    return f"<style>:root {{ {' '.join(f'--words-{name}: {word};' for name, word in words.items())} }}</style>"


def asset_text(error: AssetError) -> str:
    """Which model file is missing or broken, and what to do."""
    return text(f"assets.{error.key}", **error.values)
