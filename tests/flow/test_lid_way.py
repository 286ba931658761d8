"""Lids on their way, told from pictures that are exchanged."""

from __future__ import annotations

import pytest

from core.flow.lid_way import LidWay
from core.flow.lids import Lids
from core.settings import BlinkSettings

FPS = 15
OPEN = [0.12, 0.11, 0.13, 0.12, 0.12, 0.13, 0.12, 0.11]


def seen(during: list[float], after: list[float], *, shut_from: float = 0.45, before: list[float] = OPEN) -> bool:
    """What is said of a closure with those scores; the eye model sees a shut eye from `shut_from` on."""
    shapes = [*before, *during, *after]
    frames = [
        Lids(i / FPS, closure=s, widest=min(s, 0.3) if s < shut_from else 1.0, shape=s, seen_shut=float(s >= shut_from),
             covered=False, hidden=False, speed=0.0)
        for i, s in enumerate(shapes)
    ]  # fmt: skip
    start, end = len(before) - 1, len(before) + len(during)
    return LidWay(BlinkSettings()).seen(frames, start / FPS, end / FPS)


@pytest.mark.parametrize(
    ("during", "after"),
    [
        ([0.35, 0.6], [0.12, 0.12, 0.12]),
        ([0.6, 0.6, 0.3], [0.12, 0.12, 0.12]),
        ([0.6], [0.24, 0.2, 0.15, 0.12]),
        ([0.6], [0.12, 0.06, 0.03, 0.03]),
    ],
    ids=["closing", "opening", "opening slowly at last", "with the gaze going up"],
)
def test_should_see_lids_on_their_way(during: list[float], after: list[float]) -> None:
    assert seen(during, after)


@pytest.mark.parametrize(
    ("during", "after"),
    [
        ([0.6, 0.61, 0.58], [0.12, 0.13, 0.12, 0.11]),
        ([0.6, 0.6], [0.22, 0.22, 0.21, 0.22]),
        ([0.6], [0.14, 0.12, 0.12, 0.12]),
    ],
    ids=["exchanged", "a third picture of half shut eyes", "noise"],
)
def test_should_see_none_where_pictures_are_exchanged(during: list[float], after: list[float]) -> None:
    assert not seen(during, after)


def test_should_not_take_two_pictures_mixed_in_one_frame_for_lids() -> None:
    assert not seen([0.6, 0.6, 0.35], [0.12, 0.12, 0.12], shut_from=0.3)


def test_should_take_two_such_frames_for_lids() -> None:
    assert seen([0.6, 0.45, 0.32], [0.12, 0.12, 0.12], shut_from=0.3)


def test_should_ask_for_more_where_the_score_is_noisy() -> None:
    noisy = [0.1, 0.14, 0.1, 0.14, 0.1, 0.14, 0.1, 0.14]
    assert seen([0.6], [0.18, 0.12, 0.12, 0.12])
    assert not seen([0.6], [0.18, 0.12, 0.12, 0.12], before=noisy)
