"""The process is killed between the capture and the webhook."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from core.api.address import read_networks
from core.api.gateway import Gateway, open_gateway
from core.api.keys import new_key
from core.api.link import Link, LinkState
from core.api.webhook import WebhookSender
from core.settings import Settings, WebhookSettings
from core.store.deliveries import DeliveryStore
from core.store.log import utc_now
from core.store.session_record import Hook, Status
from tests.receiver import Receiver

ROOT = Path(__file__).resolve().parents[2]

CAPTURE = """
import os, signal, sys
from datetime import timedelta
import core.api.webhook
from core.api.gateway import open_gateway
from core.api.link import Link
from core.files.handout import develop
from core.settings import Settings
from core.store.log import utc_now
from core.store.session_record import Order
from tests.api.conftest import CAPTURED_AT, RECORD
from tests.fakes import selfie

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

when = sys.argv[1]
gateway = open_gateway(os.environ, Settings())
order = Order("shop", utc_now() + timedelta(hours=1), webhook_url=os.environ["HOOK"])
link = Link(gateway, gateway.store.create(order).id)
link.look()
link.keep(develop(selfie(), CAPTURED_AT, {}, 95, gateway.evidence))
print(link.id, flush=True)
if when == "inside":  # the transaction, after the first of its rows
    gateway.store._queue = die
if when == "sent":  # but not noted as sent
    post = core.api.webhook.post
    core.api.webhook.post = lambda *given: die(post(*given))
link.add(RECORD)
if when == "sent":
    gateway.sender.send_due()
die()
"""


def restarted(folder: Path, receiver: Receiver, when: str) -> tuple[Gateway, str]:
    """A process that was killed has captured a session of that id; this is the gateway of the next one."""
    env = {
        "API_KEYS": new_key("shop")[1],
        "KEY_DIR": str(folder / "keys"),
        "ATTEMPT_LOG_DIR": str(folder / "data"),
        "WEBHOOK_NETWORKS": "127.0.0.1",
        "HOOK": f"{receiver.url}/hook",
    }
    command = [sys.executable, "-c", CAPTURE, when]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, **env}, capture_output=True, text=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    quick = replace(Settings(), webhook=WebhookSettings(poll_s=0.05))
    gateway = open_gateway(env, quick)
    assert gateway is not None
    gateway.start()
    return gateway, done.stdout.strip()


def status(gateway: Gateway, id_: str) -> tuple[Status, Hook]:
    found = gateway.store.find(id_)
    assert found is not None
    return found.status, found.hook


def test_the_webhook_should_arrive_after_the_restart_when_the_process_died_before_it(tmp_path: Path) -> None:
    with Receiver() as receiver:
        gateway, id_ = restarted(tmp_path, receiver, "before")
        receiver.wait_for(lambda: status(gateway, id_) == (Status.CAPTURED, Hook.DELIVERED))
        gateway.stop()
        assert [id_.encode() in request.body for request in receiver.webhooks()] == [True]
        sealed = gateway.store.take_selfie(id_, "shop")
        assert sealed and gateway.sealer.open(sealed, id_).startswith(b"\x89PNG")


def test_the_webhook_should_arrive_again_when_the_process_died_before_it_was_noted(tmp_path: Path) -> None:
    with Receiver() as receiver:
        gateway, id_ = restarted(tmp_path, receiver, "sent")
        assert status(gateway, id_) == (Status.CAPTURED, Hook.PENDING)
        gateway.stop()
        assert len(receiver.webhooks()) == 1
        # The dead process's claim runs out after a minute.
        later = WebhookSender(
            DeliveryStore(gateway.store.engine, WebhookSettings(), lambda: utc_now() + timedelta(seconds=61)),
            WebhookSettings(),
            lambda name: b"s" * 32,
            read_networks("127.0.0.1"),
            utc_now,
        )
        later.send_due()
        assert status(gateway, id_) == (Status.CAPTURED, Hook.DELIVERED)
        assert len({request.headers["webhook-id"] for request in receiver.webhooks()}) == 1
        assert len(receiver.webhooks()) == 2


def test_half_a_capture_should_be_none_and_the_link_work_again(tmp_path: Path) -> None:
    with Receiver() as receiver:
        gateway, id_ = restarted(tmp_path, receiver, "inside")
        gateway.stop()
        assert status(gateway, id_) == (Status.OPENED, Hook.NONE)
        assert gateway.store.take_selfie(id_, "shop") is None
        assert Link(gateway, id_).look() is LinkState.OPEN
        assert receiver.webhooks() == []
