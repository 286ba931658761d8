"""The whole way of a shared link: HTTPS through Caddy, media through coturn alone, two app processes behind them.

Needs Caddy and coturn (Debian: apt install caddy coturn) and says so when they are not there.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from aioice.ice import get_host_addresses
from playwright.sync_api import Browser, Page, expect

from core.settings import Settings
from core.stream.ice import IceSource, probe
from tests.browser.harness import ROOT, START_S, CapturePage, Server, free_port

DEPLOY = ROOT / "deploy"
SECRET = "only for this test"
COOKIE = "selfie_process"

pytestmark = pytest.mark.skipif(
    not (shutil.which("caddy") and shutil.which("turnserver")),
    reason="needs Caddy and coturn: apt install caddy coturn",
)


def wait_until(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + START_S
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come about"
        time.sleep(0.1)


def listens(port: int) -> bool:
    with socket.socket() as knock:
        return knock.connect_ex(("127.0.0.1", port)) == 0


def running(stack: ExitStack, command: list[str], log: Path, **env: str) -> subprocess.Popen[bytes]:
    with log.open("wb") as out:
        process = subprocess.Popen(command, env={**os.environ, **env}, stdout=out, stderr=out)
    stack.callback(process.wait, 10)
    stack.callback(process.terminate)
    return process


class Deployment:
    """deploy/turnserver.conf and deploy/Caddyfile at work on this machine, and two app processes."""

    def __init__(self, stack: ExitStack, folder: Path) -> None:
        self.turn_port, self.port = free_port(), free_port()
        self.url = f"https://localhost:{self.port}"
        self.turn_log = folder / "turn.log"
        env = {
            "TURN_URLS": f"turn:127.0.0.1:{self.turn_port}?transport=udp",
            "TURN_SECRET": SECRET,
            "ICE_RELAY_ONLY": "1",
            "MAX_SESSIONS": "2",
        }
        self.options = env
        hosts = get_host_addresses(use_ipv4=True, use_ipv6=False)
        relay = ["--listening-ip=127.0.0.1", f"--listening-port={self.turn_port}", f"--static-auth-secret={SECRET}"]
        relay += ["--relay-ip=127.0.0.1", "--allow-loopback-peers", "--allowed-peer-ip=127.0.0.1", "--verbose"]
        relay += [f"--allowed-peer-ip={host}" for host in hosts]
        relay += [f"--relay-ip={host}" for host in hosts] + [f"--pidfile={folder / 'turn.pid'}", "--log-file=stdout"]
        running(stack, ["turnserver", "-c", str(DEPLOY / "turnserver.conf"), *relay], self.turn_log)
        self.apps = [stack.enter_context(Server(folder, env=env)) for _ in range(2)]
        running(
            stack,
            ["caddy", "run", "--config", str(DEPLOY / "Caddyfile"), "--adapter", "caddyfile"],
            folder / "caddy.log",
            SITE=self.url,
            UPSTREAMS=" ".join(f"localhost:{app.port}" for app in self.apps),
            CADDY_GLOBAL="skip_install_trust\nauto_https disable_redirects",
            XDG_DATA_HOME=str(folder / "caddy"),
            XDG_CONFIG_HOME=str(folder / "caddy"),
        )
        wait_until(lambda: listens(self.port), "Caddy")
        wait_until(lambda: listens(self.turn_port), "coturn")


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with ExitStack() as stack:
        yield Deployment(stack, tmp_path_factory.mktemp("deployment"))


def tab(browser: Browser, deployment: Deployment) -> CapturePage:
    """A visitor of his own: cookies are not shared."""
    context = browser.new_context(ignore_https_errors=True)
    return CapturePage(context.new_page(), deployment.url).open()


def process_of(page: Page) -> str:
    return next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == COOKIE)


def test_turn_should_give_a_relay_to_the_right_secret_only(deployment: Deployment) -> None:
    settings = Settings().ice
    right = IceSource(deployment.options, settings).ice("a")
    wrong = IceSource(deployment.options | {"TURN_SECRET": "another"}, settings).ice("a")
    assert probe(right, settings.timeout_s) is None
    assert probe(wrong, settings.timeout_s) == "turn_refused"


def test_a_capture_through_https_and_the_relay_should_end_in_a_download(
    deployment: Deployment, chromium: Callable[..., Browser], clips: Callable[[str], Path]
) -> None:
    page = tab(chromium(clips("blinks")), deployment)
    assert page.page.evaluate("isSecureContext")
    page.start().wait_for_selfie()
    assert Path(page.download("png").path()).read_bytes().startswith(b"\x89PNG")
    assert "peer" in deployment.turn_log.read_text()


def test_a_process_that_dies_should_take_only_its_own_visitors_along(
    deployment: Deployment, chromium: Callable[..., Browser], clips: Callable[[str], Path]
) -> None:
    browser = chromium(clips("no_blink"))
    first = tab(browser, deployment)
    second = tab(browser, deployment)
    while process_of(second.page) == process_of(first.page):
        second.page.context.close()
        second = tab(browser, deployment)
    first.start().wait_for_phase("position", "blink")
    victim = next(app for app in deployment.apps if app.readers() > 0)
    second.start().wait_for_phase("position", "blink")

    os.kill(victim.pid, 9)

    # The other goes on.
    expect(second.button("stop")).to_be_visible()
    # The victim's page connects to the process that lives, by itself, and can begin anew.
    wait_until(lambda: process_of(first.page) == process_of(second.page), "the change to the living process")
    expect(first.button("start")).to_be_visible(timeout=START_S * 1000)
    first.start().wait_for_phase("position", "blink")
