"""Stills from the camera's own track, in a real browser: taken, handed in, judged."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Request, Route, expect

from core.settings import Settings
from tests.browser.harness import CapturePage, Server
from tests.footage import Blink, Scene, astronaut, stranger, write_clip

SIZE = (1280, 720)
HANDED_IN = re.compile(r"/still/[^/]+/\d+\?at=")


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A camera that gives more than the browser is asked to send."""
    scene = Scene(astronaut(), size=SIZE, fps=20.0)
    return write_clip(scene.play(6.0, Blink(2.0, 0.3)), tmp_path_factory.mktemp("camera") / "c.y4m", scene.fps)


def test_the_selfie_should_have_the_cameras_own_size(
    server: Server, chromium: Callable[..., Browser], camera: Path
) -> None:
    handed_in: list[Request] = []
    page = CapturePage(chromium(camera).new_page(), server.url)
    page.page.on("request", lambda request: handed_in.append(request) if HANDED_IN.search(request.url) else None)
    page.open().start().wait_for_selfie()

    assert handed_in
    report = json.loads(Path(page.download("report").path()).read_text())
    if report["picture"]["from"] == "stream" and report["picture"]["still_refused"] in (None, "late"):
        pytest.skip("this machine is too busy for a still to be in time")
    assert (report["size"]["width"], report["size"]["height"]) == SIZE
    assert report["picture"]["stream"]["width"] <= Settings().web.camera_px[0]
    assert report["scores"]["inter_eye_px"] > 120


def test_a_still_of_somebody_else_should_make_the_camera_suspect(
    server: Server, chromium: Callable[..., Browser], camera: Path
) -> None:
    other = io.BytesIO()
    Image.fromarray(Scene(stranger(), size=SIZE).frame(0.0, 9.0).rgb).save(other, "JPEG", quality=95)

    def swap(route: Route) -> None:
        address, _, part = route.request.url.partition("?")
        if part.startswith("at=0&"):
            route.continue_(url=address, post_data=other.getvalue())
        else:
            route.fulfill(status=204)

    page = CapturePage(chromium(camera).new_page(), server.url)
    page.page.route(HANDED_IN, swap)
    page.open().start()

    expect(page.hint).to_have_text(re.compile("One more check|Blink now"))
    expect(page.selfie).to_have_count(0)
