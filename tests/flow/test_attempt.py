"""Tries and progress of one attempt."""

from core.flow.attempt import Attempt
from core.settings import AttemptSettings


def test_should_be_idle_when_nothing_new_is_reached() -> None:
    attempt = Attempt(AttemptSettings(idle_s=30.0))
    attempt.begin(5.0)
    attempt.begin(6.0)
    assert attempt.started == 5.0
    attempt.mark(10.0, 0)
    attempt.mark(20.0, -1)
    attempt.mark(30.0, 0)
    assert not attempt.idle(39.0)
    assert attempt.idle(40.0)


def test_should_count_failed_tries_and_give_each_its_full_time() -> None:
    attempt = Attempt(AttemptSettings(idle_s=30.0, tries=2))
    attempt.begin(0.0)
    attempt.mark(1.0, 100)
    attempt.fail(20.0)
    assert attempt.tries_left == 1
    assert not attempt.idle(49.0)
    attempt.mark(49.0, 0)  # reached anew in this try
    assert not attempt.idle(78.0)
    attempt.fail(80.0)
    assert attempt.tries_left == 0
    attempt.restart()
    assert (attempt.tries_left, attempt.started) == (2, None)
