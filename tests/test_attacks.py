"""Each attack species once, and a person, through the whole pipeline, on the astronaut's footage."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from benchmarks.attacks.attempt import run
from benchmarks.attacks.camera import Camera
from benchmarks.attacks.people import Sitter
from benchmarks.attacks.replays import RoundCamera
from benchmarks.attacks.report import summary, upper
from benchmarks.attacks.sources import Sources
from benchmarks.attacks.species import SPECIES, Swapped

CAMERA = Camera(fps=15.0, noise=1.5, quality=85)


@pytest.fixture(scope="module")
def sources() -> Sources:
    return Sources(None, None)


@pytest.mark.parametrize("name", SPECIES)
def test_should_not_capture(name: str, sources: Sources) -> None:
    rng = np.random.default_rng(5)
    attack = SPECIES[name](sources, rng)
    outcome = run(attack, CAMERA, rng, min(getattr(attack, "seconds", 0.0), 8.0))
    assert not outcome.captured
    if isinstance(attack, Swapped):
        assert outcome.swapped is not None
        called = [t for t, _ in outcome.restarts if t >= outcome.swapped]
        assert called
        assert outcome.shown is None or called[0] <= outcome.shown + 0.3


def test_should_notice_how_a_print_turns_that_is_tilted(sources: Sources) -> None:
    rng = np.random.default_rng(5)
    outcome = run(SPECIES["print tilted, bent, moved"](sources, rng), CAMERA, rng, 4.0)
    assert "plane" in {sign for _, sign in outcome.suspected}


def test_should_show_the_same_again_where_a_clip_goes_round(sources: Sources) -> None:
    camera = RoundCamera(sources, np.random.default_rng(5))
    assert 2.5 <= camera.round_s < 8.0
    assert (camera.look(0.7, None) == camera.look(0.7 + camera.round_s, None)).mean() > 0.99


def test_should_capture_a_person_who_blinks_when_asked(sources: Sources) -> None:
    rng = np.random.default_rng(4)
    outcome = run(Sitter(sources.portrait(rng), rng), CAMERA, rng, 10.0)
    assert outcome.captured
    assert outcome.seconds < 6.0
    assert outcome.suspected == []


@pytest.mark.parametrize(
    ("hits", "trials", "bound"), [(0, 150, 0.0198), (0, 10, 0.2589), (3, 100, 0.0757), (5, 5, 1.0)]
)
def test_should_give_the_upper_bound_of_clopper_and_pearson(hits: int, trials: int, bound: float) -> None:
    assert upper(hits, trials) == pytest.approx(bound, abs=1e-4)


def test_should_not_take_a_swap_for_one_that_never_came_about() -> None:
    outcome: dict[str, Any]
    outcome = {"captured": True, "shown": None, "swapped": None, "restarts": [], "seconds": 4.0, "condition": ""}
    swapped = {**outcome, "captured": False, "swapped": 2.0, "shown": 2.1, "restarts": [(2.2, "face_changed")]}
    figures = summary({"swap": [outcome, swapped]}, "made up")["attacks"]["swap"]
    assert (figures["attempts"], figures["captured"]) == (1, 0)
    assert figures["called_s"]["max"] == pytest.approx(0.1)
