"""The selfies of a tab: the latest in the video's place, how it is handed out, and the earlier ones."""

from __future__ import annotations

import streamlit as st

from core.files.handout import Photo, archive
from core.server.tab import Tab
from core.web.language import text

_CONFETTI = "".join(f'<i style="--n:{n}"></i>' for n in range(24))


def show_selfie(photo: Photo) -> None:
    """Draw it where the video was, with confetti."""
    width, height = photo.size
    st.html(f"<style>.st-key-selfie {{ --shape: {width} / {height} }}</style>")
    st.image(photo.png, alt=text("capture.result"), width="stretch")
    st.html(f'<div class="confetti" aria-hidden="true">{_CONFETTI}</div>')


def show_downloads(tab: Tab) -> None:
    """Hand out the latest selfie and offer another attempt."""
    photos = tab.attempts.photos
    width, height = photos[-1].size
    st.html(f'<p class="taken" role="status"><b>✓</b> {text("capture.taken")}</p>')
    st.caption(text("capture.size", width=width, height=height, seconds=photos[-1].seconds))
    _downloads(photos[-1], "latest")
    st.button(text("capture.another"), key="start", icon=":material/photo_camera:", on_click=tab.start, width="stretch")
    if len(photos) == 1:
        _archive(photos)


def show_strip(photos: list[Photo]) -> None:
    """All selfies in a row, each with its downloads, and all of them as one file."""
    st.header(text("capture.earlier"), anchor=False)
    with st.container(horizontal=True, key="strip"):
        for number, photo in enumerate(photos, 1):
            with st.container(width=220):
                st.image(photo.jpeg, alt=f"{text('capture.result')} {number}", width="stretch")
                _downloads(photo, str(number))
    _archive(photos)


def _downloads(photo: Photo, key: str) -> None:
    files = [
        ("png", "png", "image/png", photo.png),
        ("jpeg", "jpg", "image/jpeg", photo.jpeg),
        ("report", "json", "application/json", photo.report),
    ]
    if photo.signature is not None:
        files.append(("signature", "json.jws", "application/jose", photo.signature.encode()))
    with st.container(horizontal=True, gap="small", key=f"downloads_{key}"):
        for kind, ending, mime, data in files:
            st.download_button(
                text(f"download.{kind}"),
                data,
                f"{photo.name}.{ending}",
                mime,
                key=f"{kind}_{key}",
                help=text(f"download.{kind}_help"),
                icon=":material/download:" if key == "latest" else None,
                type="primary" if (kind, key) == ("png", "latest") else "secondary",
                on_click="ignore",
                width="stretch",
            )


def _archive(photos: list[Photo]) -> None:
    st.download_button(
        text("download.all"),
        lambda: archive(photos),
        "selfies.zip",
        "application/zip",
        on_click="ignore",
        icon=":material/folder_zip:",
    )
    st.caption(text("capture.forget"))
