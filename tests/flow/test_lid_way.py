"""What speaks for lids on their way, told from pictures that are exchanged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from core.flow.lid_way import LidWay
from core.flow.lids import Lids
from core.settings import BlinkSettings

FPS = 15
LIMITS = BlinkSettings()
# Shares of the way from open to shut.
OPEN = (0.0, 0.01, -0.01, 0.0, 0.01, 0.0, -0.01, 0.0)
SHUT = 1.0


def lids(t: float, way: float, seen_shut: float, *, wide: bool = False) -> Lids:
    """wide: eyes whose eyeBlink does not tell how far they are open."""
    shape = 0.12 + 0.48 * (max(way - 0.5, 0.0) * 2 if wide else way)
    return Lids(t, closure=way, widest=max(way, 0.0), gap=0.27 - 0.23 * way, shape=shape, seen_shut=seen_shut,
                covered=False, hidden=False, speed=0.0, follows=0.9)  # fmt: skip


def evidence(
    during: Sequence[float],
    after: Sequence[float],
    *,
    before: Sequence[float] = OPEN,
    seen: dict[float, float] | None = None,
    wide: bool = False,
    laid_every: int = 1,
) -> float:
    """For a closure with those ways; seen: what the eye model says of a frame whose way is named.

    laid_every: before it the mesh is laid on the first of so many frames, and on the last two.
    """
    ways = [*before, *during, *after]
    model = {way: float(way > 0.7) for way in ways} | (seen or {})
    frames = [lids(i / FPS, way, model[way], wide=wide) for i, way in enumerate(ways)]
    start, end = len(before) - 1, len(before) + len(during)
    frames = [replace(f, carried=i < start - 1 and i % laid_every > 0) for i, f in enumerate(frames)]
    return LidWay(LIMITS).evidence(frames, start / FPS, end / FPS)


@pytest.mark.parametrize(
    ("during", "after"),
    [
        ([0.5, SHUT], [0.01, 0.0, 0.0]),
        ([SHUT, SHUT, 0.4], [0.01, 0.0, 0.0]),
        ([SHUT], [0.25, 0.15, 0.05, 0.0]),
        ([SHUT], [0.15, 0.0, -0.1, -0.1]),
        ([SHUT], [0.17, 0.11, 0.07, 0.03, 0.0]),
    ],
    ids=["closing", "opening", "opening slowly at last", "with the gaze going up", "faintly, but in two frames"],
)
def test_should_have_enough_where_lids_are_seen_on_their_way(during: list[float], after: list[float]) -> None:
    assert evidence(during, after) >= LIMITS.enough


def test_should_go_by_the_gap_where_eyes_are_so_wide_that_the_score_does_not_tell() -> None:
    assert evidence([SHUT, SHUT], [0.3, 0.02, 0.0, 0.0], wide=True) >= LIMITS.enough


@pytest.mark.parametrize(
    ("during", "after"),
    [
        ([SHUT, 1.01, 0.99], [0.0, 0.01, 0.0, 0.0]),
        ([SHUT, SHUT], [0.22, 0.22, 0.21, 0.22]),
        ([SHUT], [0.05, 0.0, 0.01, 0.0]),
    ],
    ids=["exchanged", "a third picture of half shut eyes", "noise"],
)
def test_should_have_nothing_where_pictures_are_exchanged(during: list[float], after: list[float]) -> None:
    assert evidence(during, after) == 0.0


def test_frames_without_a_mesh_should_not_make_open_eyes_look_calm() -> None:
    restless = [*[0.0, 0.0, 0.0, 0.2, 0.2, 0.2] * 2, 0.0, 0.0, 0.0, 0.0]
    opening = [0.25, 0.15, 0.05, 0.0]
    assert evidence([SHUT], opening, before=restless) > 0.0
    assert evidence([SHUT], opening, before=restless, laid_every=3) == 0.0


def test_eyes_that_opened_further_in_frames_without_a_mesh_should_be_measured_as_they_were_last() -> None:
    narrow = [*[0.15] * 7, 0.0, 0.0]
    closing, after = [0.25, SHUT], [0.0, 0.0, 0.0]
    assert evidence(closing, after, before=narrow) < LIMITS.enough
    assert evidence(closing, after, before=narrow, laid_every=7) >= LIMITS.enough


@pytest.mark.parametrize(("way", "seen_shut"), [(0.25, 0.3), (0.4, 0.8), (0.6, 0.95)])
def test_should_not_take_two_pictures_mixed_in_one_frame_for_lids(way: float, seen_shut: float) -> None:
    assert evidence([SHUT, SHUT, way], [0.0, 0.01, 0.0], seen={way: seen_shut}) < LIMITS.enough


def test_should_take_two_such_frames_for_lids() -> None:
    assert evidence([SHUT, 0.6, 0.4], [0.0, 0.01, 0.0], seen={0.6: 0.95, 0.4: 0.8}) >= LIMITS.enough


def test_should_have_more_the_more_frames_show_them() -> None:
    assert evidence([SHUT, SHUT], [0.4, 0.25, 0.15, 0.05, 0.0]) >= LIMITS.enough_in_doubt


def test_should_ask_for_more_where_the_eyes_are_restless() -> None:
    restless = (-0.05, 0.05) * 4
    assert evidence([SHUT], [0.22, 0.05, 0.0, 0.0]) >= LIMITS.enough
    assert evidence([SHUT], [0.22, 0.05, 0.0, 0.0], before=restless) < LIMITS.enough


def test_open_eyes_should_not_stray_by_more_where_frames_were_left_out() -> None:
    """A gaze that wanders: from one frame to the next it hardly moves, over three left out it does."""
    ways = [0.02 * (i if i < 8 else 16 - i) for i in range(16)]
    frames = [lids(i / FPS, way, 0.0) for i, way in enumerate(ways)]
    during = [lids(16 / FPS, SHUT, 1.0), lids(17 / FPS, 0.1, 0.0), lids(18 / FPS, 0.0, 0.0), lids(19 / FPS, 0.0, 0.0)]
    spared = [replace(frame, carried=i % 4 > 0) for i, frame in enumerate(frames)]
    some, every = (LidWay(LIMITS).evidence([*before, *during], 15 / FPS, 17 / FPS) for before in (spared, frames))
    assert some == every
