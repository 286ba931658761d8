"""The Invitations page: behind a key, makes links, shows how far everyone has come."""

from __future__ import annotations

from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.api.gateway import Gateway
from core.api.link import Link
from core.files.handout import develop
from core.web import rounds
from tests.api.conftest import CAPTURED_AT, RECORD
from tests.fakes import selfie


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[list[dict[str, Any]]]:
    """What the table was last given."""
    given: list[list[dict[str, Any]]] = []
    show = rounds.show_round

    def keep(name: str, rows: list[dict[str, Any]]) -> None:
        given.append(rows)
        show(name, rows)

    monkeypatch.setattr("core.web.rounds.show_round", keep)
    return given


def opened(key: str | None) -> AppTest:
    app = AppTest.from_file("../../pages/invitations.py", default_timeout=60)
    app.query_params["lang"] = "en"
    app.run()
    if key is not None:
        app.text_input[0].set_value(key)
        app.button[0].click().run()
    assert not app.exception
    return app


def make(app: AppTest, name: str, people: int) -> AppTest:
    app.text_input[0].set_value(name)
    app.number_input[0].set_value(people)
    app.button[0].click().run()
    assert not app.exception
    return app


def test_should_show_nothing_without_a_key(shared: Gateway, drawn: list[Any]) -> None:
    app = opened("selfie_wrong")
    assert [error.value for error in app.error] == ["This is not a key of this app."]
    assert drawn == [] and not app.number_input


def test_should_make_a_link_for_each_person(shared: Gateway, keys: dict[str, Any], drawn: list[Any]) -> None:
    make(opened(keys["shop"][0]), "pilot", 3)
    rows = drawn[-1]
    assert [row["number"] for row in rows] == ["1", "2", "3"]
    assert {row["cells"]["status"] for row in rows} == {"Not opened"}
    sessions = shared.store.page("shop", 10).sessions
    assert {row["link"] for row in rows} == {f"https://selfie.example/?session={session.id}" for session in sessions}


def test_should_number_on_when_a_round_gets_more_people(
    shared: Gateway, keys: dict[str, Any], drawn: list[Any]
) -> None:
    app = make(opened(keys["shop"][0]), "pilot", 2)
    shared.store.remove(drawn[-1][0]["id"], "shop")  # as what has expired is
    make(app, "pilot", 1)
    assert [row["number"] for row in drawn[-1]] == ["2", "3"]


def test_should_show_how_far_everyone_has_come(shared: Gateway, keys: dict[str, Any], drawn: list[Any]) -> None:
    app = make(opened(keys["shop"][0]), "pilot", 2)
    link = Link(shared, drawn[-1][0]["id"])
    link.look()
    link.keep(develop(selfie(), CAPTURED_AT, {}, 95, shared.evidence))
    link.add(RECORD)
    link.answer({"clear": "partly", "effort": "easy"})
    app.run()
    first, second = (row["cells"] for row in drawn[-1])
    assert (first["status"], first["seconds"], first["clear"], first["effort"]) == ("Captured", "4.2", "Partly", "Easy")
    assert second["status"] == "Not opened"
    assert "Links: 2, opened: 1, captured: 1" in [caption.value for caption in app.caption]


def test_should_show_no_round_of_another_key(shared: Gateway, keys: dict[str, Any], drawn: list[Any]) -> None:
    make(opened(keys["shop"][0]), "pilot", 1)
    drawn.clear()
    opened(keys["bank"][0])
    assert drawn == []


def test_should_draw_codes_when_asked(shared: Gateway, keys: dict[str, Any], drawn: list[Any]) -> None:
    app = make(opened(keys["shop"][0]), "pilot", 1)
    assert drawn[-1][0]["code"] == ""
    app.toggle(key="codes").set_value(True).run()
    assert drawn[-1][0]["code"].startswith("<svg")
    assert drawn[-1][0]["cells"]["status"] == "Not opened"


def test_should_ask_for_a_name(shared: Gateway, keys: dict[str, Any]) -> None:
    app = make(opened(keys["shop"][0]), "  ", 1)
    assert [error.value for error in app.error] == ["Give the round a name."]
    assert shared.store.rounds("shop") == []
