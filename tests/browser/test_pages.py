"""Every page in a real browser: no serious finding of axe-core, no call to the outside, fit for a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from core.web.language import LANGUAGES, load
from tests.browser.harness import START_S, CapturePage, Server
from tests.footage import Blink, Scene, astronaut, write_clip

PAGES = ("", "check_files", "insights", "how_it_works", "status")
PHONE: ViewportSize = {"width": 390, "height": 844}
SHORT_PHONE: ViewportSize = {"width": 390, "height": 664}  # the same, with the browser's own bars
LAPTOP: ViewportSize = {"width": 1440, "height": 900}

Chromium = Callable[..., Browser]


@pytest.fixture(scope="session")
def upright(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clip as a phone held upright sends it."""
    path = tmp_path_factory.mktemp("upright") / "blinks.mjpeg"
    return write_clip(Scene(astronaut(), size=(480, 640)).play(9.0, Blink(2.0, 0.3), Blink(6.5, 0.3)), path)


@pytest.fixture(autouse=True)
def patience() -> None:
    expect.set_options(timeout=START_S * 1000)


def phone(browser: Browser, size: ViewportSize = PHONE, **options: object) -> BrowserContext:
    return browser.new_context(viewport=size, is_mobile=True, has_touch=True, **options)  # type: ignore[arg-type]


def settled(page: Page, url: str) -> Page:
    page.goto(url, timeout=START_S * 1000)
    expect(page.locator(".st-key-head h1")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    return page


def serious(page: Page) -> list[str]:
    """axe-core's serious and critical findings, one line each."""
    found = Axe().run(page).response["violations"]
    return [
        f"{finding['id']}: {node['target']} {node['html'][:120]}"
        for finding in found
        if finding["impact"] in ("serious", "critical")
        for node in finding["nodes"]
    ]


def in_view(place: Locator) -> bool:
    """All of it is on the screen, without scrolling."""
    box, size = place.bounding_box(), place.page.viewport_size
    return bool(box and size and box["y"] >= 0 and box["y"] + box["height"] <= size["height"])


def scrolled(page: Page) -> float:
    return float(page.evaluate("() => document.querySelector('.stMain').scrollTop + window.scrollY"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_should_have_no_serious_finding(name: str, theme: str, server: Server, chromium: Chromium) -> None:
    page = chromium(None).new_context(viewport=LAPTOP, color_scheme=theme).new_page()  # type: ignore[arg-type]

    assert serious(settled(page, f"{server.url}/{name}")) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_should_fit_a_phone_in_either_language(language: str, server: Server, chromium: Chromium) -> None:
    page = phone(chromium(None)).new_page()
    widths = {}
    for name in PAGES:
        settled(page, f"{server.url}/{name}?lang={language}")
        assert page.evaluate("() => document.documentElement.lang") == language
        widths[name] = page.evaluate("() => document.querySelector('.stMain').scrollWidth")

    assert {name: width for name, width in widths.items() if width > PHONE["width"]} == {}


def test_the_share_box_should_show_the_address_as_a_code(server: Server, chromium: Chromium) -> None:
    page = settled(phone(chromium(None)).new_page(), server.url)

    page.get_by_test_id("stPopoverButton").last.click()

    code = page.locator(".qr svg")
    expect(code).to_be_visible()
    box = code.bounding_box()
    assert box
    assert min(box["width"], box["height"]) > 150
    expect(page.locator(".qr svg path").first).to_be_attached()


def test_no_page_should_call_the_outside(server: Server, chromium: Chromium) -> None:
    page = chromium(None).new_page()
    outside: list[str] = []
    page.on("request", lambda request: outside.append(request.url))

    for name in PAGES:
        settled(page, f"{server.url}/{name}")

    assert [url for url in outside if not url.startswith((server.url, "data:", "blob:"))] == []


@pytest.mark.parametrize("size", [PHONE, SHORT_PHONE], ids=["whole", "short"])
def test_a_capture_on_a_phone_should_need_no_scrolling(
    size: ViewportSize, server: Server, chromium: Chromium, upright: Path
) -> None:
    tab = phone(chromium(upright), size).new_page()
    page = CapturePage(tab, server.url).open()
    assert in_view(page.button("start"))

    page.start().wait_for_phase("position", "blink", "check")
    assert in_view(page.board)
    assert in_view(page.hint)
    assert in_view(tab.locator(".badges"))

    page.wait_for_selfie()
    for key in ("png_latest", "jpeg_latest", "report_latest"):
        expect(page.button(key)).to_be_visible()
        assert in_view(page.button(key))
    assert scrolled(tab) == 0
    assert serious(tab) == []


def test_the_hint_should_leave_a_wide_picture_free_on_an_upright_phone(
    server: Server, chromium: Chromium, clips: Callable[[str], Path]
) -> None:
    tab = phone(chromium(clips("no_blink"))).new_page()
    page = CapturePage(tab, server.url).open().start().wait_for_phase("blink")

    guide, hint = page.board.locator(".guide").bounding_box(), page.board.locator(".hint").bounding_box()
    assert guide
    assert hint
    assert guide["y"] + guide["height"] <= hint["y"]
    assert in_view(tab.locator(".badges"))


def test_a_capture_should_be_reached_with_the_keyboard_alone(server: Server, chromium: Chromium) -> None:
    tab = chromium(None, allow=False).new_page()
    CapturePage(tab, server.url).open()

    for _ in range(40):
        tab.keyboard.press("Tab")
        if tab.evaluate("() => Boolean(document.activeElement?.closest('.st-key-start'))"):
            break
    tab.keyboard.press("Enter")

    # The camera that is not there is told, so START was pressed.
    expect(tab.locator(".st-key-card h2")).not_to_have_text(load("en")["capture.lead"])


def test_a_refused_camera_should_be_told_with_the_way_to_allow_it(
    server: Server, chromium: Chromium, upright: Path
) -> None:
    tab = phone(chromium(upright, allow=False)).new_page()
    CapturePage(tab, server.url).open().button("start").click()

    card = tab.locator(".st-key-card")
    expect(card).to_contain_text(load("en")["ending.camera_denied"])
    for browser in ("Chrome", "Safari", "Firefox"):
        expect(card).to_contain_text(browser)
    assert serious(tab) == []


def test_a_missing_camera_should_be_told(server: Server, chromium: Chromium) -> None:
    tab = chromium(None).new_page()
    CapturePage(tab, server.url).open().button("start").click()

    expect(tab.locator(".st-key-card")).to_contain_text(load("en")["ending.camera_missing"])
