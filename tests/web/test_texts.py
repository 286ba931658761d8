import re
from pathlib import Path

import pytest

from core.vision.assets import AssetError
from core.web import texts

ROOT = Path(texts.__file__).parents[2]

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


@pytest.mark.parametrize("code", texts.LANGUAGES)
@pytest.mark.parametrize(
    "error",
    [
        AssetError("broken", file="models/eyes.onnx"),
        AssetError("no_download", file="face_landmarker.task", folder="models"),
        AssetError("wrong_download", sha="00ff"),
    ],
    ids=lambda error: error.key,
)
def test_should_say_what_to_do_about_a_model_file_in_every_language(
    error: AssetError, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "language", lambda: code)
    sentence = texts.asset_text(error)
    assert all(value in sentence for value in error.values.values())
    assert sentence.endswith(".")


@pytest.mark.parametrize(
    ("locale", "code"),
    [("id-ID", "id"), ("id", "id"), ("in_ID", "id"), ("en-GB", "en"), ("de-DE", "en"), ("", "en"), (None, "en")],
)
def test_should_choose_the_language_of_the_browser(locale: str | None, code: str) -> None:
    assert texts.choose(locale) == code


def test_should_refuse_a_language_without_texts() -> None:
    with pytest.raises(ValueError, match="xx"):
        texts.set_language("xx")


def test_should_hold_no_text_that_nothing_shows_and_lack_none() -> None:
    files = [ROOT / "app.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "pages").glob("*.py")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    whole = set(re.findall(r"""["'](\w+\.\w+)["']""", source))
    begun = tuple({f"{table}.{start}" for table, start in re.findall(r"""f["'](\w+)\.(\w*)\{""", source)})

    assert [key for key in texts.load("en") if key not in whole and not key.startswith(begun)] == []
    asked = set(re.findall(r"""\btext\(\s*["'](\w+\.\w+)["']""", source))
    assert asked - set(texts.load("en")) == set()


def test_should_give_widgets_our_words_and_let_none_out_of_the_style_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "text", {"a.b": 'Say "cheese" </style>', "c.d": "Ambil foto"}.__getitem__)

    sheet = texts.own_words(take="a.b", again="c.d")

    assert '--words-again: "Ambil foto";' in sheet
    assert r'--words-take: "Say \"cheese\" /style>";' in sheet
    assert sheet.count("<") == 2
