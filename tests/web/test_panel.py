from __future__ import annotations

import re
from dataclasses import replace

import pytest

from core.flow.snapshot import Blinked, Phase, Reason, Restarted, Signals, Suspected
from core.regions import Region
from core.stream.live import Sample, View
from core.vision.reading import Sign, State
from core.web.panel import chart, coverage, suspicions, timeline
from tests.fakes import CLEAR, snapshot


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.web.language.language", lambda: "en")


def samples(*rows: tuple[float, Phase, float | None]) -> tuple[Sample, ...]:
    return tuple(Sample(t, phase, Signals(closure=closure, closed_above=0.5)) for t, phase, closure in rows)


P, B, C = Phase.POSITION, Phase.BLINK, Phase.CHECK


def test_should_draw_the_signal_from_left_to_right_and_high_values_high() -> None:
    drawn = chart(
        "Blink", samples((0, B, 0.0), (5, B, 1.0), (10, B, 0.25)), lambda sample: sample.signals.closure, (), 10
    )

    assert 'class="signal" d="M0.0 90.0L300.0 0.0L600.0 67.5"' in drawn
    assert "Blink: now 0.25" in drawn


def test_should_leave_a_gap_where_there_is_no_signal() -> None:
    drawn = chart(
        "Blink", samples((0, B, 0.5), (5, B, None), (10, B, 0.5)), lambda sample: sample.signals.closure, (), 10
    )

    assert 'd="M0.0 45.0M600.0 45.0"' in drawn


def test_should_draw_the_thresholds() -> None:
    drawn = chart("Blink", samples((0, B, 0.1), (10, B, 0.1)), lambda _: None, (lambda s: s.signals.closed_above,), 10)

    assert 'class="limit" d="M0.0 45.0L600.0 45.0"' in drawn
    assert "Blink: now –, threshold 0.50" in drawn


def test_should_show_each_phase_as_long_as_it_lasted() -> None:
    view = View(snapshot=snapshot(), samples=samples((0, P, None), (4, B, None), (6, C, None), (10, C, None)))

    bands = re.findall(r'<g class="(\w+)">.*?x="([\d.]+)" width="([\d.]+)"', timeline(view, 10))

    assert bands == [("position", "0.0", "240.0"), ("blink", "240.0", "120.0"), ("check", "360.0", "240.0")]


def test_should_mark_blinks_and_restarts_with_their_reason() -> None:
    view = View(
        snapshot=snapshot(),
        samples=samples((0, B, None), (10, C, None)),
        events=(Blinked(5.0, 0.2), Restarted(7.0, Reason.FACE_CHANGED), Blinked(-20.0, 0.2)),
    )

    drawn = timeline(view, 10)

    assert drawn.count('class="mark blink"') == 1
    assert "Blink of 0.20 s" in drawn
    assert "The face changed." in drawn


def test_should_show_the_covered_share_of_every_region() -> None:
    view = View(snapshot=snapshot(badges={**CLEAR, Region.MOUTH: State.BLOCKED}))

    rows = re.findall(r'<li( class="blocked")?><span>([\w ]+)</span>.*?width:(\d+)%', coverage(view))

    assert len(rows) == 10
    assert (' class="blocked"', "Mouth", "90") in rows
    assert ("", "Nose", "2") in rows


def test_should_show_no_figures_without_a_face() -> None:
    assert coverage(View()).count("–") == 10


def test_should_say_what_makes_the_face_look_shown() -> None:
    assert suspicions(View()) == suspicions(View(snapshot=snapshot())) == ""

    drawn = suspicions(View(snapshot=replace(snapshot(), suspicions=(Suspected(1.0, Sign.PLANE, 0.8),))))

    assert "Turns like something flat" in drawn
