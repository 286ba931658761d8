"""The page's own address as a QR code, so that a phone can join."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

import segno
import streamlit as st

from core.server.access import is_local
from core.web.language import text


def qr_svg(address: str) -> str:
    """The address as an SVG of a QR code, dark on white with the quiet zone of the standard (ISO/IEC 18004)."""
    code = segno.make(address, error="m", micro=False)
    return str(code.svg_inline(scale=5, border=4, dark="#10201f", light="#ffffff", omitsize=True))


def advice(address: str) -> str:
    """Key of the text that says what a phone needs to use this address."""
    if is_local(address):
        return "share.local"
    return "share.ready" if urlsplit(address).scheme == "https" else "share.needs_https"


@lru_cache(maxsize=8)
def _page_svg(address: str) -> str:
    """Kept, since every run of a page draws it: a third of what a run takes."""
    return qr_svg(address)


def share_box() -> None:
    """Draw the address, its QR code and what a phone needs."""
    address = st.context.url or ""
    if not address:
        st.caption(text("share.unknown"))
        return
    # Not st.html, which takes drawings out.
    picture = f'<div class="qr" role="img" aria-label="{text("share.code")}">{_page_svg(address)}</div>'
    st.markdown(picture, unsafe_allow_html=True)
    st.code(address, language=None, wrap_lines=True)
    st.caption(text(advice(address)))
