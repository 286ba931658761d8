from __future__ import annotations

import pytest

from core.server.access import Door, Verdict, client_address
from core.settings import DoorSettings
from tests.fakes import Clock

LIMITS = DoorSettings(attempts=3, attempts_all=5, window_s=60.0)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def door(clock: Clock) -> Door:
    return Door("right", LIMITS, clock)


def test_should_open_to_the_code_and_to_nothing_else(door: Door) -> None:
    assert door.knock("a", " right\n").passed
    assert not any(door.knock(str(n), code).passed for n, code in enumerate(("", "Right", "righ", "rightt", "ré")))


def test_should_take_a_code_from_a_file_that_ends_in_a_new_line() -> None:
    assert Door("right\n", LIMITS).knock("a", "right").passed


def test_should_be_open_when_there_is_no_code() -> None:
    assert not Door("", LIMITS).locked


def test_should_make_a_client_wait_after_some_wrong_codes_even_with_the_right_one(door: Door, clock: Clock) -> None:
    assert [door.knock("a", "x").wait_s for _ in range(3)] == [0.0, 0.0, 60.0]
    clock.now = 20.0
    assert door.knock("a", "right") == Verdict(False, 40.0)
    assert door.knock("b", "right").passed
    clock.now = 60.0
    assert door.knock("a", "right").passed


def test_should_close_to_everybody_after_many_wrong_codes(door: Door, clock: Clock) -> None:
    for number in range(5):
        door.knock(f"{number}", "x")
    assert door.knock("new", "right") == Verdict(False, 60.0)
    clock.now = 60.0
    assert door.knock("new", "right").passed


def test_should_not_keep_the_addresses_of_clients_for_long(door: Door, clock: Clock) -> None:
    door.knock("a", "x")
    clock.now = 61.0
    door.knock("b", "right")
    assert door._clients == {}


@pytest.mark.parametrize(("options", "address"), [({}, "10.0.0.9"), ({"TRUST_PROXY": "1"}, "2.2.2.2")])
def test_should_believe_the_proxys_header_only_when_told_so(options: dict[str, str], address: str) -> None:
    for forwarded in (["1.1.1.1, 2.2.2.2"], ["1.1.1.1", "2.2.2.2"]):
        assert client_address("10.0.0.9", forwarded, options) == address
    assert client_address(None, [], options) == "local"
