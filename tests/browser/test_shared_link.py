"""What a visitor meets who opens the link from somewhere else: a line, a firewall, a code, a frozen stream."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.harness import START_S, CapturePage, Server

SOON = START_S * 1000

# The camera's permission is asked for and never answered.
UNANSWERED = "navigator.mediaDevices.getUserMedia = () => new Promise(() => {})"

# Lets the test take the picture off the line, as a dead network does; the next connection is a whole one.
FREEZER = """(() => {
    const Real = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Real {
        constructor(...args) {
            super(...args);
            (window.top.connections ??= []).push(this);
        }
    };
})()"""
FREEZE = """() => Promise.all(window.connections.map((connection) => {
    connection.frozen = true;
    return Promise.all(connection.getSenders().map((sender) => {
        const parameters = sender.getParameters();
        parameters.encodings.forEach((encoding) => { encoding.active = false; });
        return sender.setParameters(parameters).catch(() => {});  // those never used have none
    }));
}))"""
ANOTHER_IS_CONNECTED = "window.connections.some((one) => !one.frozen && one.connectionState === 'connected')"


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with one seat."""
    with Server(tmp_path_factory.mktemp("crowded"), env={"MAX_SESSIONS": "1"}) as server:
        yield server


@pytest.fixture(scope="module")
def walled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with an access code that no stream can reach: every browser must use a TURN server that is not there."""
    env = {"ICE_RELAY_ONLY": "1", "ACCESS_CODE": "open sesame", "MAX_SESSIONS": "2"}
    with Server(tmp_path_factory.mktemp("walled"), env=env) as server:
        yield server


@pytest.fixture
def browser(chromium: Callable[..., Browser], clips: Callable[[str], Path]) -> Browser:
    return chromium(clips("no_blink"))


def tab(browser: Browser, server: Server, script: str = "") -> CapturePage:
    page = browser.new_page()
    if script:
        page.add_init_script(script)
    return CapturePage(page, server.url)


def says(page: CapturePage, words: str, timeout_s: float = START_S) -> None:
    expect(page.page.get_by_text(words).first).to_be_visible(timeout=timeout_s * 1000)


def enter(page: Page, code: str) -> None:
    page.get_by_label("Access code").fill(code)
    page.get_by_role("button", name="Enter").click()


def test_the_next_visitor_should_wait_in_line_and_get_in_by_himself(browser: Browser, crowded: Server) -> None:
    first, second, third = (tab(browser, crowded).open() for _ in range(3))
    first.start().wait_for_phase("blink")
    second.start()
    says(second, "You are number 1 in line")
    third.start()
    says(third, "You are number 2 in line")

    first.page.close()
    lost = time.monotonic()
    expect(second.button("stop")).to_be_visible(timeout=SOON)
    assert time.monotonic() - lost < 6.0  # three seconds, and one for the page to ask again, on a busy machine
    says(third, "You are number 1 in line")
    second.wait_for_phase("blink")

    third.button("leave").click()
    expect(third.button("start")).to_be_visible()
    second.stop()


def test_a_capture_should_free_its_place(
    chromium: Callable[..., Browser], clips: Callable[[str], Path], crowded: Server
) -> None:
    browser = chromium(clips("blinks"))
    first, second = (tab(browser, crowded).open() for _ in range(2))
    first.start().wait_for_phase("position", "blink")
    second.start()
    says(second, "You are number 1 in line")
    first.wait_for_selfie()
    second.wait_for_selfie()


def test_should_say_that_the_permission_is_not_answered(browser: Browser, crowded: Server) -> None:
    page = tab(browser, crowded, UNANSWERED).open().start()
    says(page, "Your browser still waits for the camera.")
    # The person may still answer: the camera is asked for until Stop.
    page.stop()


def test_a_frozen_stream_should_reconnect_once_and_then_say_so(browser: Browser, crowded: Server) -> None:
    page = tab(browser, crowded, FREEZER).open().start().wait_for_phase("blink")
    page.page.evaluate(FREEZE)

    page.page.wait_for_function(ANOTHER_IS_CONNECTED, timeout=SOON)
    page.wait_for_phase("blink")

    page.page.evaluate(FREEZE)
    says(page, "The connection was lost")
    expect(page.button("photo_instead")).to_be_visible()
    expect(page.button("start")).to_be_visible()


@pytest.mark.parametrize("address", ["check_files", ""])
def test_the_door_should_be_all_that_a_first_visitor_sees(address: str, browser: Browser, tmp_path: Path) -> None:
    # Of a fresh process: once it has shown its pages to anyone, Streamlit behaves.
    with Server(tmp_path, env={"ACCESS_CODE": "open sesame"}) as server:
        page = browser.new_page()
        page.goto(f"{server.url}/{address}", timeout=SOON)
        code = page.locator("input[type=password]")
        expect(code).to_be_visible(timeout=SOON)
        expect(page.locator("input[type=file]")).to_have_count(0)
        expect(page.get_by_test_id("stSidebarNav")).to_have_count(0)

        code.fill("open sesame")
        code.press("Enter")
        wanted = "input[type=file]" if address else ".st-key-start button"
        expect(page.locator(wanted).first).to_be_attached(timeout=SOON)


def test_a_wrong_code_should_be_refused_and_the_right_one_open_the_door(browser: Browser, walled: Server) -> None:
    page = browser.new_page()
    page.goto(walled.url)
    enter(page, "open barley")
    expect(page.get_by_text("This is not the code.")).to_be_visible(timeout=SOON)
    expect(page.locator(".st-key-start")).to_have_count(0)
    enter(page, "open sesame")
    expect(page.locator(".st-key-start button")).to_be_visible(timeout=SOON)
    expect(page.locator(".st-key-language_choice").get_by_role("radio", checked=True)).to_have_text("EN")
    assert "sesame" not in walled.log.read_text() + page.url


def test_a_firewall_should_be_named_and_a_photo_be_the_way_on(
    chromium: Callable[..., Browser], clips: Callable[[str], Path], walled: Server
) -> None:
    page = tab(chromium(clips("no_blink")), walled)
    page.page.goto(walled.url)
    enter(page.page, "open sesame")
    expect(page.button("start")).to_be_visible(timeout=SOON)
    page.start()
    says(page, "The camera is on, but no picture gets through.")

    page.button("photo_instead").click()
    page.page.get_by_test_id("stCameraInputButton").click()
    expect(page.page.locator(".photo-result")).to_have_attribute("data-verdict", "pass", timeout=SOON)
    says(page, "Liveness was not checked")

    page.page.get_by_role("link", name="Status").click()
    says(page, "ICE_RELAY_ONLY is set without a TURN server")
    says(page, "Visitors are asked for the access code.")
