"""Parts of a page that are drawn again by themselves."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def page() -> None:
    """Keeps what Streamlit calls the part in each run."""
    import streamlit as st
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    from core.web.refresh import refreshed

    def part() -> None:
        st.write("drawn")

    refreshed(part, st.session_state.get("every_s", 1.0))
    context = get_script_run_ctx()
    assert context
    st.session_state["names"] = context.shared.new_fragment_ids.snapshot()


def test_should_name_the_part_anew_with_every_run_of_the_page() -> None:
    app = AppTest.from_function(page).run()
    first = app.session_state["names"]
    second = app.run().session_state["names"]

    assert len(first) == len(second) == 1
    assert not first & second
    assert app.markdown[0].value == "drawn"


def test_should_draw_once_what_need_not_be_refreshed() -> None:
    app = AppTest.from_function(page)
    app.session_state["every_s"] = None
    app.run()

    assert not app.session_state["names"]
    assert app.markdown[0].value == "drawn"
