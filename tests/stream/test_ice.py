from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from core.settings import IceSettings
from core.stream.ice import PUBLIC_STUN, Ice, IceSource, parse_servers, probe
from tests.fakes import Clock

TURN = {"urls": ["turn:turn.test:3478"], "username": "u", "credential": "p"}


class Provider:
    """A provider of ICE servers on loopback."""

    def __init__(self) -> None:
        self.status, self.answer = 200, json.dumps({"iceServers": [TURN]}).encode()
        self.asked: list[tuple[str, str | None]] = []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.asked.append((self.path, self.headers["Authorization"]))
                self.send_response(provider.status)
                self.end_headers()
                self.wfile.write(provider.answer)

            def log_message(self, format: str, *args: Any) -> None: ...

        self._http = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_port}/ice"
        threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()


@pytest.fixture
def provider() -> Iterator[Provider]:
    provider = Provider()
    yield provider
    provider.close()


NOW_S = 1_000_000.0


def source(clock: Clock | None = None, settings: IceSettings | None = None, **options: str) -> IceSource:
    return IceSource(options, settings or IceSettings(), clock or Clock(NOW_S))


def test_should_use_public_stun_when_nothing_is_set() -> None:
    assert source().ice("a") == Ice((PUBLIC_STUN,))


def test_should_ask_no_stranger_when_browser_and_server_are_one_machine() -> None:
    assert source().ice("a", local=True) == Ice(())


def test_should_use_a_static_turn_server() -> None:
    ice = source(TURN_URLS="turn:a.test:3478, turns:a.test:443", TURN_USERNAME="u", TURN_PASSWORD="p").ice("a")
    assert ice.servers == ({"urls": ["turn:a.test:3478", "turns:a.test:443"], "username": "u", "credential": "p"},)
    assert ice.frontend == ice.server == {"iceServers": list(ice.servers)}


def test_should_sign_credentials_for_each_session_as_coturn_does() -> None:
    clock = Clock(NOW_S)
    ices = [source(clock, TURN_URLS="turn:a.test", TURN_SECRET="s").ice(name) for name in ("one", "two")]
    (server,) = ices[0].servers
    assert server["username"] == "1003600:one"
    digest = hmac.digest(b"s", b"1003600:one", hashlib.sha1)
    assert base64.b64decode(server["credential"]) == digest
    assert ices[1].servers[0]["credential"] != server["credential"]


@pytest.mark.parametrize(
    ("options", "trouble"),
    [
        ({"TURN_URLS": "turn:a.test"}, "turn_without_password"),
        ({"TURN_URLS": "turn:a.test:port", "TURN_SECRET": "s"}, "wrong_address"),
        ({"TURN_URLS": "http://a.test", "TURN_SECRET": "s"}, "wrong_address"),
        ({"ICE_RELAY_ONLY": "1"}, "relay_without_turn"),
    ],
)
def test_should_say_what_is_wrong_and_go_on(options: dict[str, str], trouble: str) -> None:
    ice = IceSource(options, IceSettings(), Clock(NOW_S)).ice("a")
    assert ice.trouble == trouble
    assert ice.servers == (PUBLIC_STUN,)


def test_should_force_the_relay_in_the_browser_only() -> None:
    ice = source(TURN_URLS="turn:a.test", TURN_SECRET="s", ICE_RELAY_ONLY="yes").ice("a")
    assert ice.frontend["iceTransportPolicy"] == "relay"
    assert "iceTransportPolicy" not in ice.server
    assert ice.trouble is None


def test_should_ask_a_provider_once_and_again_before_its_answer_ends(provider: Provider) -> None:
    clock = Clock(NOW_S)
    ices = source(clock, ICE_URL=provider.url, ICE_TOKEN="t")
    assert ices.ice("a").servers == ices.ice("b").servers == (TURN,)
    assert provider.asked == [("/ice", "Bearer t")]
    clock.now += IceSettings().ttl_s
    ices.ice("c")
    assert len(provider.asked) == 2


def test_should_keep_a_providers_last_answer_while_it_holds(provider: Provider) -> None:
    clock = Clock(NOW_S)
    ices = source(clock, ICE_URL=provider.url)
    ices.ice("a")
    provider.status = 500
    clock.now += IceSettings().ttl_s
    assert ices.ice("b") == Ice((TURN,))
    clock.now += IceSettings().ttl_s
    assert ices.ice("c") == Ice((PUBLIC_STUN,), trouble="provider_wrong")


def test_should_not_ask_a_failing_provider_again_at_once(provider: Provider) -> None:
    clock = Clock(NOW_S)
    provider.status = 403
    ices = source(clock, ICE_URL=provider.url)
    assert [ices.ice("a").trouble for _ in range(3)] == ["provider_refused"] * 3
    assert len(provider.asked) == 1
    clock.now += IceSettings().retry_s
    provider.status = 200
    assert ices.ice("a") == Ice((TURN,))


@pytest.mark.parametrize("answer", [b"<html>", b"[]", b"{}", b'[{"urls": "http://x"}]', b'[{"urls": [7]}]', b'"x"'])
def test_should_refuse_an_answer_that_is_none(provider: Provider, answer: bytes) -> None:
    provider.answer = answer
    assert source(ICE_URL=provider.url).ice("a").trouble == "provider_wrong"


def test_should_not_wait_long_for_a_silent_provider() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        ice = source(settings=IceSettings(timeout_s=0.1), ICE_URL=url).ice("a")
    assert ice.trouble == "provider_silent"


def test_should_write_no_secret_into_the_log(provider: Provider, caplog: pytest.LogCaptureFixture) -> None:
    provider.status = 500
    source(ICE_URL=provider.url + "?key=hush", ICE_TOKEN="hush").ice("a")
    assert "provider_wrong" in caplog.text
    assert "hush" not in caplog.text


@pytest.mark.parametrize(
    "answer",
    [
        [TURN],
        TURN,
        {"iceServers": TURN},
        {"ice_servers": [{"url": TURN["urls"][0], "urls": TURN["urls"][0], "username": "u", "credential": "p"}]},
    ],
)
def test_should_understand_every_providers_way_to_answer(answer: Any) -> None:
    assert parse_servers(answer) == (TURN,)


@pytest.mark.parametrize("answer", [{"urls": 5}, {"urls": [5]}, {"urls": {"a": 1}}, [], "stun:a", [["stun:a"]], 5])
def test_should_refuse_what_holds_no_addresses(answer: Any) -> None:
    with pytest.raises(ValueError):
        parse_servers({"iceServers": answer})


def test_probe_should_say_when_a_turn_server_does_not_answer() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        server = {"urls": [f"turn:127.0.0.1:{silent.getsockname()[1]}"], "username": "u", "credential": "p"}
        assert probe(Ice((server,)), 0.2) == "turn_silent"


def test_probe_should_have_nothing_to_say_without_turn() -> None:
    assert probe(Ice((PUBLIC_STUN,)), 0.1) is None
