"""A single photo instead of the live capture, and when to offer it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.files.error import FileError
from core.server.tab import Tab
from core.stream.connection import TROUBLES
from core.vision.assets import AssetError
from core.web import badges
from core.web.file_table import reason_text
from core.web.language import asset_text, own_words, text

if TYPE_CHECKING:
    from core.files.check import PhotoResult

_SIGNS = {"pass": "✓", "retry": "!"}


def show_notice(tab: Tab) -> None:
    """Say under the stage what is probably wrong while no frames come; nothing when all is well."""
    if tab.connection in TROUBLES:
        key = f"connection.{tab.connection.value}"
        st.warning(f"**{text(key)}** {text(key + '_more')}", icon=":material/wifi_off:")
        photo_button(tab)


def photo_button(tab: Tab) -> None:
    """The way on that needs no live connection, where it is one."""
    if not tab.offers_photo:
        return
    st.button(
        text("photo.instead"),
        key="photo_instead",
        icon=":material/add_a_photo:",
        on_click=tab.take_photo,
        width="stretch",
    )


def show_photo_check(tab: Tab, side: DeltaGenerator) -> None:
    """Take one photo with the browser's own camera widget, and say in the place beside it what the check says."""
    st.html(f"<h2>{text('photo.title')}</h2><p>{text('photo.lead')}</p>")
    st.html(own_words(take="photo.take", again="photo.again", allow="capture.allow"))
    photo = st.camera_input(text("photo.take"), key="photo", label_visibility="collapsed")
    if photo is not None:
        try:
            result = tab.judge_photo(photo.file_id, photo.getvalue())
        except FileError as error:
            st.error(text(f"files.{error.key}", **error.values))
        except AssetError as error:
            st.error(f"{text('capture.model_trouble')} {asset_text(error)}")
        else:
            with side.container(key="photo_side"):
                _show_result(result, photo.getvalue())
    st.button(text("photo.live"), key="start", icon=":material/videocam:", on_click=tab.start, width="stretch")


def _show_result(result: PhotoResult, data: bytes) -> None:
    words = "".join(f"<li>{reason_text(reason)}</li>" for reason in result.reasons)
    verdict = "pass" if result.passed else "retry"
    st.html(
        f'<div role="status" class="photo-result" data-verdict="{verdict}">'
        f'<h3><b aria-hidden="true">{_SIGNS[verdict]}</b> {text(f"photo.{verdict}")}</h3><ul>{words}</ul></div>'
    )
    regions = {region: reading.state for region, reading in result.reading.regions.items()}
    st.markdown(badges.board(regions), unsafe_allow_html=True)
    st.caption(text("photo.no_liveness"))
    if result.passed:
        st.download_button(
            text("photo.download"),
            data,
            "photo.jpg",
            "image/jpeg",
            icon=":material/download:",
            type="primary",
            on_click="ignore",
            width="stretch",
        )
