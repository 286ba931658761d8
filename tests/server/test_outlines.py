"""The page's end of the outlines' channel: what it is sent, what it is spared, and how it ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient, WebSocketDenialResponse, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from core.server.outlines import OutlineDesk
from core.settings import WebSettings

AHEAD = WebSettings().outlines_ahead


@pytest.fixture
def desk() -> OutlineDesk:
    return OutlineDesk(WebSettings())


@pytest.fixture
def client(desk: OutlineDesk) -> Iterator[TestClient]:
    with TestClient(Starlette(routes=desk.routes())) as client:
        yield client


def heard(page: WebSocketTestSession) -> bytes:
    """The next message, answered as the page does."""
    data = page.receive_bytes()
    page.send_text("")
    return data


def number(message: bytes) -> int:
    return int(message)


def test_the_page_should_be_sent_each_frames_outlines(desk: OutlineDesk, client: TestClient) -> None:
    name = desk.open()
    with client.websocket_connect(f"/outlines/{name}") as page:
        for message in (b"1", b"2", b"3"):
            desk.send(name, message)
            assert heard(page) == message


def test_the_page_should_be_sent_what_is_newest_when_it_comes(desk: OutlineDesk, client: TestClient) -> None:
    name = desk.open()
    desk.send(name, b"old")
    desk.send(name, b"new")
    with client.websocket_connect(f"/outlines/{name}") as page:
        assert heard(page) == b"new"


def test_a_page_that_is_slow_should_be_spared_all_but_the_newest(desk: OutlineDesk, client: TestClient) -> None:
    name = desk.open()
    with client.websocket_connect(f"/outlines/{name}") as page:
        for count in range(100):
            desk.send(name, str(count).encode())
            time.sleep(0.002)  # time to send them all
        unanswered = [number(page.receive_bytes()) for _ in range(AHEAD)]
        page.send_text("")
        last = number(page.receive_bytes())

    assert max(unanswered) < 50
    assert last == 99


@pytest.mark.parametrize("open_one", [False, True])
def test_an_unknown_name_should_be_found_nowhere(desk: OutlineDesk, client: TestClient, open_one: bool) -> None:
    if open_one:
        desk.open()
    with pytest.raises(WebSocketDenialResponse) as refused, client.websocket_connect("/outlines/guessed"):
        pass
    assert refused.value.status_code == 404


def test_names_should_not_be_guessable(desk: OutlineDesk) -> None:
    names = {desk.open() for _ in range(50)}
    assert len(names) == 50 and min(map(len, names)) >= 20


def test_nothing_should_be_sent_once_the_attempt_is_over(desk: OutlineDesk, client: TestClient) -> None:
    name = desk.open()
    with client.websocket_connect(f"/outlines/{name}") as page:
        desk.send(name, b"1")
        assert heard(page) == b"1"
        desk.close(name)
        desk.send(name, b"2")
        with pytest.raises(WebSocketDisconnect):
            page.receive_bytes()
    with pytest.raises(WebSocketDenialResponse), client.websocket_connect(f"/outlines/{name}"):
        pass


def test_pages_should_be_sent_their_own_outlines_only(desk: OutlineDesk, client: TestClient) -> None:
    one, other = desk.open(), desk.open()
    with client.websocket_connect(f"/outlines/{one}") as page, client.websocket_connect(f"/outlines/{other}") as next_:
        desk.send(other, b"other")
        desk.send(one, b"one")
        assert (heard(page), heard(next_)) == (b"one", b"other")


def test_a_page_that_comes_again_should_take_its_former_place(desk: OutlineDesk, client: TestClient) -> None:
    name = desk.open()
    with client.websocket_connect(f"/outlines/{name}") as former:
        desk.send(name, b"1")
        assert heard(former) == b"1"
        with client.websocket_connect(f"/outlines/{name}") as page:
            desk.send(name, b"2")
            assert heard(page) == b"2"
            with pytest.raises(WebSocketDisconnect):
                former.receive_bytes()


def test_sending_should_go_on_when_the_page_is_gone(desk: OutlineDesk, client: TestClient) -> None:
    name = desk.open()
    with client.websocket_connect(f"/outlines/{name}") as page:
        desk.send(name, b"1")
        assert heard(page) == b"1"
    desk.send(name, b"2")
    with client.websocket_connect(f"/outlines/{name}") as page:
        assert heard(page) == b"2"


def test_sending_should_never_wait_for_the_page(desk: OutlineDesk, client: TestClient) -> None:
    name = desk.open()

    def send() -> None:
        for _ in range(1000):
            desk.send(name, b"x" * 600)

    with client.websocket_connect(f"/outlines/{name}"):
        stream = threading.Thread(target=send, daemon=True)
        stream.start()
        stream.join(5)
        assert not stream.is_alive()
