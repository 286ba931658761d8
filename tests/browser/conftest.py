"""Fixtures of the browser tests. Without Chromium they are skipped and say so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from core.regions import Region
from tests.browser.harness import CapturePage, Server, find_chromium, launch
from tests.footage import Blink, Cover, Scene, Thing, astronaut, write_clip

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            # A machine that stalls for a quarter of a second breaks a capture, as it should; a defect fails every time.
            item.add_marker(pytest.mark.flaky(reruns=2))


# No wider: while Playwright runs, its event loop is the thread's, and other tests could not start theirs.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        try:
            find_chromium(playwright)
        except RuntimeError as error:
            pytest.skip(str(error))
        yield playwright


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Webcam clips by name; each is drawn once."""
    folder = tmp_path_factory.mktemp("clips")
    scripts = {
        # Blinks come often enough that a late start misses none, and far enough apart for the check in between.
        "blinks": (9.0, (Blink(2.0, 0.3), Blink(6.5, 0.3))),
        "no_blink": (6.0, ()),
        # The hand comes in the middle of the check; whoever misses the blink gets another with the next round.
        "hand": (13.0, (Blink(3.0, 0.3), Cover(Thing.HAND, Region.MOUTH, 3.8, 8.5))),
    }

    def clip(name: str) -> Path:
        path = folder / f"{name}.mjpeg"
        if not path.exists():
            seconds, actions = scripts[name]
            write_clip(Scene(astronaut()).play(seconds, *actions), path)
        return path

    return clip


@pytest.fixture
def chromium(playwright: Playwright) -> Iterator[Callable[..., Browser]]:
    """Opens Chromium with a clip as its webcam; all are closed in the end."""
    with ExitStack() as stack:
        yield lambda clip, *flags, **options: stack.enter_context(launch(playwright, clip, *flags, **options))


@pytest.fixture
def visit(
    server: Server, chromium: Callable[..., Browser], clips: Callable[[str], Path]
) -> Callable[[str], CapturePage]:
    """The live page in a Chromium whose webcam plays the clip of that name."""
    return lambda name: CapturePage(chromium(clips(name)).new_page(), server.url).open()
