"""Every way through navigation.py ends the run in full: only then does Streamlit forget what the last run refreshed."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.testing.v1 import AppTest

from core.api.link import LinkState


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> list[frozenset[str]]:
    """What stays of each run that has forgotten the rest."""
    told: list[frozenset[str]] = []
    monkeypatch.setattr(MemoryFragmentStorage, "clear", lambda storage, new_fragment_ids: told.append(new_fragment_ids))
    return told


def opened() -> AppTest:
    return AppTest.from_file("../../navigation.py", default_timeout=60).run()


def test_should_end_the_run_of_a_link(monkeypatch: pytest.MonkeyPatch, forgotten: list[frozenset[str]]) -> None:
    link = SimpleNamespace(id="s_1", look=lambda: LinkState.UNKNOWN)
    monkeypatch.setattr("core.web.link.current_link", lambda: link)

    assert not opened().exception
    assert forgotten == [frozenset()]


def test_should_end_the_run_at_the_door(monkeypatch: pytest.MonkeyPatch, forgotten: list[frozenset[str]]) -> None:
    monkeypatch.setenv("ACCESS_CODE", "open sesame")

    assert [field.label for field in opened().text_input]
    assert forgotten == [frozenset()]


def test_should_end_the_run_of_a_page(forgotten: list[frozenset[str]]) -> None:
    assert not opened().exception
    assert forgotten == [frozenset()]
