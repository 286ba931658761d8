from __future__ import annotations

import pytest

from core.server.access import AccessCode, Verdict, client_address
from core.settings import AccessSettings
from tests.fakes import Clock

LIMITS = AccessSettings(attempts=3, attempts_all=5, window_s=60.0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def access(clock: Clock) -> AccessCode:
    return AccessCode("right", LIMITS, clock)


def test_should_open_to_the_code_and_to_nothing_else(access: AccessCode) -> None:
    assert access.try_code("a", " right\n").passed
    assert not any(access.try_code(str(n), code).passed for n, code in enumerate(("", "Right", "righ", "rightt", "ré")))


def test_should_take_a_code_from_a_file_that_ends_in_a_new_line() -> None:
    assert AccessCode("right\n", LIMITS).try_code("a", "right").passed


def test_should_be_asked_for_by_nobody_when_there_is_no_code() -> None:
    assert not AccessCode("", LIMITS).required


def test_should_make_a_client_wait_after_wrong_codes_even_with_the_right_one(access: AccessCode, clock: Clock) -> None:
    assert [access.try_code("a", "x").wait_s for _ in range(3)] == [0.0, 0.0, 60.0]
    clock.now = 20.0
    assert access.try_code("a", "right") == Verdict(False, 40.0)
    assert access.try_code("b", "right").passed
    clock.now = 60.0
    assert access.try_code("a", "right").passed


def test_should_make_everybody_wait_after_many_wrong_codes(access: AccessCode, clock: Clock) -> None:
    for number in range(5):
        access.try_code(f"{number}", "x")
    assert access.try_code("new", "right") == Verdict(False, 60.0)
    clock.now = 60.0
    assert access.try_code("new", "right").passed


def test_should_not_keep_the_addresses_of_clients_for_long(access: AccessCode, clock: Clock) -> None:
    access.try_code("a", "x")
    clock.now = 61.0
    access.try_code("b", "right")
    assert access._clients == {}


@pytest.mark.parametrize(("options", "address"), [({}, "10.0.0.9"), ({"TRUST_PROXY": "1"}, "2.2.2.2")])
def test_should_believe_the_proxys_header_only_when_told_so(options: dict[str, str], address: str) -> None:
    for forwarded in (["1.1.1.1, 2.2.2.2"], ["1.1.1.1", "2.2.2.2"]):
        assert client_address("10.0.0.9", forwarded, options) == address
    assert client_address(None, [], options) == "local"
