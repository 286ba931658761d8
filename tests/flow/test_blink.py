"""Blinks, with readings made by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.flow.blink import Blink, BlinkDetector
from core.flow.snapshot import Uncounted
from core.regions import EYES, Region
from core.settings import BlinkSettings
from core.vision.reading import EyeScores, RegionReading, State
from tests.flow.script import Look, Script, blink, during, reading


def blinks(script: Script, seconds: float = 4.0) -> list[Blink]:
    detector = BlinkDetector(BlinkSettings())
    found = [detector.update(r) for r in script.readings(seconds)]
    return [b for b in found if b is not None]


@pytest.mark.parametrize("fps", [12, 15, 20, 30, 60])
@pytest.mark.parametrize("seconds", [0.15, 0.25, 0.4, 0.7])
def test_should_find_a_blink_at_any_rate(fps: int, seconds: float) -> None:
    found = blinks(Script(fps).then(blink(1.03, seconds)))
    if seconds * fps > 3:  # a shorter one may fall between two frames
        assert len(found) == 1
        assert found[0].counts
        assert 0.95 <= found[0].start <= 1.08 + seconds / 4
        assert found[0].end == pytest.approx(1.03 + seconds, abs=0.2)
    else:
        assert len(found) <= 1


def test_should_find_each_of_several_blinks() -> None:
    assert len(blinks(Script().then(*(blink(at) for at in (0.5, 1.0, 1.8, 3.2))))) == 4


@pytest.mark.parametrize(
    "change",
    [
        blink(1.0, eyes=(Region.LEFT_EYE,)),
        blink(1.0, depth=0.4),
        during(1.0, 3.0, shut=(1.0, 1.0)),
        during(1.0, 9.0, shut=(1.0, 1.0)),
        during(0.0, 1.0, shut=(1.0, 1.0)),
        during(1.0, 1.3, blocked=frozenset(EYES)),
        during(1.0, 1.3, glare=frozenset(EYES)),
        during(1.0, 1.3, faces=0),
    ],
    ids=["wink", "squint", "long", "shut for good", "open at last", "hand", "glare", "gone"],
)
def test_should_not_take_it_for_a_blink(change: object) -> None:
    assert blinks(Script().then(change)) == []  # type: ignore[arg-type]


def test_should_go_by_the_blendshape_where_the_eye_model_knows_neither_open_nor_closed() -> None:
    detector, found = BlinkDetector(BlinkSettings()), []
    for r in Script().then(blink(1.0)).readings(3.0):
        regions = dict(r.regions)
        if 1.0 < r.t < 1.25:
            unsure = EyeScores(open=0.2, closed=0.05, blocked=0.75, glare=0.0)
            regions |= {eye: RegionReading(State.OPEN, 0.0, unsure) for eye in EYES}
        found.append(detector.update(replace(r, regions=regions)))
    assert sum(b is not None for b in found) == 1


def test_should_not_trust_a_closure_under_a_hand() -> None:
    hand = during(0.95, 1.35, blocked=frozenset({Region.LEFT_EYE}))
    assert blinks(Script().then(blink(1.0, 0.3), hand)) == []


def test_should_not_trust_a_closure_that_fell_into_a_gap() -> None:
    readings = [r for r in Script(30).then(blink(1.0)).readings(3.0) if not 0.9 < r.t < 1.2]
    detector = BlinkDetector(BlinkSettings())
    assert not any(detector.update(r) for r in readings)


def test_should_find_blinks_between_uneven_frames() -> None:
    rng = np.random.default_rng(3)
    times = np.cumsum(rng.uniform(0.02, 0.08, 90))
    changes = [blink(at) for at in (0.7, 1.6, 2.9)]
    detector, found = BlinkDetector(BlinkSettings()), 0
    for t in times:
        look = Look()
        for change in changes:
            look = change(look, float(t))
        found += detector.update(reading(look, float(t))) is not None
    assert found == 3


def shaken(hertz: float, px: float) -> object:
    """A phone in a hand: the picture trembles, both ways."""
    return lambda look, t: replace(look, at=(px * np.sin(2 * np.pi * hertz * t), px * np.cos(2.6 * np.pi * hertz * t)))


@pytest.mark.parametrize("fps", [12, 15, 24, 30])
def test_should_count_a_blink_in_a_hand_that_shakes(fps: int) -> None:
    found = blinks(Script(fps).then(blink(1.03, 0.3), shaken(6.0, 4.0)))  # type: ignore[arg-type]
    assert [b.counts for b in found] == [True]


@pytest.mark.parametrize("fps", [12, 15, 24, 30])
@pytest.mark.parametrize("at", [1.0, 1.02, 1.04, 1.06])
@pytest.mark.parametrize("seconds", [0.3, 0.4])
def test_should_count_lids_that_are_seen_on_their_way_at_any_rate(fps: int, at: float, seconds: float) -> None:
    assert [b.counts for b in blinks(Script(fps).then(blink(at, seconds)))] == [True]


@pytest.mark.parametrize("fps", [12, 15, 24, 30])
@pytest.mark.parametrize("seconds", [0.14, 0.3, 0.6])
def test_should_not_count_pictures_that_are_exchanged_at_any_rate(fps: int, seconds: float) -> None:
    found = blinks(Script(fps).then(during(1.02, 1.02 + seconds, shut=(1.0, 1.0))))
    assert [b.why for b in found] in ([Uncounted.LIDS_NOT_SEEN], [])


EXCHANGED = during(1.02, 1.32, shut=(1.0, 1.0))
HIDDEN = during(0.86, 1.12, blocked=frozenset({Region.LEFT_EYE}))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ([EXCHANGED], Uncounted.LIDS_NOT_SEEN),
        ([EXCHANGED, HIDDEN], Uncounted.EYES_COVERED),
        (
            [blink(1.0, 0.3), *(during(0.9 + i / 20, 0.95 + i / 20, at=(60.0 * (i % 2), 0.0)) for i in range(10))],
            Uncounted.MOVING,
        ),
    ],
    ids=["lids not seen", "covered", "moving"],
)
def test_should_say_why_a_blink_does_not_count(changes: list, why: Uncounted) -> None:
    assert [b.why for b in blinks(Script().then(*changes))] == [why]


def test_should_count_what_a_thing_half_hides_where_the_lids_are_plainly_seen() -> None:
    assert [b.counts for b in blinks(Script(30).then(blink(1.0, 0.4), HIDDEN))] == [True]


@pytest.mark.parametrize(
    ("follows", "seconds", "why"),
    [(0.55, 0.5, None), (0.55, 0.14, Uncounted.CHANGED), (0.47, 0.5, Uncounted.CHANGED)],
    ids=["plainly seen", "hardly seen", "another face"],
)
def test_should_ask_for_more_where_the_face_changes(follows: float, seconds: float, why: Uncounted | None) -> None:
    detector, found = BlinkDetector(BlinkSettings()), []
    for r in Script(20).then(blink(1.03, seconds)).readings(3.0):
        found.append(detector.update(r, follows if 1.1 < r.t < 1.16 else 0.95))
    assert [b.why for b in found if b] == [why]


def test_should_take_a_cut_for_no_blink() -> None:
    detector = BlinkDetector(BlinkSettings())
    readings = Script(20).then(blink(1.03, 0.4)).readings(3.0)
    assert not any(detector.update(r, 0.3 if 1.1 < r.t < 1.16 else 0.95) for r in readings)


def test_should_say_that_eyes_were_shut_for_too_long() -> None:
    assert [b.why for b in blinks(Script().then(blink(1.0, 2.0)))] == [Uncounted.TOO_LONG]


def test_should_see_a_blink_of_two_frames() -> None:
    readings = [reading(Look(shut=(s, s)), i / 30) for i, s in enumerate([0.0] * 30 + [1.0, 0.4] + [0.0] * 30)]
    detector = BlinkDetector(BlinkSettings())
    found = [b for b in (detector.update(r) for r in readings) if b]
    assert [b.counts for b in found] == [True]
    assert found[0].end - found[0].start <= 0.11


def test_should_count_a_blink_behind_a_reflection_that_comes_and_goes() -> None:
    shine = [during(at, at + 0.04, glare=frozenset({Region.RIGHT_EYE})) for at in (0.49, 0.94, 1.14, 1.39)]
    assert [b.counts for b in blinks(Script(20).then(blink(1.0, 0.3), *shine))] == [True]


def test_should_not_be_shaken_by_two_frames_at_once() -> None:
    readings = [
        replace(r, t=r.t + extra)
        for r in Script(15).then(blink(1.03, 0.3), shaken(4.0, 1.0)).readings(3.0)  # type: ignore[arg-type]
        for extra in (0.0, 0.001)
    ]
    detector = BlinkDetector(BlinkSettings())
    assert [b.counts for b in (detector.update(r) for r in readings) if b] == [True]


def test_should_tell_a_blink_at_once_when_the_lids_were_seen_and_later_when_not() -> None:
    for change, late in ((blink(1.0, 0.3), 0.05), (during(1.0, 1.3, shut=(1.0, 1.0)), 0.35)):
        detector = BlinkDetector(BlinkSettings())
        told = [(r.t, b) for r in Script(20).then(change).readings(3.0) if (b := detector.update(r))]
        assert len(told) == 1
        assert told[0][0] - told[0][1].end <= late


def test_should_keep_to_the_closure_until_it_is_judged() -> None:
    detector, closing = BlinkDetector(BlinkSettings()), {}
    for r in Script(20).then(during(1.0, 1.3, shut=(1.0, 1.0))).readings(3.0):
        detector.update(r)
        closing[round(r.t, 2)] = detector.closing
    assert closing[0.95] is None
    assert closing[1.2] == closing[1.4] == pytest.approx(0.95)
    assert closing[2.0] is None
