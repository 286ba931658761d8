from __future__ import annotations

from core.regions import EYES, Region
from core.settings import Settings


def test_should_ask_for_eyes_nose_and_mouth_alone_unless_strict() -> None:
    settings = Settings()
    assert set(settings.window.required) == {*EYES, Region.NOSE, Region.MOUTH}
    assert not settings.challenge.strict


def test_should_ask_for_all_ten_regions_and_cues_when_strict() -> None:
    settings = Settings()
    strict = settings.in_strict_mode()
    assert set(strict.window.required) == set(Region)
    assert strict.challenge.strict
    assert strict.window.hold_s == settings.window.hold_s
    assert not settings.challenge.strict
