from __future__ import annotations

from core.server.admission import Admission, Place
from core.settings import AdmissionSettings
from tests.fakes import Clock

LIMITS = AdmissionSettings()


class Hall:
    """An admission whose clock and tabs the test holds."""

    def __init__(self, capacity: int) -> None:
        self.clock = Clock()
        self.admission = Admission(capacity, LIMITS, self.clock)
        self.gone: set[str] = set()

    def let_pass(self, seconds: float, busy: str = "") -> None:
        for _ in range(round(seconds / LIMITS.sweep_s)):
            self.clock.now += LIMITS.sweep_s
            for visitor in busy:
                self.admission.busy(visitor)
            self.admission.sweep(lambda visitor: visitor not in self.gone)


def test_should_admit_as_many_as_there_are_seats_and_line_up_the_others() -> None:
    admission = Hall(2).admission
    assert [admission.ask(visitor) for visitor in "abcd"] == [Place(True), Place(True), Place(line=1), Place(line=2)]
    assert (admission.live, admission.waiting) == (2, 2)


def test_should_let_the_first_in_line_in_when_a_seat_is_given_back() -> None:
    admission = Hall(1).admission
    for visitor in "abc":
        admission.ask(visitor)
    admission.leave("a")
    assert admission.ask("c") == Place(line=1)
    assert admission.ask("b") == Place(True)
    assert admission.ask("a") == Place(line=2)


def test_should_keep_a_seat_however_often_its_holder_asks() -> None:
    admission = Hall(1).admission
    assert {admission.ask("a") for _ in range(5)} == {Place(True)}
    assert admission.live == 1


def test_should_free_the_seat_of_a_lost_tab_within_three_seconds() -> None:
    hall = Hall(1)
    hall.admission.ask("a")
    hall.admission.ask("b")
    hall.gone.add("a")
    hall.let_pass(3.0)
    assert hall.admission.ask("b") == Place(True)


def test_should_forgive_a_short_break_of_the_line() -> None:
    hall = Hall(1)
    hall.admission.ask("a")
    hall.gone.add("a")
    hall.let_pass(1.5)
    hall.gone.clear()
    hall.let_pass(10.0)
    assert hall.admission.holds("a")


def test_should_forget_a_lost_tab_in_the_line() -> None:
    hall = Hall(1)
    for visitor in "abc":
        hall.admission.ask(visitor)
    hall.gone.add("b")
    hall.let_pass(3.0, busy="a")
    assert hall.admission.ask("c") == Place(line=1)


def test_should_free_a_seat_without_frames_after_a_minute_and_keep_one_with_frames() -> None:
    hall = Hall(2)
    hall.admission.ask("a")
    hall.admission.ask("b")
    hall.let_pass(59.0, busy="a")
    assert hall.admission.holds("b")
    hall.let_pass(3.0, busy="a")
    assert hall.admission.holds("a")
    assert not hall.admission.holds("b")


def test_should_give_those_in_line_the_new_seats_and_take_none_away() -> None:
    admission = Hall(1).admission
    for visitor in "abc":
        admission.ask(visitor)
    admission.resize(3)
    assert admission.live == 3
    admission.resize(1)
    assert admission.live == 3


def test_should_let_nobody_in_once_closed_but_let_the_others_finish() -> None:
    admission = Hall(2).admission
    admission.ask("a")
    admission.close()
    assert admission.ask("a") == Place(True)
    assert admission.ask("b") == Place(closed=True)
    assert admission.live == 1


def test_should_hold_fifty_at_once() -> None:
    admission = Hall(3).admission
    visitors = [str(number) for number in range(50)]
    assert sum(admission.ask(visitor).admitted for visitor in visitors) == 3
    for visitor in visitors:
        assert admission.ask(visitor).admitted
        admission.leave(visitor)
    assert (admission.live, admission.waiting) == (0, 0)
