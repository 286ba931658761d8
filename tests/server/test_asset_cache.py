from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit_webrtc import component

from core.server.asset_cache import AssetCache
from core.stream.camera import scripts

SHORT = {"cache-control": "public"}


def kept(path: str, status: int = 200) -> str:
    """What the answer for a path says of how long it may be kept."""

    def answer(request: Request) -> PlainTextResponse:
        return PlainTextResponse("", status, SHORT)

    app = Starlette(routes=[Route("/{path:path}", answer)], middleware=[Middleware(AssetCache)])
    return TestClient(app).get(path).headers["cache-control"]


@pytest.mark.parametrize("script", scripts())
def test_should_have_browsers_keep_what_the_camera_needs(script: str) -> None:
    assert "immutable" in kept(f"/{script}") and "max-age" in kept(f"/below/{script}")


@pytest.mark.parametrize(
    "path", ["/component/camera/index.html", "/component/camera/assets/plain.js", "/media/index-rcVU95cS.js", "/"]
)
def test_should_leave_everything_else_alone(path: str) -> None:
    assert kept(path) == "public"


def test_should_keep_no_refusal() -> None:
    assert kept(f"/{scripts()[0]}", 404) == "public"


def test_should_know_the_scripts_of_the_cameras_frame() -> None:
    with open(f"{component.build_dir}/index.html") as page:
        started = page.read()

    assert any(script.rpartition("/")[2] in started for script in scripts())
