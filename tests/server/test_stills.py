"""The routes of stills: what a page is told, and what becomes of what it hands in."""

from __future__ import annotations

import io
import logging
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from PIL import Image as Pillow
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.flow.still import Refusal, Still
from core.server import stills
from core.server.stills import StillDesk
from core.settings import Settings
from core.vision.reading import Image, Reading

MOST = Settings().still.most_bytes


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48)) -> bytes:
    file = io.BytesIO()
    Pillow.new("RGB", size, (9, 99, 199)).save(file, kind)
    return file.getvalue()


class Desk:
    """A desk with one attempt open, and a page that talks to it."""

    def __init__(self, refusal: Refusal | None = None, broken: bool = False) -> None:
        self.taken: list[Still] = []
        self._refusal = refusal
        self._broken = broken
        self.desk = StillDesk(self._read, Settings())
        self.page = TestClient(Starlette(routes=self.desk.routes()))
        self.name = self.desk.open(self._take)

    def _read(self, number: int, rgb: Image) -> Still:
        if self._broken:
            raise RuntimeError("no models")
        return Still(number, rgb, Reading(0.0, (rgb.shape[1], rgb.shape[0]), 100.0), lambda frame, reading: None)

    def _take(self, still: Still) -> Refusal | None:
        self.taken.append(still)
        return self._refusal

    def hand_in(self, data: bytes | Iterator[bytes], number: int = 1, name: str = "", part: str = "") -> int:
        return self.page.post(f"/still/{name or self.name}/{number}{part}", content=data).status_code

    def ask(self, number: int = 1) -> Desk:
        self.desk.ask(self.name, number)
        return self


@pytest.fixture(autouse=True)
def told(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="core.server.stills")
    return caplog


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_should_hand_a_picture_on(kind: str) -> None:
    at = Desk().ask(7)
    assert at.hand_in(picture(kind), 7) == 204
    assert [still.number for still in at.taken] == [7]
    np.testing.assert_allclose(at.taken[0].rgb[20, 30], (9, 99, 199), atol=3)


def test_should_put_a_picture_together_from_its_parts() -> None:
    at, data = Desk().ask(), picture()
    size = len(data)
    assert at.hand_in(data[:100], part=f"?at=0&size={size}") == 202
    assert at.hand_in(data[100:300], part=f"?at=100&size={size}") == 202
    assert not at.taken
    assert at.hand_in(data[300:], part=f"?at=300&size={size}") == 204
    assert at.taken[0].rgb.shape == (48, 64, 3)


@pytest.mark.parametrize(
    "part", ["?at=50", "?at=101", "?at=-1", "?at=x", "?at=100&size=x", "?at=100&size=-5", f"?at=100&size={'9' * 5000}"]
)
def test_a_part_that_does_not_follow_should_be_turned_down(part: str) -> None:
    at = Desk().ask()
    assert at.hand_in(bytes(100), part="?size=1000") == 202
    assert at.hand_in(bytes(100), part=part) == 400
    assert at.hand_in(bytes(100), part="?at=100&size=1000") == 400  # and what came before it is forgotten
    assert not at.taken


def test_parts_should_not_add_up_to_more_than_is_allowed(told: pytest.LogCaptureFixture) -> None:
    at, sent, piece = Desk().ask(), 0, 3_000_000
    while (answer := at.hand_in(bytes(piece), part=f"?at={sent}&size=99000000")) == 202:
        sent += piece
    assert answer == 413
    assert sent <= MOST
    assert told.messages == ["still refused: too many bytes"]


@pytest.mark.parametrize("data", [b"", b"no picture", picture()[:60], b"\xff\xd8" + b"\0" * 9000, b"<svg/>"])
def test_junk_should_be_told_in_one_line_and_not_handed_on(data: bytes, told: pytest.LogCaptureFixture) -> None:
    at = Desk().ask()
    assert at.hand_in(data) == 204
    assert not at.taken
    assert len(told.messages) == 1
    assert "still refused" in told.messages[0]


