"""Ways through firewalls: which STUN and TURN servers the browser and the server use, and whether they work.

Read from options, the first that is there:

    TURN_URLS + TURN_SECRET                    coturn's shared secret: time-limited credentials for each session
    TURN_URLS + TURN_USERNAME, TURN_PASSWORD   a static TURN server
    CLOUDFLARE_TURN_KEY_ID, CLOUDFLARE_TURN_KEY_API_TOKEN
    TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN
    ICE_URL [+ ICE_TOKEN]                      any other provider that answers GET with a list of servers
    nothing                                    a public STUN server; none when the page is opened on this very machine

ICE_RELAY_ONLY=1 makes the browser use TURN alone, which shows whether TURN works.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import logging
import re
import ssl
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import requests
from aioice import stun, turn
from aiortc.rtcicetransport import parse_stun_turn_uri

from core.options import Options, switched_on
from core.settings import IceSettings

logger = logging.getLogger(__name__)

Server = dict[str, Any]
"""One entry of WebRTC's iceServers: urls, and for TURN username and credential."""

PUBLIC_STUN: Server = {"urls": ["stun:stun.l.google.com:19302"]}
CLOUDFLARE = "https://rtc.live.cloudflare.com/v1/turn/keys/{}/credentials/generate-ice-servers"
TWILIO = "https://api.twilio.com/2010-04-01/Accounts/{}/Tokens.json"


@dataclass(frozen=True)
class Ice:
    """What one session uses. trouble: the part of a text key that says what is wrong with the configuration."""

    servers: tuple[Server, ...] = ()
    relay_only: bool = False
    trouble: str | None = None

    @property
    def frontend(self) -> dict[str, Any]:
        """RTCConfiguration of the browser."""
        policy = {"iceTransportPolicy": "relay"} if self.relay_only else {}
        return {"iceServers": list(self.servers)} | policy

    @property
    def server(self) -> dict[str, Any]:
        """RTCConfiguration of the server's end, which knows no relay-only."""
        return {"iceServers": list(self.servers)}


class IceError(Exception):
    """The configuration can't be used; `key` is the part of a text key that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class IceSource:
    """Makes an `Ice` for each session. Asks a provider at most once in a while, whatever it answers."""

    def __init__(self, options: Options, settings: IceSettings, clock: Callable[[], float] = time.time) -> None:
        """clock: seconds since 1970, for the end of the credentials."""
        self._options = options
        self._settings = settings
        self._clock = clock
        self._lock = threading.Lock()
        self._answer: tuple[Server, ...] = ()
        self._answer_until = self._ask_again = 0.0
        self._failure: str | None = None

    def ice(self, session: str, *, local: bool = False) -> Ice:
        """The servers for `session`, a name without meaning; never raises.

        local: browser and server are one machine.
        """
        relay_only = switched_on(self._options, "ICE_RELAY_ONLY")
        trouble = None
        try:
            servers = self._configured(session)
        except IceError as error:
            servers, trouble = (), error.key
        if relay_only and not any(url.startswith("turn") for server in servers for url in server["urls"]):
            trouble = trouble or "relay_without_turn"
        if not servers and not local:
            servers = (PUBLIC_STUN,)
        return Ice(servers, relay_only, trouble)

    def _configured(self, session: str) -> tuple[Server, ...]:
        options = self._options
        if urls := _split(options.get("TURN_URLS", "")):
            if secret := options.get("TURN_SECRET"):
                return (checked({"urls": urls, **self._signed(session, secret)}),)
            name, password = options.get("TURN_USERNAME"), options.get("TURN_PASSWORD")
            if not (name and password):
                raise IceError("turn_without_password")
            return (checked({"urls": urls, "username": name, "credential": password}),)
        request = self._request()
        return self._provided(request) if request else ()

    def _signed(self, session: str, secret: str) -> Server:
        """coturn's REST API: the name is when it ends, the password its HMAC-SHA1 under the shared secret."""
        name = f"{int(self._clock() + self._settings.ttl_s)}:{session}"
        digest = hmac.new(secret.encode(), name.encode(), hashlib.sha1).digest()
        return {"username": name, "credential": base64.b64encode(digest).decode()}

    def _request(self) -> dict[str, Any] | None:
        options, ttl = self._options, int(self._settings.ttl_s * 2)
        key, token = options.get("CLOUDFLARE_TURN_KEY_ID"), options.get("CLOUDFLARE_TURN_KEY_API_TOKEN")
        if key and token:
            return {"method": "POST", "url": CLOUDFLARE.format(key), "json": {"ttl": ttl}, "headers": _bearer(token)}
        account, token = options.get("TWILIO_ACCOUNT_SID"), options.get("TWILIO_AUTH_TOKEN")
        if account and token:
            return {"method": "POST", "url": TWILIO.format(account), "data": {"Ttl": ttl}, "auth": (account, token)}
        if url := options.get("ICE_URL"):
            return {"method": "GET", "url": url, "headers": _bearer(options.get("ICE_TOKEN"))}
        return None

    def _provided(self, request: dict[str, Any]) -> tuple[Server, ...]:
        with self._lock:
            now = self._clock()
            if now >= self._ask_again:
                try:
                    self._answer, self._failure = self._ask(request), None
                    self._answer_until = now + 2 * self._settings.ttl_s
                    self._ask_again = now + self._settings.ttl_s
                except IceError as error:
                    self._failure = error.key
                    self._ask_again = now + self._settings.retry_s
                    logger.warning("The ICE provider gave no servers: %s", error.key)
            if self._failure and now >= self._answer_until:
                raise IceError(self._failure)
            return self._answer

    def _ask(self, request: dict[str, Any]) -> tuple[Server, ...]:
        try:
            response = requests.request(**request, timeout=self._settings.timeout_s, allow_redirects=False)
        except requests.RequestException as error:
            raise IceError("provider_silent") from error
        if response.status_code in (401, 403):
            raise IceError("provider_refused")
        try:
            response.raise_for_status()
            return parse_servers(response.json())
        except (requests.RequestException, ValueError) as error:
            raise IceError("provider_wrong") from error


