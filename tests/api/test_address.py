from __future__ import annotations

import pytest

from core.api.address import AddressRefused, check_url, read_networks, target

PUBLIC = "93.184.216.34"
PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # where clouds keep credentials
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "198.18.0.1",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:10.0.0.1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",  # NAT64 of 127.0.0.1
    "2002:7f00:1::",  # 6to4 of it
]


@pytest.mark.parametrize("ip", PRIVATE)
def test_should_send_nothing_to_a_private_address(ip: str) -> None:
    with pytest.raises(AddressRefused):
        target("https://shop.example/hook", [], lambda host, port: [ip])


@pytest.mark.parametrize("ip", PRIVATE)
def test_should_refuse_a_name_that_leads_to_a_public_and_a_private_place(ip: str) -> None:
    with pytest.raises(AddressRefused):
        target("https://shop.example/hook", [], lambda host, port: [PUBLIC, ip])


def test_should_connect_to_the_very_address_that_was_looked_at() -> None:
    asked: list[tuple[str, int]] = []

    def look_up(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return [PUBLIC]

    found = target("https://Shop.example/hook?a=1#x", [], look_up)
    assert (found.ip, found.host, found.port, found.path, found.secure) == (
        PUBLIC,
        "shop.example",
        443,
        "/hook?a=1",
        True,
    )
    assert asked == [("shop.example", 443)]


def test_should_go_to_private_networks_that_were_allowed_by_plain_http_too() -> None:
    allowed = read_networks("10.1.0.0/16, 127.0.0.1,fd00::/8")
    assert target("http://inside:8080/", allowed, lambda host, port: ["10.1.9.9"]).port == 8080
    assert target("https://inside/", allowed, lambda host, port: ["fd00::1"]).ip == "fd00::1"
    for url, ip in (("http://inside/", "10.2.0.1"), ("http://inside/", PUBLIC), ("https://inside/", "::1")):
        with pytest.raises(AddressRefused):
            target(url, allowed, lambda host, port, ip=ip: [ip])  # type: ignore[misc]


@pytest.mark.parametrize(
    "url",
    [
        "",
        "shop.example",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "https://",
        "https:///hook",
        "https://user:secret@shop.example/",
        "https://shop.example:99999/",
        "https://shop.example:x/",
        "https://[::1/",
        "https://" + "a" * 300 + "/",
        "https://a..b/",
    ],
)
def test_should_refuse_what_is_no_address(url: str) -> None:
    with pytest.raises(AddressRefused):
        check_url(url)


@pytest.mark.parametrize("url", ["https://2130706433/", "https://0x7f.1/", "https://127.1/"])
def test_should_judge_odd_spellings_by_where_they_lead(url: str) -> None:
    with pytest.raises((AddressRefused, OSError)):
        target(url, [])
