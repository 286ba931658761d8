"""When a region's badge changes, and when it does not."""

from __future__ import annotations

import pytest

from core.flow.badges import Badges
from core.regions import EYES, Region
from core.settings import BadgeSettings
from core.vision.reading import State
from tests.flow.script import Script, blink, during

MOUTH = frozenset({Region.MOUTH})
Changed = tuple[float, Region, State]


def changes(script: Script, seconds: float, badges: Badges | None = None) -> list[Changed]:
    """(time, region, new state) of every change."""
    badges = badges or Badges(BadgeSettings())
    return [(r.t, region, state) for r in script.readings(seconds) for region, state in badges.update(r)]


def test_should_begin_with_a_free_face() -> None:
    badges = Badges(BadgeSettings())
    assert badges.states == {}
    assert changes(Script(), 0.1, badges) == []
    assert badges.states == {region: State.OPEN if region in EYES else State.CLEAR for region in Region}


@pytest.mark.parametrize("fps", [12, 30, 60])
def test_should_show_a_covered_region_after_a_moment_and_its_end_after_another(fps: int) -> None:
    seen = changes(Script(fps).then(during(1.0, 2.0, blocked=MOUTH)), 3.0)
    assert [(region, state) for _, region, state in seen] == [
        (Region.MOUTH, State.BLOCKED),
        (Region.MOUTH, State.CLEAR),
    ]
    assert 1.05 < seen[0][0] < 1.3
    assert 2.05 < seen[1][0] < 2.35


def test_should_not_show_what_covers_a_region_every_other_frame() -> None:
    flicker = (during(t / 20, (t + 1) / 20, blocked=MOUTH) for t in range(20, 60, 2))
    assert changes(Script(20).then(*flicker), 4.0) == []


def test_should_stay_blocked_where_it_is_seen_free_for_single_frames() -> None:
    free = during(1.5, 1.55, blocked=frozenset())
    seen = changes(Script(20).then(during(0.5, 3.0, blocked=MOUTH), free), 3.0)
    assert [state for _, _, state in seen] == [State.BLOCKED]


def test_should_call_no_region_blocked_while_the_head_is_turned() -> None:
    badges, seen = Badges(BadgeSettings()), []
    for reading in Script().then(during(0.5, 4.0, blocked=MOUTH)).readings(4.0):
        changed = badges.update(reading, turned=1.5 <= reading.t < 3.0)
        seen += [(reading.t, region, state) for region, state in changed]
    assert [(region, state) for _, region, state in seen] == [
        (Region.MOUTH, State.BLOCKED),
        (Region.MOUTH, State.CLEAR),
        (Region.MOUTH, State.BLOCKED),
    ]
    assert seen[1][0] == pytest.approx(1.5)
    assert 3.0 < seen[2][0] < 3.35


def test_should_show_shut_eyes_but_no_blink() -> None:
    assert changes(Script().then(blink(1.0)), 3.0) == []
    seen = changes(Script().then(during(1.0, 4.0, shut=(1.0, 1.0))), 4.0)
    assert {(region, state) for _, region, state in seen} == {(eye, State.CLOSED) for eye in EYES}
    assert all(1.3 < t < 2.0 for t, _, _ in seen)


def test_should_keep_the_states_through_a_short_gap_and_forget_them_in_a_long_one() -> None:
    badges = Badges(BadgeSettings())
    changes(Script().then(during(0.5, 9.0, blocked=MOUTH), during(2.0, 2.2, faces=0)), 2.2, badges)
    assert badges.states[Region.MOUTH] is State.BLOCKED

    badges = Badges(BadgeSettings())
    changes(Script().then(during(0.5, 9.0, blocked=MOUTH), during(2.0, 2.6, faces=0)), 2.6, badges)
    assert badges.states == {}
