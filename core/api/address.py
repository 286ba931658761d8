"""Where a webhook may go: to public addresses, and to the private networks that were allowed by name."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]
"""A host's name and port -> its addresses. Raises OSError."""


class AddressRefused(ValueError):
    """Nothing is sent there."""


@dataclass(frozen=True)
class Target:
    """A webhook's address, looked up once: the connection goes to `ip` and nowhere else."""

    ip: str
    host: str
    port: int
    path: str
    secure: bool


def read_networks(told: str) -> list[IPNetwork]:
    """Networks between commas, such as "10.1.0.0/16, 127.0.0.1". Raises ValueError."""
    return [ipaddress.ip_network(part.strip()) for part in told.split(",") if part.strip()]


def check_url(url: str) -> None:
    """What can be told without looking it up: http or https, a host, a port, no password. Raises AddressRefused."""
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
            raise AddressRefused("not an address for a webhook")
        _ = parts.port
        parts.hostname.encode("idna")
    except ValueError as error:  # a port that is no number, a host that can't be one
        raise AddressRefused("not an address for a webhook") from error


def resolve(host: str, port: int) -> list[str]:
    """As the system does. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]).partition("%")[0] for *_, address in found]


def target(url: str, allowed: Sequence[IPNetwork], look_up: Resolve = resolve) -> Target:
    """Where to connect for this address. Plain http goes to allowed networks only. Raises AddressRefused, OSError.

    One forbidden address among several is enough to refuse: a name must not lead to a public place at one time and to
    a private one at another.
    """
    check_url(url)
    parts = urlsplit(url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    host = parts.hostname or ""
    addresses = [ipaddress.ip_address(text) for text in look_up(host, port)]
    if not addresses:
        raise AddressRefused("no address")
    for address in addresses:
        own = any(address.version == network.version and address in network for network in allowed)
        if not own and not (secure and public(address)):
            raise AddressRefused("a private address, or not https")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(str(addresses[0]), host, port, path, secure)


def public(address: IPAddress) -> bool:
    """Anyone on the internet could be there. Addresses that wrap another one are judged by that one, too."""
    if isinstance(address, ipaddress.IPv6Address):
        wrapped = address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)
        if wrapped is None and address in _NAT64:
            wrapped = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if wrapped is not None:
            return public(wrapped)
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
