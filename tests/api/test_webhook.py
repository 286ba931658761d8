from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import select
from standardwebhooks.webhooks import Webhook

from core.api.address import Target, read_networks
from core.api.gateway import Gateway
from core.api.webhook import WebhookSender, headers, post
from core.settings import WebhookSettings
from core.store.deliveries import DeliveryStore
from core.store.session_record import Delivery, Hook
from core.store.session_table import deliveries
from tests.api.conftest import Caller, Capture
from tests.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as receiver:
        yield receiver


class Clock:
    def __init__(self) -> None:
        self.now = datetime.now(timezone.utc)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sender(gateway: Gateway, clock: Clock) -> WebhookSender:
    settings = WebhookSettings(timeout_s=2.0)
    store = DeliveryStore(gateway.store.engine, settings, clock)
    named = gateway.keyring.named

    def secret(name: str) -> bytes | None:
        key = named(name)
        return key.webhook_secret if key else None

    return WebhookSender(store, settings, secret, read_networks("127.0.0.1"), clock)


def waiting(gateway: Gateway) -> int:
    with gateway.store.engine.connect() as connection:
        return len(connection.execute(select(deliveries)).all())


def test_should_tell_the_end_once_signed_as_the_standard_says(
    shop: Caller,
    capture: Capture,
    sender: WebhookSender,
    receiver: Receiver,
    gateway: Gateway,
    clock: Clock,
    keys: dict[str, tuple[str, str]],
) -> None:
    id_ = shop.create(reference="order 42", webhook_url=f"{receiver.url}/hook?x=1")
    assert sender.send_due() == 0
    capture(id_)
    clock.forward(1)
    assert shop.session(id_)["webhook"] == Hook.PENDING.value
    assert sender.send_due() == 1

    (got,) = receiver.webhooks()
    assert got.path == "/hook?x=1" and got.headers["Host"] == f"127.0.0.1:{receiver.port}"
    secret = keys["shop"][1].split(":")[2]
    event = Webhook(secret).verify(got.body, {name.lower(): value for name, value in got.headers.items()})
    session = shop.session(id_)
    assert event["type"] == "session.captured"
    assert {name: session[name] for name in event["data"]} == event["data"]
    assert session["webhook"] == Hook.DELIVERED.value
    assert sender.send_due() == 0 and waiting(gateway) == 0


def test_should_try_again_later_and_later_with_the_same_id_until_it_is_accepted(
    shop: Caller, capture: Capture, sender: WebhookSender, receiver: Receiver, clock: Clock
) -> None:
    receiver.status = 500
    id_ = shop.create(webhook_url=receiver.url)
    capture(id_)
    clock.forward(1)
    for wait in WebhookSettings().waits_s[:4]:
        assert sender.send_due() == 1
        clock.forward(wait - 1)
        assert sender.send_due() == 0
        clock.forward(1.5)
    receiver.status = 204
    assert sender.send_due() == 1
    ids = {request.headers["webhook-id"] for request in receiver.webhooks()}
    times = [request.headers["webhook-timestamp"] for request in receiver.webhooks()]
    assert len(ids) == 1 and len(times) == 5 and times == sorted(set(times))
    assert {request.body for request in receiver.webhooks()} == {receiver.webhooks()[0].body}
    assert shop.session(id_)["webhook"] == Hook.DELIVERED.value


def test_should_give_up_after_a_day_and_say_so(
    shop: Caller, capture: Capture, sender: WebhookSender, receiver: Receiver, clock: Clock, gateway: Gateway
) -> None:
    receiver.status = 410
    id_ = shop.create(webhook_url=receiver.url)
    capture(id_)
    clock.forward(1)
    started = clock.now
    while waiting(gateway):
        sender.send_due()
        clock.forward(60)
        assert clock.now - started < timedelta(days=2)
    assert timedelta(hours=18) < clock.now - started <= timedelta(days=1, minutes=5)
    assert shop.session(id_)["webhook"] == Hook.GIVEN_UP.value


def test_a_delivery_that_is_being_sent_should_be_nobody_elses_until_its_time_is_over(
    shop: Caller, capture: Capture, gateway: Gateway, clock: Clock
) -> None:
    capture(shop.create(webhook_url="https://shop.example/"))
    clock.forward(1)
    settings = WebhookSettings()
    first, second = (DeliveryStore(gateway.store.engine, settings, clock) for _ in range(2))
    assert first.claim() is not None
    assert second.claim() is None
    clock.forward(settings.lease_s + 1)  # the first one's process died
    assert second.claim() is not None


def test_should_tell_that_a_session_expired(
    shop: Caller, sender: WebhookSender, receiver: Receiver, clock: Clock, gateway: Gateway
) -> None:
    id_ = shop.create(webhook_url=receiver.url, ttl=60)
    gateway.store._now = clock  # the store's own
    clock.forward(61)
    gateway.store.sweep()
    clock.forward(1)
    sender.send_due()
    assert [json.loads(request.body)["type"] for request in receiver.webhooks()] == ["session.expired"]
    assert shop.session(id_)["status"] == "expired"


def test_should_follow_no_redirect(
    receiver: Receiver, sender: WebhookSender, shop: Caller, capture: Capture, clock: Clock
) -> None:
    receiver.status = 302
    capture(shop.create(webhook_url=receiver.url))
    clock.forward(1)
    sender.send_due()
    assert len(receiver.requests) == 1


def test_should_send_nothing_after_the_session_was_deleted(
    shop: Caller, capture: Capture, sender: WebhookSender, receiver: Receiver, clock: Clock
) -> None:
    id_ = shop.create(webhook_url=receiver.url)
    capture(id_)
    assert shop.delete(f"/api/v1/sessions/{id_}").status_code == 204
    clock.forward(1)
    assert sender.send_due() == 0


def test_should_wait_no_longer_than_its_limit_for_a_receiver_that_says_nothing() -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        place = Target("127.0.0.1", "127.0.0.1", silent.getsockname()[1], "/", False)
        with pytest.raises(Exception, match="timed out"):
            post(place, b"{}", {}, 0.3)


def test_should_ask_for_the_host_by_name_although_it_connects_by_address() -> None:
    server = socket.create_server(("127.0.0.1", 0))
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sni_callback = lambda _, name, __: names.append(name)  # type: ignore[assignment, func-returns-value]

    def answer() -> None:
        connection, _ = server.accept()
        with connection, suppress(OSError):
            context.wrap_socket(connection, server_side=True)

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    place = Target("127.0.0.1", "shop.example", server.getsockname()[1], "/", True)
    with server, pytest.raises(Exception, match=r"(?i)ssl"):
        post(place, b"{}", {}, 2.0)
    thread.join(5)
    assert names == ["shop.example"]


def test_the_signature_should_be_over_id_time_and_body() -> None:
    at = datetime.now(timezone.utc)
    secret = b"s" * 32
    delivery = Delivery("msg_1", "s", "shop", "https://shop.example/", '{"a":1}', at)
    sent = headers(secret, delivery, at)
    assert Webhook(secret).verify(delivery.body, sent) == {"a": 1}
    for name, value in (("webhook-id", "msg_2"), ("webhook-timestamp", str(int(at.timestamp()) + 1))):
        with pytest.raises(Exception, match="signature"):
            Webhook(secret).verify(delivery.body, {**sent, name: value})
