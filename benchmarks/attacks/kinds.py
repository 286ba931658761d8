"""Every kind of attempt by its name, and how many of it make a table."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import cv2
import numpy as np

from benchmarks.attacks.attempt import Outcome, run
from benchmarks.attacks.camera import Camera
from benchmarks.attacks.genuine import genuine
from benchmarks.attacks.recorded import STARTS, filmed, recorded
from benchmarks.attacks.replays import REPLAYS
from benchmarks.attacks.sources import Sources
from benchmarks.attacks.species import SPECIES, TwoPrints

GENUINE, STRICT, RECORDED = "genuine", "genuine, strict", "recorded clip against strict"
FILMED = "filmed replay"
_LIMIT_S = {GENUINE: 15.0, STRICT: 40.0}
_RATES = (12.0, 30.0)  # frames a second at which prints are exchanged
_REDRAWS = 4  # a swap needs a person who gets as far as the check

KINDS = (*SPECIES, *REPLAYS, FILMED, RECORDED, GENUINE, STRICT)


def count(name: str, asked: int, films: int) -> int:
    """How many where `asked` are asked for: strict mode takes long, and a clip once read can be played often.

    films: how many filmed replays there are.
    """
    if name == FILMED:
        return STARTS * films
    return {STRICT: max(asked // 4, 1), RECORDED: 2 * asked}.get(name, asked)


def attempts(name: str, sources: Sources, start: int, end: int) -> Iterator[Outcome]:
    """The attempts number `start` to `end` of a kind; each number is the same scene in every run, noise apart."""
    cv2.setNumThreads(1)
    if name in (RECORDED, FILMED):
        yield from (recorded if name == RECORDED else filmed)(sources, start, end)
        return
    for index in range(start, end):
        for redraw in range(_REDRAWS):
            rng = np.random.default_rng([zlib.crc32(name.encode()), index, redraw])
            outcome = _attempt(name, index, sources, rng)
            if outcome.swapped is not None or name not in SPECIES or not hasattr(SPECIES[name], "swap"):
                break
        yield outcome


def _attempt(name: str, index: int, sources: Sources, rng: np.random.Generator) -> Outcome:
    if name in _LIMIT_S:
        one = genuine(index, sources, rng, strict=name == STRICT)
        outcome = run(one.person, one.camera, rng, _LIMIT_S[name], strict=name == STRICT)
        outcome.condition = one.condition
        return outcome
    attack = REPLAYS[name](sources, rng) if name in REPLAYS else SPECIES[name](sources, rng)
    # What one frame may tell of lids depends on the rate.
    fps = float(rng.uniform(*_RATES)) if isinstance(attack, TwoPrints) else None
    return run(attack, Camera.some(rng, fps=fps), rng, attack.seconds)
