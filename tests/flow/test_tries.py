"""Tries and progress of one attempt."""

from core.flow.tries import Tries
from core.settings import AttemptSettings


def test_should_be_idle_when_nothing_new_is_reached() -> None:
    tries = Tries(AttemptSettings(idle_s=30.0))
    tries.begin(5.0)
    tries.begin(6.0)
    assert tries.started == 5.0
    tries.mark(10.0, (1, 0))
    tries.mark(20.0, (0, 0))
    tries.mark(30.0, (1, 0))
    assert not tries.idle(39.0)
    assert tries.idle(40.0)


def test_should_count_failed_tries_and_give_each_its_full_time() -> None:
    tries = Tries(AttemptSettings(idle_s=30.0, tries=2))
    tries.begin(0.0)
    tries.mark(1.0, (2, 1))
    tries.fail(20.0)
    assert tries.left == 1
    assert not tries.idle(49.0)
    tries.mark(49.0, (1, 0))  # reached anew in this try
    assert not tries.idle(78.0)
    tries.fail(80.0)
    assert tries.left == 0
