"""One visit after the other in a real Chromium, and what came of each."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from itertools import pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Playwright, TimeoutError, sync_playwright

from benchmarks.sessions.app import App
from benchmarks.sizes.link import APP, Link
from tests.browser.harness import CapturePage, find_chromium, launch

_GIVE_UP_S = 60.0  # seconds from START
_SETTLE_S = 2.0  # seconds from the page to START: a person reads longer

FrameTimes = Sequence[tuple[float, int, int]]


def visits(
    clip: Path, times: int, *, mbit_s: float = 0.0, loss: float = 0.0, lose: int = 0, stay_s: float = 0.0
) -> list[dict[str, Any]]:
    """What came of each visit of a browser whose camera plays `clip`. Every one is in a tab of its own.

    mbit_s, loss: of the link; neither: no link between them. lose: number of the packet that is lost twice, 0: none.
    stay_s: seconds of looking on; 0: until the selfie.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        link = Link(folder, mbit_s, loss) if mbit_s or loss else None
        env = {"MAX_SESSIONS": "2"} | ({"LOSE_PACKET": str(lose)} if lose else {})
        with (
            link or nullcontext(),
            App(folder, address=APP if link else "localhost", **env) as app,
            sync_playwright() as playwright,
            _browser(playwright, clip, link, app.url) as browser,
        ):
            return [_visit(browser, app, link, stay_s) for _ in range(times)]


@contextmanager
def _browser(playwright: Playwright, clip: Path, link: Link | None, url: str) -> Iterator[Browser]:
    own = find_chromium(playwright)
    # The camera opens on https:// and localhost only.
    flag = f"--unsafely-treat-insecure-origin-as-secure={url}"
    os.environ["CHROMIUM"] = str(link.browser(own)) if link else own
    with launch(playwright, clip, flag) as browser:
        yield browser


def _visit(browser: Browser, app: App, link: Link | None, stay_s: float) -> dict[str, Any]:
    page = CapturePage(browser.new_page(), app.url).open()
    time.sleep(_SETTLE_S)
    used, sent, started = app.use()["cpu"], link.received() if link else 0, time.monotonic()
    page.start()
    result: dict[str, Any] = {"captured": False}
    if stay_s:
        time.sleep(stay_s)
    else:
        try:
            page.page.wait_for_selector(".st-key-selfie img", timeout=_GIVE_UP_S * 1000)
            result |= {"captured": True, "wall_s": round(time.monotonic() - started, 1)}
            result |= _told(json.loads(Path(page.download("report").path()).read_text()))
        except TimeoutError:
            result["page"] = " ".join(page.page.locator(".st-key-stage").inner_text().split())
    result |= motion([frame for frame in app.frames() if frame[0] >= started], started)
    result["app_cpu_s"] = round(app.use()["cpu"] - used, 1)
    if link is not None:
        result["sent_mbit_s"] = round((link.received() - sent) * 8e-6 / (time.monotonic() - started), 2)
    page.page.close()
    return result


def _told(report: dict[str, Any]) -> dict[str, Any]:
    """Of a report, what a picture's size has to do with."""
    return {
        "size": "{width}x{height}".format(**report["size"]),
        "picture": report["picture"],
        "inter_eye_px": report["scores"]["inter_eye_px"],
        "seconds": report["seconds"],
        "blinks": len(report["blinks"]),
    }


def motion(frames: FrameTimes, started: float) -> dict[str, Any]:
    """How the pictures moved: seconds to the first, frames a second, the longest gaps and when
    each began, and each size's first second."""
    if len(frames) < 2:
        return {"frames": len(frames)}
    times = [t for t, _, _ in frames]
    gaps = sorted(((later - earlier, earlier - started) for earlier, later in pairwise(times)), reverse=True)
    sizes: list[tuple[float, str]] = []
    for t, width, height in frames:
        if not sizes or sizes[-1][1] != f"{width}x{height}":
            sizes.append((round(t - started, 1), f"{width}x{height}"))
    return {
        "frames": len(frames),
        "first_frame_s": round(times[0] - started, 2),
        "fps": round((len(times) - 1) / (times[-1] - times[0]), 1),
        "longest_gaps_s": [(round(gap, 2), round(at, 1)) for gap, at in gaps[:3]],
        "sizes": sizes,
    }
