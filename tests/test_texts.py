import re
from pathlib import Path

import pytest

from core import texts

ROOT = Path(texts.__file__).parents[1]

OTHERS = [code for code in texts.LANGUAGES if code != "en"]


@pytest.mark.parametrize("code", OTHERS)
def test_should_have_the_same_keys_in_every_language(code: str) -> None:
    assert set(texts.load(code)) == set(texts.load("en"))


@pytest.mark.parametrize("code", OTHERS)
def test_should_have_the_same_placeholders_in_every_language(code: str) -> None:
    english, other = texts.load("en"), texts.load(code)
    differing = {key for key in english if texts.placeholders(english[key]) != texts.placeholders(other[key])}
    assert differing == set()


@pytest.mark.parametrize("code", texts.LANGUAGES)
def test_should_leave_no_text_empty(code: str) -> None:
    assert [key for key, value in texts.load(code).items() if not value.strip()] == []


@pytest.mark.parametrize(
    ("locale", "code"),
    [("id-ID", "id"), ("id", "id"), ("in_ID", "id"), ("en-GB", "en"), ("de-DE", "en"), ("", "en"), (None, "en")],
)
def test_should_choose_the_language_of_the_browser(locale: str | None, code: str) -> None:
    assert texts.choose(locale) == code


def test_should_show_text_from_outside_on_one_line() -> None:
    assert texts.on_one_line("写真 é\n\x1b[2J\udcff.jpg") == "写真 é\\n\\x1b[2J\\udcff.jpg"


def test_should_hold_no_text_that_nothing_shows_and_lack_none() -> None:
    files = [ROOT / "navigation.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    whole = set(re.findall(r"""["'](\w+\.\w+)["']""", source))
    begun = tuple({f"{table}.{start}" for table, start in re.findall(r"""f["'](\w+)\.(\w*)\{""", source)})

    assert [key for key in texts.load("en") if key not in whole and not key.startswith(begun)] == []
    asked = set(re.findall(r"""\btext\(\s*["'](\w+\.\w+)["']""", source))
    assert asked - set(texts.load("en")) == set()
