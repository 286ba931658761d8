"""Measures attacks and genuine attempts.

    python -m benchmarks.attacks [--faces DIR] [--clips DIR] [--skip PHOTO ...] [--attempts 150] [--only NAME ...]
                                 [--json OUT] [--source NAME]

Every attempt is composed, goes through the whole pipeline, and is written to OUT at once: a run that was broken off
goes on where it stopped. Prints the JSON summary and the Markdown table.
"""

from __future__ import annotations

import argparse
import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np

from benchmarks.attacks.attempt import Outcome, run
from benchmarks.attacks.camera import Camera
from benchmarks.attacks.genuine import genuine
from benchmarks.attacks.recorded import recorded
from benchmarks.attacks.report import markdown, summary
from benchmarks.attacks.sources import Sources
from benchmarks.attacks.species import SPECIES

GENUINE, STRICT, RECORDED = "genuine", "genuine, strict", "recorded clip against strict"
_LIMIT_S = {GENUINE: 15.0, STRICT: 40.0}
_REDRAWS = 4  # a swap needs a person who gets as far as the check


def main() -> None:
    """Run what is missing, then report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--faces", type=Path, help="folder of photos of faces (default: the astronaut)")
    parser.add_argument("--clips", type=Path, help="folder of clips of people before a camera")
    parser.add_argument("--skip", nargs="*", default=[], help="names of photos with something before the face")
    parser.add_argument("--attempts", type=int, default=150, help="for each species (default 150)")
    parser.add_argument("--only", nargs="*", help="species to run (default: all)")
    parser.add_argument("--json", type=Path, help="file of outcomes; what is in it is not run again")
    parser.add_argument("--source", default="not named", help="what to call the faces and clips in the report")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    try:
        sources = Sources(options.faces, options.clips, options.skip)
    except ValueError as error:
        parser.error(str(error))
    done = json.loads(options.json.read_text()) if options.json and options.json.is_file() else {}
    for name in options.only or [*SPECIES, RECORDED, GENUINE, STRICT]:
        outcomes = done.setdefault(name, [])
        for outcome in _missing(name, sources, len(outcomes), _count(name, options.attempts)):
            outcomes.append(outcome.as_dict())
            if options.json:
                _write(options.json, done)
    print(json.dumps(summary(done, options.source), indent=1))
    print(markdown(done, options.source))


def _count(name: str, attempts: int) -> int:
    """Strict mode takes long, and a clip that has been read once can be played often."""
    return {STRICT: max(attempts // 4, 1), RECORDED: 2 * attempts}.get(name, attempts)


def _missing(name: str, sources: Sources, start: int, end: int) -> Iterator[Outcome]:
    if name == RECORDED:
        yield from recorded(sources, start, end)
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
    attack = SPECIES[name](sources, rng)
    return run(attack, Camera.some(rng), rng, attack.seconds)


def _write(path: Path, done: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(done))
    part.replace(path)


if __name__ == "__main__":
    main()
