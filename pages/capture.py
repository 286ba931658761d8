"""The live capture."""

from __future__ import annotations

from core.web.page import open_page

open_page("capture.title")
