"""A session from end to end: made by a back end, captured by a person in a browser, fetched and verified."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import c2pa
import jwt
import pytest
import requests
from playwright.sync_api import Browser, Page, expect
from standardwebhooks.webhooks import Webhook

from core.api.keys import new_key
from core.texts import LANGUAGES
from tests.browser.harness import ROOT, START_S, CapturePage, Server
from tests.browser.test_pages import LAPTOP, PHONE, serious, settled
from tests.receiver import Receiver

Chromium = Callable[..., Browser]
Clips = Callable[[str], Path]


@dataclass
class BackEnd:
    """Whoever sends links to people: a key, the server's address, a place for webhooks."""

    server: Server
    receiver: Receiver
    key: str
    secret: str
    folder: Path

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.key}"}
        return requests.request(method, f"{self.server.url}/api/v1{path}", headers=headers, timeout=10, **options)

    def create(self, **wanted: Any) -> dict[str, Any]:
        answer = self.call("POST", "/sessions", json=wanted)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def verify(self, *files: Path, keys: Path) -> tuple[int, str]:
        """Exit code and words of `core verify`."""
        command = [sys.executable, "-m", "core", "verify", *map(str, files), "--keys", str(keys)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
        return done.returncode, done.stdout


@pytest.fixture(scope="module")
def back_end(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BackEnd]:
    folder = tmp_path_factory.mktemp("api")
    key, entry = new_key("shop")
    env = {
        "API_KEYS": entry,
        "KEY_DIR": str(folder / "keys"),
        "ATTEMPT_LOG_DIR": str(folder / "data"),
        "WEBHOOK_NETWORKS": "127.0.0.1",
        "MAX_SESSIONS": "4",
        "ACCESS_CODE": "open sesame",
    }
    with Receiver() as receiver, Server(folder, env={**env, "EMBED_ORIGINS": receiver.url}) as server:
        yield BackEnd(server, receiver, key, entry.split(":")[2], folder)


def says(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible(timeout=START_S * 1000)


def captured(page: CapturePage) -> None:
    """From START to the thanks."""
    expect(page.button("start")).to_be_visible(timeout=START_S * 1000)
    thanks = page.page.get_by_text("Thank you, that is all.")
    for _ in range(3):
        page.start()
        again = page.page.locator(".st-key-card .st-key-start button")
        expect(thanks.or_(again).first).to_be_visible(timeout=START_S * 1000)
        if thanks.count():
            return
    raise AssertionError("no selfie")


def test_a_session_should_go_from_the_link_to_a_verified_selfie(
    back_end: BackEnd, chromium: Chromium, clips: Clips, tmp_path: Path
) -> None:
    receiver = back_end.receiver
    made = back_end.create(
        reference="order-42", return_url=f"{receiver.url}/back?shop=1", webhook_url=f"{receiver.url}/hook"
    )
    path = f"/sessions/{made['id']}"
    browser = chromium(clips("blinks"))
    tab = browser.new_page()
    page = CapturePage(tab, made["url"])
    tab.goto(made["url"])
    captured(page)

    # The person goes back, with nothing in the address but the id.
    tab.wait_for_url(f"{receiver.url}/back?shop=1&session={made['id']}", timeout=START_S * 1000)

    # The webhook, verified by Standard Webhooks' own library.
    def told() -> list[Any]:
        return [hook for hook in receiver.webhooks() if json.loads(hook.body)["data"]["id"] == made["id"]]

    receiver.wait_for(lambda: bool(told()))
    hook = told()[0]
    event = Webhook(back_end.secret).verify(hook.body, {name.lower(): value for name, value in hook.headers.items()})
    assert (event["type"], event["data"]["id"], event["data"]["reference"]) == (
        "session.captured",
        made["id"],
        "order-42",
    )
    altered = hook.body.replace(b"captured", b"expired ")
    with pytest.raises(Exception, match="signature"):
        Webhook(back_end.secret).verify(altered, {name.lower(): value for name, value in hook.headers.items()})

    # The result, and the selfie, once.
    session = back_end.call("GET", path).json()
    assert session["status"] == session["outcome"] == "captured" and session["seconds"] > 0
    selfie = back_end.call("GET", f"{path}/selfie")
    assert selfie.status_code == 200
    assert back_end.call("GET", f"{path}/selfie").status_code == 410

    # The report's signature, by PyJWT.
    report = back_end.call("GET", f"{path}/report").content
    keys = tmp_path / "jwks.json"
    keys.write_bytes(requests.get(f"{back_end.server.url}/.well-known/jwks.json", timeout=10).content)
    public = jwt.PyJWKSet.from_dict(json.loads(keys.read_text())).keys[0]
    jwt.api_jws.PyJWS().decode_complete(session["signature"], public.key, algorithms=["EdDSA"], detached_payload=report)

    # The picture's credentials, by C2PA's own reader.
    png = tmp_path / "selfie.png"
    png.write_bytes(selfie.content)
    with png.open("rb") as content:
        reader = c2pa.Reader("image/png", content)
        assert reader.get_validation_state() == "Valid"
        manifest = reader.get_active_manifest()
    assert manifest and manifest["signature_info"]["common_name"] == "Real Selfie signing key"

    # The app's own word on it: whole, and nothing after a single changed byte.
    (tmp_path / "selfie.json").write_bytes(report)
    (tmp_path / "selfie.json.jws").write_text(session["signature"])
    code, words = back_end.verify(png, tmp_path / "selfie.json", keys=keys)
    assert (code, words.count(": whole. Signed by")) == (0, 2), words
    broken = bytearray(selfie.content)
    broken[len(broken) // 2] ^= 1
    png.write_bytes(broken)
    code, words = back_end.verify(png, tmp_path / "selfie.json", keys=keys)
    assert (code, words.count("altered")) == (1, 2), words

    # The link has done its work.
    tab.goto(made["url"])
    says(tab, "This link has been used.")
    expect(tab.locator(".st-key-start")).to_have_count(0)


def test_a_link_should_work_again_when_its_tab_was_closed_in_the_middle(
    back_end: BackEnd, chromium: Chromium, clips: Clips
) -> None:
    made = back_end.create(language="id", mode="strict")
    browser = chromium(clips("no_blink"))
    first = CapturePage(browser.new_page(), made["url"])
    first.page.goto(made["url"])
    expect(first.button("start")).to_contain_text("Mulai", timeout=START_S * 1000)
    first.start().wait_for_phase("blink")
    assert back_end.call("GET", f"/sessions/{made['id']}").json()["status"] == "opened"
    first.page.close()

    second = browser.new_page()
    second.goto(made["url"])
    expect(CapturePage(second, made["url"]).button("start")).to_be_visible(timeout=START_S * 1000)


def test_a_link_that_does_not_work_should_say_so_and_lead_nowhere_else(back_end: BackEnd, chromium: Chromium) -> None:
    tab = chromium(None).new_page()
    for address in ("?session=" + "A" * 22, "?session=../etc", "?session="):
        tab.goto(f"{back_end.server.url}/{address}")
        says(tab, "This link does not work.")
        expect(tab.locator("input[type=password]")).to_have_count(0)
    made = back_end.create()
    assert back_end.call("DELETE", f"/sessions/{made['id']}").status_code == 204
    tab.goto(made["url"])
    says(tab, "This link does not work.")
    # Without a link, the access code is asked for as ever.
    tab.goto(back_end.server.url)
    expect(tab.locator("input[type=password]")).to_be_visible(timeout=START_S * 1000)


def embedded(tab: Page, site: Receiver, back_end: BackEnd, link: str) -> None:
    """Show deploy/embed.html of a site, with the app's origin filled in, and note what it is told."""
    example = (ROOT / "deploy" / "embed.html").read_text().replace("https://selfie.example", back_end.server.url)
    note = "window.told = []; addEventListener('message', ({data}) => told.push(data));"
    site.page = example.replace("<script>", f"<script>{note}").encode()
    tab.goto(f"{site.url}/embed.html?link={quote(link, safe='')}")


def test_the_page_around_a_frame_should_be_told_what_happens(
    back_end: BackEnd, chromium: Chromium, clips: Clips
) -> None:
    made = back_end.create()
    tab = chromium(clips("blinks")).new_page()
    embedded(tab, back_end.receiver, back_end, made["url"])
    said = tab.locator("#said")
    expect(said).to_have_text("ready", timeout=START_S * 1000)
    start = tab.frame_locator("#capture").locator(".st-key-start button")
    for _ in range(3):
        start.click(timeout=START_S * 1000)
        expect(said).to_have_text(re.compile("^(captured|failed)"), timeout=START_S * 1000)
        if said.inner_text() == "captured":
            break
    # Streamlit and the camera's component tell the page around them things of their own.
    told = tab.evaluate("told.filter((message) => message.source === 'real-selfie')")
    assert {message["session"] for message in told} == {made["id"]}
    kinds = [message["type"] for message in told]
    assert kinds[0] == "ready" and kinds[-1] == "captured"
    assert "check" in {message.get("phase") for message in told}
    assert back_end.call("GET", f"/sessions/{made['id']}").json()["status"] == "captured"


def test_a_site_that_is_not_named_should_get_no_frame(back_end: BackEnd, chromium: Chromium) -> None:
    made = back_end.create()
    tab = chromium(None).new_page()
    blocked: list[str] = []
    tab.on("console", lambda message: blocked.append(message.text))
    with Receiver() as stranger:
        embedded(tab, stranger, back_end, made["url"])
        tab.wait_for_timeout(3000)
        assert any("frame-ancestors" in line for line in blocked), blocked
        expect(tab.locator("#said")).to_have_text("")
    assert back_end.call("GET", f"/sessions/{made['id']}").json()["status"] == "created"


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_of_a_link_and_of_invitations_should_fit_and_have_no_serious_finding(
    theme: str, back_end: BackEnd, chromium: Chromium
) -> None:
    made = back_end.create()
    browser = chromium(None)
    for size in (PHONE, LAPTOP):
        for language in LANGUAGES:
            context = browser.new_context(viewport=size, color_scheme=theme, locale=language)  # type: ignore[arg-type]
            tab = context.new_page()
            for link in (made["url"], f"{back_end.server.url}/?session=unknown"):
                settled(tab, link)
                assert serious(tab) == []
                assert tab.evaluate("() => document.querySelector('.stMain').scrollWidth") <= size["width"]
            context.close()


def test_a_round_should_keep_its_names_in_the_browser(back_end: BackEnd, chromium: Chromium, tmp_path: Path) -> None:
    names = tmp_path / "names.csv"
    names.write_text('Name\n"Ani, the first"\n=Budi\n')
    tab = chromium(None).new_context(viewport=PHONE, locale="en").new_page()
    sent: list[str] = []
    tab.on("websocket", lambda socket: socket.on("framesent", lambda data: sent.append(repr(data))))
    tab.on("request", lambda request: sent.append(repr(request.post_data_buffer)))
    settled(tab, f"{back_end.server.url}/invitations")
    tab.locator("input[type=password]").fill("open sesame")
    tab.locator("input[type=password]").press("Enter")
    tab.get_by_label("API key").fill(back_end.key)
    tab.get_by_role("button", name="Enter").click()
    folded = tab.locator("details:not([open]) summary")
    expect(tab.locator("details")).to_have_count(1)
    if folded.count():  # another try has made a round
        folded.click()
    tab.get_by_role("textbox", name="Round").fill(tmp_path.name)
    tab.get_by_role("spinbutton", name="People").fill("2")
    tab.get_by_role("button", name="Make links").click()
    rows = tab.locator(".round tbody tr")
    expect(rows).to_have_count(2, timeout=START_S * 1000)
    expect(rows.first.locator("th")).to_have_text("Person 1")

    tab.locator(".round input[type=file]").set_input_files(names)
    expect(rows.locator("th")).to_have_text(["Ani, the first", "=Budi"])
    tab.wait_for_timeout(4000)  # past the next look at the round
    expect(rows.locator("th")).to_have_text(["Ani, the first", "=Budi"])
    with tab.expect_download() as download:
        tab.get_by_role("button", name="Save as CSV").click()
    saved = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert saved[1].startswith('"Ani, the first","http') and saved[2].startswith('"\'=Budi"')
    assert not [part for part in sent if "Budi" in part]

    made = back_end.call("GET", f"/sessions?round={tmp_path.name}").json()["sessions"]
    visitor = tab.context.browser.new_page()  # type: ignore[union-attr]
    visitor.goto(f"{back_end.server.url}/?session={made[0]['id']}")
    expect(rows.locator(".status").filter(has_text=re.compile("^Opened$"))).to_have_count(1, timeout=START_S * 1000)
    assert serious(tab) == []
    assert tab.evaluate("() => document.querySelector('.stMain').scrollWidth") <= PHONE["width"]
