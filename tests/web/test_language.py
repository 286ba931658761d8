import pytest

from core.texts import LANGUAGES
from core.vision.assets import AssetError
from core.web import language


@pytest.mark.parametrize("code", LANGUAGES)
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
    monkeypatch.setattr(language, "language", lambda: code)
    sentence = language.asset_text(error)
    assert all(value in sentence for value in error.values.values())
    assert sentence.endswith(".")


@pytest.mark.parametrize(("code", "spaced", "seconds"), [("en", "1,234.5", "0.25 s"), ("id", "1.234,5", "0,25 dtk")])
def test_should_write_numbers_as_the_language_does(
    code: str, spaced: str, seconds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "language", lambda: code)
    assert language.number(1234.5, ",.1f") == spaced
    assert language.text("check.event_blink", seconds=0.25).endswith(seconds)
    assert "0.25.jpg" in language.text("check.working", number="0.25.jpg", total=1)


def test_should_refuse_a_language_without_language() -> None:
    with pytest.raises(ValueError, match="xx"):
        language.set_language("xx")


def test_should_give_widgets_our_words_and_let_none_out_of_the_style_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "text", {"a.b": 'Say "cheese" </style>', "c.d": "Ambil foto"}.__getitem__)

    sheet = language.own_words(take="a.b", again="c.d")

    assert '--words-again: "Ambil foto";' in sheet
    assert r'--words-take: "Say \"cheese\" /style>";' in sheet
    assert sheet.count("<") == 2
