"""Sends webhooks, signed as Standard Webhooks says, from a thread of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

import urllib3

from core.api.address import AddressRefused, IPNetwork, Resolve, Target, resolve, target
from core.settings import WebhookSettings
from core.store.deliveries import DeliveryStore
from core.store.session_record import Delivery

logger = logging.getLogger(__name__)


def headers(secret: bytes, delivery: Delivery, at: datetime) -> dict[str, str]:
    """Id, time and signature: HMAC-SHA256 over "id.seconds.body" (Standard Webhooks, symmetric signatures)."""
    seconds = str(int(at.timestamp()))
    signed = f"{delivery.id}.{seconds}.{delivery.body}".encode()
    signature = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    return {
        "Content-Type": "application/json",
        "User-Agent": "real-selfie",
        "webhook-id": delivery.id,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{signature}",
    }


def post(place: Target, body: bytes, sent: dict[str, str], timeout_s: float) -> int:
    """POST to the very address that was looked up; the status of the answer, of which nothing else is read.

    Follows no redirect. The certificate must be the host's. Raises urllib3.exceptions.HTTPError.
    """
    pool: urllib3.HTTPConnectionPool
    if place.secure:
        pool = urllib3.HTTPSConnectionPool(place.ip, place.port, server_hostname=place.host, assert_hostname=place.host)
    else:
        pool = urllib3.HTTPConnectionPool(place.ip, place.port)
    usual = place.port == (443 if place.secure else 80)
    host = f"[{place.host}]" if ":" in place.host else place.host
    with pool:
        answer = pool.request(
            "POST",
            place.path,
            body=body,
            headers={**sent, "Host": host if usual else f"{host}:{place.port}"},
            timeout=urllib3.Timeout(connect=timeout_s, read=timeout_s),
            retries=False,
            redirect=False,
            preload_content=False,
        )
        answer.close()
        return int(answer.status)


class WebhookSender:
    """Takes what is due from the database and sends it; what fails is sent again, later and later, for a day."""

    def __init__(
        self,
        store: DeliveryStore,
        settings: WebhookSettings,
        secret: Callable[[str], bytes | None],
        allowed: Sequence[IPNetwork],
        now: Callable[[], datetime],
        look_up: Resolve = resolve,
    ) -> None:
        """secret: a key's name -> what its webhooks are signed with. allowed: private networks that may be reached."""
        self._store = store
        self._settings = settings
        self._secret = secret
        self._allowed = allowed
        self._now = now
        self._look_up = look_up

    def send_due(self) -> int:
        """Send all that is due; how many. Raises SQLAlchemyError when the database is away."""
        count = 0
        while (delivery := self._store.claim()) is not None:
            count += 1
            if self._send(delivery):
                self._store.delivered(delivery)
            elif not self._store.postpone(delivery):
                logger.warning("A webhook of %s was not accepted for a day and is given up", delivery.owner)
        return count

    def run(self, stop: threading.Event) -> None:
        """Until `stop` is set, look for what is due."""
        while not stop.wait(self._settings.poll_s):
            try:
                self.send_due()
            except Exception as error:  # the thread must live on; a driver's own words may hold the database's address
                logger.warning("Webhooks could not be looked after (%s)", type(error).__name__)

    def _send(self, delivery: Delivery) -> bool:
        secret = self._secret(delivery.owner)
        if secret is None:
            logger.warning("%s has no webhook secret", delivery.owner)
            return False
        try:
            place = target(delivery.url, self._allowed, self._look_up)
            sent = headers(secret, delivery, self._now())
            status = post(place, delivery.body.encode(), sent, self._settings.timeout_s)
        except (AddressRefused, OSError, urllib3.exceptions.HTTPError) as error:
            logger.info("A webhook of %s did not arrive (%s)", delivery.owner, type(error).__name__)
            return False
        return 200 <= status < 300
