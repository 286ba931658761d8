"""Takes pictures of every page and every phase, at four sizes, light and dark, in both languages, to be looked at.

    python -m tests.browser.screenshots OUT [--scenes blink check] [--sizes phone] [--themes dark] [--languages id]

OUT is a folder outside the repository. The webcam shows the astronaut. A scene that a busy
machine keeps from coming about is named, and the others go on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, Playwright, TimeoutError, expect, sync_playwright

from core.regions import Region
from core.web.language import LANGUAGES
from tests.browser.harness import CapturePage, Server, launch
from tests.footage import Action, Blink, Cover, Leave, Scene, SecondFace, Thing, astronaut, stranger, write_clip

SIZES = {"narrow": (320, 568), "phone": (390, 844), "tablet": (820, 1180), "laptop": (1440, 900)}
THEMES = ("light", "dark")
PAGES = ("check_files", "insights", "how_it_works", "status")
_LONG = 60.0  # seconds; past the end of any scene here


@dataclass(frozen=True)
class Live:
    """A state of the live page: the footage that leads there, and how to tell that it has come.

    ready: called after START; returns when the picture may be taken. None leaves the page before START.
    allow: the camera is allowed.
    """

    actions: tuple[Action, ...] = ()
    seconds: float = 9.0
    inter_eye: float = 0.21
    ready: Callable[[CapturePage], object] | None = None
    allow: bool = True
    panel: bool = False


def _badge(region: Region) -> Callable[[CapturePage], object]:
    return lambda page: expect(page.badge(region)).to_have_attribute("data-state", "blocked")


def _ended(page: CapturePage) -> None:
    expect(page.button("start")).to_be_visible()


_BLINK = Blink(4.5, 0.6)  # late and slow enough to count on a busy machine
_HAND = Cover(Thing.HAND, Region.MOUTH, 6.0, _LONG)
SCENES: dict[str, Live] = {
    "welcome": Live(),
    "far": Live(inter_eye=0.09, ready=lambda page: page.wait_for_phase("position")),
    "blink": Live(ready=lambda page: page.wait_for_phase("blink")),
    "second_face": Live((SecondFace(stranger(), 0.0, _LONG),), ready=lambda page: page.wait_for_phase("position")),
    "covered": Live((Cover(Thing.HAND, Region.LEFT_EYE, 0.0, _LONG),), ready=_badge(Region.LEFT_EYE)),
    "check": Live((_BLINK, _HAND), 20.0, ready=lambda page: page.wait_for_phase("check")),
    "blocked": Live((_BLINK, _HAND), 20.0, ready=_badge(Region.MOUTH)),
    "panel": Live((_BLINK, _HAND), 20.0, ready=lambda page: page.wait_for_phase("check"), panel=True),
    "restart": Live(
        (_BLINK, Leave(6.0, 8.0)), 20.0, ready=lambda page: page.board.locator(".note:not(:empty)").wait_for()
    ),
    "captured": Live((Blink(2.0, 0.3), Blink(6.5, 0.3)), ready=lambda page: page.wait_for_selfie()),
    "ended": Live(ready=_ended),
    "denied": Live(allow=False, ready=_ended),
}


@contextmanager
def _page(
    playwright: Playwright, clip: Path | None, theme: str, language: str, size: tuple[int, int], *, allow: bool = True
) -> Iterator[Page]:
    browser = launch(playwright, clip, allow=allow)
    try:
        width, height = size
        yield browser.new_page(
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]
            locale={"en": "en-GB", "id": "id-ID"}[language],
        )
    finally:
        browser.close()


class Photographer:
    """Takes the pictures of one set of sizes into a folder."""

    def __init__(self, playwright: Playwright, server: Server, out: Path, sizes: Sequence[str], scratch: Path) -> None:
        self._playwright, self._server, self._out, self._scratch = playwright, server, out, scratch
        self._sizes = sizes

    def live(self, name: str, theme: str, language: str) -> None:
        """One state of the live page, at every size."""
        scene = SCENES[name]
        clip = self._clip(name, scene)
        for size in self._sizes:
            with _page(self._playwright, clip, theme, language, SIZES[size], allow=scene.allow) as tab:
                page = CapturePage(tab, self._server.url).open()
                if scene.panel:
                    page.switch_panel_on()
                if scene.ready:
                    scene.ready(page.start())
                if scene.panel:
                    self._grow(tab, size)
                tab.wait_for_timeout(700)  # until the page has faded in
                self._take(tab, name, size, theme, language)

    def still(self, name: str, theme: str, language: str) -> None:
        """A page without the camera, at every size, at its full height."""
        for size in self._sizes:
            with _page(self._playwright, None, theme, language, SIZES[size]) as tab:
                tab.goto(f"{self._server.url}/{name}")
                tab.locator("h1").first.wait_for()
                tab.locator('[data-testid="stStatusWidget"]').wait_for(state="detached")
                self._grow(tab, size)
                tab.wait_for_timeout(700)
                self._take(tab, name, size, theme, language)

    def _grow(self, tab: Page, size: str) -> None:
        # Streamlit scrolls inside the window, so a picture of the whole page needs a window as high.
        height = tab.get_by_test_id("stMain").evaluate("main => main.scrollHeight")
        width, least = SIZES[size]
        tab.set_viewport_size({"width": width, "height": max(height, least)})

    def _take(self, tab: Page, name: str, size: str, theme: str, language: str) -> None:
        path = self._out / f"{name}-{size}-{theme}-{language}.png"
        tab.screenshot(path=path)
        print(path)

    def _clip(self, name: str, scene: Live) -> Path:
        path = self._scratch / f"{name}.mjpeg"
        if not path.exists():
            write_clip(Scene(astronaut(), inter_eye=scene.inter_eye).play(scene.seconds, *scene.actions), path)
        return path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__)
    parser.add_argument("out", type=Path)
    names = [*SCENES, *PAGES]
    for option, choices in (("scenes", names), ("sizes", SIZES), ("themes", THEMES), ("languages", LANGUAGES)):
        parser.add_argument(f"--{option}", nargs="+", choices=list(choices), default=list(choices))
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as scratch, sync_playwright() as playwright, Server(Path(scratch)) as server:
        photographer = Photographer(playwright, server, options.out, options.sizes, Path(scratch))
        missed = False
        for name, theme, language in product(options.scenes, options.themes, options.languages):
            take = photographer.still if name in PAGES else photographer.live
            try:
                take(name, theme, language)
            except (AssertionError, TimeoutError) as error:
                missed = True
                print(f"{name} {theme} {language} did not come about: {str(error).splitlines()[0]}", file=sys.stderr)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