def test_a_picture_too_large_to_unpack_should_not_be_handed_on(told: pytest.LogCaptureFixture) -> None:
    at = Desk().ask()
    assert at.hand_in(picture("PNG", (9000, 9000))) == 204  # 81 megapixels in a file of some kilobytes
    assert not at.taken
    assert len(told.messages) == 1


def test_100_mb_should_be_cut_off_while_they_arrive(told: pytest.LogCaptureFixture) -> None:
    sent = 0

    def flood() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1_000_000
            yield bytes(1_000_000)

    at = Desk().ask()
    assert at.hand_in(flood()) == 413
    assert not at.taken
    assert told.messages == ["still refused: too many bytes"]


def test_just_as_many_bytes_as_allowed_should_be_read() -> None:
    at = Desk().ask()
    data = picture()
    assert at.hand_in(data + bytes(MOST - len(data))) == 204
    assert len(at.taken) == 1


def test_a_refused_still_should_be_told_in_one_line(told: pytest.LogCaptureFixture) -> None:
    assert Desk(Refusal.OTHER_FACE).ask().hand_in(picture()) == 204
    assert told.messages == ["still refused: other_face"]


def test_broken_models_should_not_trouble_the_page(told: pytest.LogCaptureFixture) -> None:
    assert Desk(broken=True).ask().hand_in(picture()) == 204
    assert told.messages == ["A still could not be read"]


def test_what_nobody_asked_for_should_find_nothing() -> None:
    at = Desk()
    assert at.hand_in(picture()) == 404
    at.ask(2)
    assert at.hand_in(picture(), 1) == 404
    assert at.hand_in(picture(), 3) == 404
    assert at.hand_in(picture(), 2, name="somebody-else") == 404
    assert not at.taken


def test_what_comes_after_the_attempt_should_find_nothing() -> None:
    at = Desk().ask()
    at.desk.close(at.name)
    assert at.hand_in(picture()) == 404
    assert at.page.get(f"/still/{at.name}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/still/{name}/1", 405),
        ("POST", "/still/{name}", 405),
        ("PUT", "/still/{name}/1", 405),
        ("DELETE", "/still/{name}", 405),
        ("POST", "/still/{name}/first", 404),
        ("GET", "/still/unknown", 404),
        ("GET", "/still/{name}?after=-1", 404),
        ("GET", "/still/{name}?after=9999999999", 404),
        ("GET", "/still/{name}?after=x", 404),
    ],
)
def test_other_ways_to_ask_should_be_turned_down(method: str, path: str, status: int) -> None:
    at = Desk().ask()
    assert at.page.request(method, path.format(name=at.name)).status_code == status


def test_the_page_should_be_told_of_a_request_that_stands() -> None:
    at = Desk().ask(3)
    answer = at.page.get(f"/still/{at.name}?after=2")
    assert answer.json() == {"number": 3, "seconds": Settings().still.upload_s}
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_page_should_be_told_of_a_request_while_it_waits() -> None:
    at = Desk()
    with at.page:  # one event loop for all of its calls, as in a server
        threading.Timer(0.2, at.ask, (1,)).start()
        started = time.monotonic()
        assert at.page.get(f"/still/{at.name}").json()["number"] == 1
    assert time.monotonic() - started < 10


def test_a_wait_should_end_after_a_while_and_leave_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stills, "_POLL_S", 0.05)
    at = Desk()
    assert [at.page.get(f"/still/{at.name}").status_code for _ in range(3)] == [204] * 3
    assert at.desk.waiting == 0


def test_a_wait_should_end_with_the_attempt_and_ask_for_nothing() -> None:
    at = Desk()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(at.page.get, f"/still/{at.name}")
        while not at.desk.waiting:
            time.sleep(0.005)
        at.desk.close(at.name)
        assert answer.result(5.0).status_code == 404


def test_names_should_not_be_guessed_from_each_other() -> None:
    at = Desk()
    names = {at.desk.open(lambda still: None) for _ in range(100)} | {at.name}
    assert len(names) == 101
    assert all(len(name) >= 20 for name in names)
