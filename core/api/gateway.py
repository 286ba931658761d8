"""What the API, the person's link and the webhooks share in one process."""

from __future__ import annotations

import ipaddress
import logging
import threading
from urllib.parse import urlsplit

from core.api.address import AddressRefused, check_url, read_networks, target
from core.api.keys import ApiKey, Keyring, Limiter, read_keys
from core.api.messages import webhook_body
from core.api.sealing import Sealer
from core.api.webhook import WebhookSender
from core.evidence.evidence import Evidence, key_folder
from core.options import Options
from core.settings import Settings
from core.store.config import database_url
from core.store.deliveries import DeliveryStore
from core.store.log import utc_now
from core.store.sessions import SessionStore
from core.store.table import open_engine

logger = logging.getLogger(__name__)

API_KEYS, API_LIMIT, PUBLIC_URL, WEBHOOK_NETWORKS = "API_KEYS", "API_LIMIT", "PUBLIC_URL", "WEBHOOK_NETWORKS"


class Gateway:
    """Keys, sessions, evidence and webhooks. `start` sets its threads going."""

    def __init__(self, options: Options, settings: Settings, keys: list[ApiKey]) -> None:
        """Raises KeyFileError, StoreError for a bad DATABASE_URL, ValueError for a bad option."""
        self.settings = settings
        self.public_url = options.get(PUBLIC_URL, "").strip().rstrip("/")
        self.keyring = Keyring(keys)
        self.limiter = Limiter(int(options.get(API_LIMIT, "").strip() or settings.session.requests))
        self._networks = read_networks(options.get(WEBHOOK_NETWORKS, ""))
        folder = key_folder(options)
        self.sealer = Sealer(folder / "sealing.key")
        self.evidence = Evidence(folder, utc_now())
        engine = open_engine(database_url(options, settings.store), settings.store)
        self.store = SessionStore(engine, settings.session, webhook_body, utc_now)
        self.sender = WebhookSender(
            DeliveryStore(engine, settings.webhook, utc_now),
            settings.webhook,
            self._secret,
            self._networks,
            utc_now,
        )
        self._stop = threading.Event()

    def start(self) -> None:
        """Expire what is too old and send what is due, from threads of their own, until `stop`."""
        threading.Thread(target=self._sweep, name="sweep-sessions", daemon=True).start()

    def stop(self) -> None:
        """End the threads; what is on its way to a webhook is sent again after the next start."""
        self._stop.set()

    def check_webhook(self, url: str, key: ApiKey) -> None:
        """Refuse at once what would never be sent. Raises AddressRefused."""
        if key.webhook_secret is None:
            raise AddressRefused("this key has no webhook secret")
        check_url(url)
        parts = urlsplit(url)
        try:
            ipaddress.ip_address(parts.hostname or "")
        except ValueError:  # a name: where it leads is looked up when something is sent
            if parts.scheme != "https" and not self._networks:
                raise AddressRefused("https:// only") from None
        else:
            target(url, self._networks, lambda host, port: [host])

    def link(self, base: str, session: str) -> str:
        """The person's link. base: address that the app was called by, for want of PUBLIC_URL."""
        return f"{self.public_url or base.rstrip('/')}/?session={session}"

    def _secret(self, name: str) -> bytes | None:
        key = self.keyring.named(name)
        return key.webhook_secret if key else None

    def _sweep(self) -> None:
        senders_started = False
        while not self._stop.is_set():
            try:
                self.store.sweep()
                if not senders_started:  # the tables are there now
                    senders_started = True
                    for number in range(self.settings.webhook.senders):
                        run = self.sender.run
                        threading.Thread(target=run, args=(self._stop,), name=f"webhooks-{number}", daemon=True).start()
            except Exception as error:  # the thread must live on, whatever a driver throws
                logger.warning("Sessions could not be looked after (%s)", type(error).__name__)
            self._stop.wait(self.settings.session.sweep_s)


def open_gateway(options: Options, settings: Settings) -> Gateway | None:
    """The gateway as configured; None without API_KEYS, and then nothing is stored, signed or sent.

    Raises KeysError, KeyFileError, StoreError, ValueError: an API that is half configured must not run.
    """
    keys = read_keys(options.get(API_KEYS, ""))
    return Gateway(options, settings, keys) if keys else None
