"""The How it works page."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from core.vision import assets
from core.vision.assets import AssetError
from tests.web.test_model_figures import MANIFEST


def opened(language: str = "en") -> AppTest:
    app = AppTest.from_file("../../pages/how_it_works.py", default_timeout=60)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    found = (element for kind in ("markdown", "html", "caption", "header") for element in app.get(kind))
    return " ".join(str(element.value) for element in found if isinstance(element, Element))


def test_should_show_the_three_checks_in_pictures() -> None:
    page = words(opened())
    assert page.count("<svg") == 3
    assert "60 to 800 milliseconds" in page
    assert "What it can't stop" in page
    assert "Privacy" in page


def test_should_show_the_figures_of_the_manifest(monkeypatch: pytest.MonkeyPatch) -> None:
    def manifest() -> dict[str, Any]:
        return MANIFEST

    monkeypatch.setattr(assets, "manifest", manifest)
    page = words(opened())
    assert "91.0 %" in page
    assert "97.0 %" in page
    assert "45 photos" in page
    assert "2,400 pictures" in page


def test_should_do_without_figures_when_the_manifest_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> dict[str, Any]:
        raise AssetError("broken", file="models/manifest.toml")

    monkeypatch.setattr(assets, "manifest", missing)
    app = opened()
    assert "no figures" in app.error[0].value
    assert "Privacy" in words(app)


def test_should_speak_indonesian() -> None:
    app = opened("id")
    assert app.title[0].value == "Cara kerja"
    assert "Privasi" in words(app)
