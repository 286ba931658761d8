"""What the other pages do in a browser: files judged by the real models, and an attempt that arrives in the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, expect

from core.regions import Region
from tests.browser.harness import START_S, CapturePage, Server
from tests.footage import Cover, Scene, Thing, astronaut

Chromium = Callable[..., Browser]


def test_files_should_be_judged_and_the_rows_downloaded(server: Server, chromium: Chromium, tmp_path: Path) -> None:
    scene = Scene(astronaut(), inter_eye=0.2)
    Image.fromarray(scene.frame(0.0, 1.0).rgb).save(tmp_path / "free.jpg")
    hand = Cover(Thing.HAND, Region.MOUTH, 0.0, 60.0)
    Image.fromarray(scene.frame(5.0, 10.0, hand).rgb).save(tmp_path / "hand.webp")
    (tmp_path / "broken.png").write_bytes(b"no photo")

    page = chromium(None).new_page()
    page.set_default_timeout(START_S * 1000)
    page.goto(f"{server.url}/check_files")
    page.locator("input[type=file]").set_input_files(
        [tmp_path / name for name in ("free.jpg", "hand.webp", "broken.png")]
    )
    rows = page.locator("table.files tbody tr")
    expect(rows).to_have_count(3, timeout=START_S * 1000)
    expect(rows.filter(has_text="free.jpg")).to_have_attribute("data-verdict", "pass")
    expect(rows.filter(has_text="hand.webp")).to_contain_text("Mouth covered")
    expect(rows.filter(has_text="broken.png")).to_have_attribute("data-verdict", "error")
    expect(page.locator(".stException")).to_have_count(0)
    with page.expect_download() as download:
        page.locator(".st-key-check_downloads button").nth(1).click()
    found = {row["path"]: row for row in json.loads(download.value.path().read_text())}
    assert set(found) == {"free.jpg", "hand.webp", "broken.png"}
    assert "mouth_blocked" in found["hand.webp"]["reasons"]


def test_an_attempt_should_arrive_in_the_log_and_on_the_insights_page(chromium: Chromium, tmp_path: Path) -> None:
    log = {"ATTEMPT_LOG": "on", "ATTEMPT_LOG_DIR": str(tmp_path / "log")}
    with Server(tmp_path, env=log) as server:
        page = chromium(None, allow=False).new_page()
        CapturePage(page, server.url).open().button("start").click()
        page.get_by_text("The camera is blocked").or_(page.get_by_text("No camera found")).first.wait_for()
        page.goto(f"{server.url}/insights")
        page.locator(".tiles").wait_for(timeout=START_S * 1000)
        expect(page.locator(".tiles dd").first).to_contain_text("1")
        expect(page.locator("ul.bars", has_text="No camera")).to_have_count(1)
    assert (tmp_path / "log" / "attempts.sqlite").is_file()
