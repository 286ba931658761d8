"""The main job in a real browser: START, blink, a free face, a selfie."""

from __future__ import annotations

import io
import json
import re
import struct
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
from PIL import Image
from playwright.sync_api import Browser, WebSocket, expect

from core.regions import Region
from tests.browser.harness import CAPTURE_S, CapturePage, Server
from tests.footage import Scene, astronaut

Visit = Callable[[str], CapturePage]


def likeness(rgb: np.ndarray, other: np.ndarray) -> float:
    """Correlation of two pictures' luma at a small size, -1..1."""
    small = [cv2.resize(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), (64, 48)).ravel() for picture in (rgb, other)]
    return float(np.corrcoef(small)[0, 1])


def downloaded(page: CapturePage, kind: str) -> np.ndarray:
    data = Path(page.download(kind).path()).read_bytes()
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def test_a_blink_and_a_clear_face_should_end_in_a_selfie(visit: Visit) -> None:
    page = visit("blinks").start().wait_for_selfie()

    selfie, jpeg = downloaded(page, "png"), downloaded(page, "jpeg")
    report = json.loads(Path(page.download("report").path()).read_text())
    camera = Scene(astronaut(), noise=0.0).frame(0.0, 9.0).rgb
    # WebRTC may send the camera's 640x480 reduced; the selfie is what came, whole.
    assert selfie.shape[1::-1] in {(640, 480), (480, 360), (320, 240)}
    assert selfie.shape == jpeg.shape
    assert report["size"] == {"width": selfie.shape[1], "height": selfie.shape[0]}
    assert len(report["blinks"]) >= 1
    # Unmirrored, and nothing drawn on it: it looks like the camera's picture.
    assert likeness(selfie, camera) > 0.93
    assert likeness(selfie, camera) > likeness(selfie[:, ::-1], camera) + 0.2
    # The camera is released.
    expect(page.page.locator("video")).to_have_count(0)


def test_without_a_blink_there_should_be_no_selfie(visit: Visit) -> None:
    page = visit("no_blink").start().wait_for_phase("blink")

    expect(page.hint).to_have_text("Blink slowly")
    # The attempt ends for want of progress, and says so.
    expect(page.page.get_by_text("There was no progress for a while.")).to_be_visible()
    expect(page.selfie).to_have_count(0)
    expect(page.button("start")).to_be_visible()


# Keeps a diary of what the page shows: [milliseconds, blue of the mouth in the picture, the badge of the mouth, selfie
# there]. The mouth is about three fifths down, in the middle.
DIARY = """() => {
    const canvas = document.createElement("canvas");
    canvas.width = 64;
    canvas.height = 48;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    window.diary = [];
    setInterval(() => {
        const host = [...document.querySelectorAll(".st-key-board *")].find((element) => element.shadowRoot);
        const video = host?.shadowRoot.querySelector("video");
        let mouth = null;
        if (video?.videoWidth) {
            pen.drawImage(video, 0, 0, 64, 48);
            const { data } = pen.getImageData(29, 27, 6, 3);
            mouth = data.reduce((sum, value, index) => (index % 4 === 2 ? sum + value : sum), 0) / (data.length / 4);
        }
        const badge = document.querySelector('.badge[data-region="mouth"]')?.dataset.state ?? null;
        const selfie = !!document.querySelector(".st-key-selfie img");
        window.diary.push([performance.now(), mouth, badge, selfie]);
    }, 40);
}"""


def test_a_covered_mouth_should_be_named_and_hold_the_selfie_back(visit: Visit) -> None:
    page = visit("hand")
    page.page.evaluate(DIARY)
    page.start()

    expect(page.badge(Region.MOUTH)).to_have_attribute("data-state", "blocked")
    expect(page.badge(Region.LEFT_EYE)).to_have_attribute("data-state", "open")
    # A hand over the mouth lies on the nose as well.
    expect(page.hint).to_have_text(re.compile("(Nose|Mouth) covered"))
    page.wait_for_selfie()

    diary = page.page.evaluate("window.diary")
    free = np.median([mouth for _, mouth, badge, _ in diary if mouth is not None and badge == "clear"])
    named = next(t for t, _, badge, _ in diary if badge == "blocked")
    seen_free = max(t for t, mouth, _, _ in diary if t < named and mouth is not None and mouth > 0.87 * free)
    assert named - seen_free < 1000
    blocked = [t for t, _, badge, _ in diary if badge == "blocked"]
    taken = next(t for t, _, _, selfie in diary if selfie)
    assert taken - blocked[-1] > 1500  # two seconds free, less what the page itself lags behind


# Of the canvas over the picture: the share of pixels that are more green than red, and more red than green, in the part
# between two corners, in parts of its sides.
COLORS = """(canvas, [left, top, right, bottom]) => {
    const { width, height } = canvas;
    if (!width) return [0, 0];
    const part = [left * width, top * height, (right - left) * width, (bottom - top) * height].map(Math.round);
    const { data } = canvas.getContext("2d").getImageData(...part);
    let green = 0;
    let red = 0;
    for (let index = 0; index < data.length; index += 4) {
        if (data[index + 3] < 60) continue;
        if (data[index] > data[index + 1] + 60) red += 4;
        if (data[index + 1] > data[index] + 60) green += 4;
    }
    return [green / data.length, red / data.length];
}"""
BROWS, MOUTH, EDGE = (0.35, 0.2, 0.65, 0.38), (0.42, 0.52, 0.58, 0.66), (0.0, 0.0, 0.2, 1.0)


