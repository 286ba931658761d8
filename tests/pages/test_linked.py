"""What the person sees who opens a link."""

from __future__ import annotations

from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Element

from core.api.gateway import Gateway
from core.store.log import utc_now
from core.store.session_record import Order
from core.texts import LANGUAGES, load


@pytest.mark.parametrize("language", LANGUAGES)
def test_should_say_that_the_selfie_goes_to_the_one_who_sent_the_link(shared: Gateway, language: str) -> None:
    made = shared.store.create(Order("shop", utc_now() + timedelta(hours=1), language=language))
    app = AppTest.from_file("../../navigation.py", default_timeout=60)
    app.query_params["session"] = made.id
    app.run()
    said = " ".join(str(element.value) for element in app.get("html") if isinstance(element, Element))

    assert not app.exception
    assert load(language)["linked.privacy"] in said
    assert load(language)["capture.privacy"] not in said
