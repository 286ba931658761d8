"""What the browser tests share: the app in a process of its own, and a Chromium whose webcam plays a clip."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType

from playwright.sync_api import Browser, Download, Locator, Page, Playwright, TimeoutError, expect

from core.regions import Region

ROOT = Path(__file__).resolve().parents[2]

# Every wait ends with its condition; these only say when to give up on a busy machine.
START_S = 60.0
CAPTURE_S = 60.0

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find_chromium(playwright: Playwright) -> str:
    """Path of a Chromium or Chrome. Raises RuntimeError, with what to do, when there is none."""
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, _NAMES), _MAC, playwright.chromium.executable_path]
    for path in candidates:
        if path and Path(path).is_file():
            return path
    raise RuntimeError("needs Chromium or Chrome: install one, or set CHROMIUM to its path")


def launch(playwright: Playwright, clip: Path | None, *flags: str, allow: bool = True) -> Browser:
    """A Chromium whose webcam plays `clip` (.mjpeg) round and round; without a clip it has no camera.

    `allow`: the permission is given without a question; otherwise it is refused.
    """
    camera = ["--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={clip}"] if clip else []
    answer = ["--use-fake-ui-for-media-stream"] if allow else ["--deny-permission-prompts"]
    return playwright.chromium.launch(
        executable_path=find_chromium(playwright), args=[*_FLAGS, *camera, *answer, *flags], timeout=START_S * 1000
    )


def free_port() -> int:
    """A TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """The app, running while the `with` block does."""

    def __init__(self, folder: Path, *, port: int | None = None, env: dict[str, str] | None = None) -> None:
        """`folder`: where its log and its tally of readers are written; `env` is added to the environment."""
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = folder / f"server-{self.port}.log"
        self._tally = folder / f"readers-{self.port}"
        self._env = {**os.environ, **(env or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Server:
        options = {
            "server.port": self.port,
            "server.address": "localhost",
            "server.headless": "true",
            "server.fileWatcherType": "none",
        }
        flags = [f"--{name}={value}" for name, value in options.items()]
        command = [sys.executable, str(ROOT / "tests/browser/serve.py"), str(self._tally), *flags]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT
            )
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    def readers(self) -> int:
        """How many FaceReaders are open now."""
        marks = self._tally.read_text() if self._tally.exists() else ""
        return marks.count("+") - marks.count("-")

    def wait_for_readers(self, count: int, timeout_s: float = 20.0) -> None:
        """Until exactly `count` are open. Raises AssertionError when that does not come about."""
        deadline = time.monotonic() + timeout_s
        while self.readers() != count:
            assert time.monotonic() < deadline, f"{self.readers()} readers are open, not {count}"
            time.sleep(0.05)

    def _wait(self) -> None:
        assert self._process
        deadline = time.monotonic() + START_S
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2):
                    return
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self._process.kill()
                    raise RuntimeError(f"the app did not start:\n{self.log.read_text()}") from None
                time.sleep(0.1)


class CapturePage:
    """The live page as a person uses it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url
        page.set_default_timeout(START_S * 1000)
        expect.set_options(timeout=START_S * 1000)

    @property
    def board(self) -> Locator:
        """Steps and hint over the video; `data-phase` is the phase."""
        return self.page.locator(".board")

    @property
    def hint(self) -> Locator:
        return self.board.locator(".hint strong")

    @property
    def selfie(self) -> Locator:
        return self.page.locator(".st-key-selfie img")

    def open(self) -> CapturePage:
        self.page.goto(self._url)
        expect(self.button("start")).to_be_visible()
        return self

    def button(self, key: str) -> Locator:
        """A button by the key that its page gave it."""
        # Streamlit draws a button with a tooltip twice, for a mouse and for a finger, and hides one of them.
        return self.page.locator(f".st-key-{key} button").locator("visible=true")

    def badge(self, region: Region) -> Locator:
        """The badge of a region; `data-state` is open, closed, clear, blocked or unknown."""
        return self.page.locator(f'.badge[data-region="{region.value}"]')

    def start(self) -> CapturePage:
        """Press START. Raises AssertionError, with what the page says instead, when no attempt begins."""
        self.button("start").click()
        try:
            self.button("start").wait_for(state="hidden", timeout=START_S / 3 * 1000)
        except TimeoutError:
            raise AssertionError(f"no attempt began: {self.page.locator('.st-key-stage').inner_text()}") from None
        return self

    def stop(self) -> CapturePage:
        self.button("stop").click()
        expect(self.button("start")).to_be_visible()
        return self

    def wait_for_phase(self, *phases: str) -> CapturePage:
        """Until the board shows one of the phases ("position", "blink", "check")."""
        expect(self.board).to_have_attribute("data-phase", re.compile("|".join(phases)))
        return self

    def switch_panel_on(self) -> CapturePage:
        """Show the stakeholder's panel."""
        self.page.get_by_test_id("stPopoverButton").first.click()
        self.page.locator(".st-key-panel label").click()
        self.page.keyboard.press("Escape")
        return self

    def wait_for_selfie(self) -> CapturePage:
        """Until the selfie is there. An attempt that a busy machine broke is tried again, as a person would."""
        deadline = time.monotonic() + CAPTURE_S
        # Not any START: "Take another" may be there before the selfie, which Streamlit draws with code it loads late.
        broken = self.page.locator(".st-key-card .st-key-start button")
        while True:
            expect(self.selfie.or_(broken).first).to_be_visible(timeout=CAPTURE_S * 1000)
            if self.selfie.count():
                return self
            assert time.monotonic() < deadline, f"no selfie: {self.page.locator('.st-key-card').inner_text()}"
            self.start()

    def download(self, kind: str) -> Download:
        """The newest selfie as a file: "png", "jpeg" or "report"."""
        with self.page.expect_download() as download:
            self.button(f"{kind}_latest").click()
        return download.value