def test_outlines_should_lie_on_the_face_in_the_colours_of_what_is_clear_and_blocked(visit: Visit) -> None:
    page = visit("hand").start().wait_for_phase("blink")
    expect(page.board.locator("video")).to_be_visible()
    canvas = page.board.locator("canvas")

    # Until the mouth is seen covered, and while it is: the page's badges come a moment later.
    deadline = time.monotonic() + CAPTURE_S
    while (mouth := canvas.evaluate(COLORS, MOUTH))[1] < 0.1:
        assert time.monotonic() < deadline, f"the mouth was never red: {mouth}"
    green, red = canvas.evaluate(COLORS, BROWS)
    assert green > 0.01 and red < 0.01
    assert canvas.evaluate(COLORS, EDGE) == [0, 0]


def test_the_page_should_ask_for_the_board_when_there_is_news_and_only_then(
    server: Server, chromium: Callable[..., Browser], clips: Callable[[str], Path]
) -> None:
    events: list[int | str] = []  # what each message says of how often the board has changed, and each question for it

    def heard(data: bytes | str) -> None:
        events.append(struct.unpack_from("<h", data, 8)[0] if isinstance(data, bytes) else data)

    def said(data: bytes | str) -> None:
        if isinstance(data, bytes) and b'"news"' in data:
            events.append("asked")

    def watch(socket: WebSocket) -> None:
        if "/outlines/" in socket.url:
            socket.on("framereceived", heard)
        else:
            socket.on("framesent", said)

    page = chromium(clips("no_blink")).new_page()
    page.on("websocket", watch)
    capture = CapturePage(page, server.url).open().start().wait_for_phase("blink")

    first = events.index(1)
    assert "asked" in events[first : first + 4]
    expect(capture.hint).to_have_text("Blink slowly")
    page.wait_for_timeout(500)
    events.clear()
    page.wait_for_timeout(2000)
    changes = [event for event in events if event != "asked"]
    assert len(changes) > 10
    assert events.count("asked") <= len(set(changes)) - 1


def test_the_capture_should_do_without_outlines(visit: Visit) -> None:
    page = visit("blinks")
    page.page.evaluate(
        """() => { window.WebSocket = class extends WebSocket {
            constructor(url, ...more) { super(String(url).replace("/outlines/", "/nowhere/"), ...more); }
        }; }"""
    )

    page.start().wait_for_phase("blink")
    expect(page.board.locator("video")).to_be_visible()
    assert page.board.locator("canvas").evaluate(COLORS, (0.0, 0.0, 1.0, 1.0)) == [0, 0]
    page.wait_for_selfie()


def test_a_camera_that_calls_itself_virtual_should_be_distrusted(
    server: Server, chromium: Callable[..., Browser], clips: Callable[[str], Path]
) -> None:
    tab = chromium(clips("no_blink")).new_page()
    tab.add_init_script("Object.defineProperty(MediaStreamTrack.prototype, 'label', { value: 'OBS Virtual Camera' })")
    page = CapturePage(tab, server.url).open()
    page.switch_panel_on()
    page.start()
    expect(tab.locator(".st-key-decisions")).to_contain_text("may not come from a camera")


def test_two_tabs_at_once_should_both_finish(
    server: Server, chromium: Callable[..., Browser], clips: Callable[[str], Path]
) -> None:
    context = chromium(clips("blinks")).new_context()
    tabs = [CapturePage(context.new_page(), server.url).open() for _ in range(2)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.wait_for_selfie()


def test_start_should_work_again_after_another_page(visit: Visit, server: Server) -> None:
    before = server.readers()
    page = visit("no_blink").start().wait_for_phase("blink")

    page.page.get_by_role("link", name="Status").click()
    expect(page.page.get_by_role("heading", name="Status")).to_be_visible()
    server.wait_for_readers(before)

    page.page.get_by_role("link", name="Selfie", exact=True).click()
    page.start().wait_for_phase("blink")
    server.wait_for_readers(before + 1)


def test_start_should_work_again_after_stop_and_leaving_should_free_the_reader(visit: Visit, server: Server) -> None:
    before = server.readers()
    page = visit("no_blink").start().wait_for_phase("blink")
    server.wait_for_readers(before + 1)

    page.stop()
    server.wait_for_readers(before)

    page.start().wait_for_phase("blink")
    server.wait_for_readers(before + 1)

    page.page.goto("about:blank")
    server.wait_for_readers(before)


def test_what_the_camera_needs_should_be_fetched_before_start_and_once(visit: Visit) -> None:
    page = visit("no_blink")
    fetched = "() => performance.getEntriesByType('resource').filter(({ name }) => /webrtc.*[.]js$/.test(name))"
    page.page.wait_for_function(f"({fetched})().length > 1")

    page.start().wait_for_phase("position", "blink")

    frame = next(frame for frame in page.page.frames if "webrtc" in frame.url)
    sizes = frame.evaluate(f"() => ({fetched})().map(({{ transferSize }}) => transferSize)")
    assert len(sizes) > 1 and max(sizes) == 0  # none came over the network
