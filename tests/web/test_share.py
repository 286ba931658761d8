import cv2
import numpy as np
import pytest
import segno
import streamlit as st

from core.web import share
from core.web.share import advice, qr_svg, share_box


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("http://localhost:8501/", "share.local"),
        ("http://127.0.0.1:8501/", "share.local"),
        ("https://localhost:8501/", "share.local"),
        ("http://[::1]:8501/", "share.local"),
        ("http://192.168.1.20:8501/", "share.needs_https"),
        ("http://selfie.example/", "share.needs_https"),
        ("https://selfie.example/", "share.ready"),
    ],
)
def test_should_say_what_a_phone_needs(address: str, key: str) -> None:
    assert advice(address) == key


def test_should_draw_a_code_that_a_camera_reads() -> None:
    address = "https://selfie.example/?lang=id"
    rows = [list(row) for row in segno.make(address, error="m", micro=False).matrix_iter(scale=6, border=4)]
    picture = np.where(np.array(rows) > 0, 16, 255).astype(np.uint8)

    assert cv2.QRCodeDetector().detectAndDecode(picture)[0] == address
    assert qr_svg(address).startswith("<svg")


def test_should_draw_the_code_of_a_page_but_once(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []

    def draw(address: str) -> str:
        drawn.append(address)
        return "<svg/>"

    monkeypatch.setattr(share, "qr_svg", draw)
    monkeypatch.setattr(type(st.context), "url", "https://drawn-once.example/")

    share_box()
    share_box()

    assert drawn == ["https://drawn-once.example/"]
