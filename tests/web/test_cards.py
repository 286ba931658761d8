from __future__ import annotations

import pytest

from core.flow.outcome import Ending, Outcome
from core.flow.snapshot import Reason
from core.texts import LANGUAGES, load
from core.vision.assets import AssetError
from core.web.cards import ending_texts


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome not in (Outcome.CAPTURED, Outcome.LEFT)])
def test_should_have_words_for_every_way_without_a_selfie(
    code: str, outcome: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.web.language.language", lambda: code)
    error = AssetError("broken", file="models/<b>.onnx") if outcome is Outcome.MODELS_BROKEN else None
    large, more = ending_texts(Ending(outcome, error))
    assert large and more
    assert "<b>" not in more


def test_should_say_why_the_last_of_too_many_tries_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.web.language.language", lambda: "en")
    _, more = ending_texts(Ending(Outcome.TOO_MANY_TRIES, last_try=Reason.MISSED_CUE))
    assert more == "Three tries didn't work. You didn't blink when you were asked. You can try again."


@pytest.mark.parametrize("code", LANGUAGES)
def test_should_have_words_for_every_outcome_on_the_insights_page(code: str) -> None:
    words = {key for key in load(code) if key.startswith("outcome.")}
    assert words == {f"outcome.{outcome.value}" for outcome in Outcome}