def parse_servers(answer: Any) -> tuple[Server, ...]:
    """The servers in a provider's answer: a list, one server, or either under iceServers or ice_servers.

    Raises ValueError for anything else.
    """
    if isinstance(answer, dict):
        answer = answer.get("iceServers") or answer.get("ice_servers") or answer
    entries = answer if isinstance(answer, list) else [answer]
    servers = []
    for entry in entries:
        if not isinstance(entry, dict) or not (entry.get("urls") or entry.get("url")):
            raise ValueError("not a list of ICE servers")
        urls = entry.get("urls") or entry["url"]
        if not isinstance(urls, str | list):
            raise ValueError("not a list of addresses")
        server: Server = {"urls": [urls] if isinstance(urls, str) else urls}
        server |= {name: str(entry[name]) for name in ("username", "credential") if entry.get(name)}
        try:
            servers.append(checked(server))
        except IceError as error:
            raise ValueError(str(error)) from error
    if not servers:
        raise ValueError("no ICE servers")
    return tuple(servers)


def checked(server: Server) -> Server:
    """The server itself. Raises IceError when one of its addresses is none: the browser would refuse all of them."""
    for url in server["urls"]:
        try:
            parse_stun_turn_uri(url)
        except (ValueError, TypeError, AttributeError) as error:
            raise IceError("wrong_address") from error
    return server


def probe(ice: Ice, timeout_s: float) -> str | None:
    """Try the TURN servers for real: None when each gives out a relay address, else the part of a text key.

    Takes at most `timeout_s` seconds; not to be called on an event loop.
    """
    entries = [
        (parse_stun_turn_uri(url), server) for server in ice.servers for url in server["urls"] if url.startswith("turn")
    ]

    async def every() -> list[str | None]:
        return list(await asyncio.gather(*(_allocate(*entry, timeout_s) for entry in entries)))

    return next((trouble for trouble in asyncio.run(every()) if trouble), None)


async def _allocate(address: dict[str, Any], server: Server, timeout_s: float) -> str | None:
    try:
        transport, _ = await asyncio.wait_for(
            turn.create_turn_endpoint(
                asyncio.DatagramProtocol,
                (address["host"], address["port"]),
                server.get("username"),
                server.get("credential"),
                ssl=ssl.create_default_context() if address["scheme"] == "turns" else None,
                transport=address["transport"],
            ),
            timeout_s,
        )
    except stun.TransactionFailed:
        return "turn_refused"
    except (OSError, asyncio.TimeoutError, stun.TransactionError):
        return "turn_silent"
    transport.close()
    return None


def _split(addresses: str) -> list[str]:
    return [address for address in re.split(r"[\s,]+", addresses) if address]


def _bearer(token: str | None) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"} if token else {}
