"""Parts of a page that are drawn again by themselves."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import streamlit as st

_drawn = count()


def refreshed(draw: Callable[[], None], every_s: float | None) -> None:
    """Draw a part of the page, now and every `every_s` seconds until the page is drawn anew; now alone with None.

    With every run of the page the part gets another name. A refresh that comes just as a run ends makes Streamlit start
    a new script thread and throw away what the ended one has not sent yet (AppSession.request_rerun tells how): the
    whole page after a press, about one in a hundred where refreshes went on during the run. A refresh of a name that
    is gone is ignored.
    """
    if every_s is None:
        return draw()

    def part() -> None:
        draw()

    part.__qualname__ = f"{draw.__qualname__}.{next(_drawn)}"
    st.fragment(part, run_every=every_s)()
