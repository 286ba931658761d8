"""Blinks of real people on clips: how many are found, and how many of those may answer a challenge.

    python -m benchmarks.blinks CLIPS [--labels FILE] [--fps 30 24 15 12] [--phases 3] [--json]

Each clip is read once; a slow camera's frames are taken out of it, from several starts. An event is right where it
meets a marked blink that no other event has met. F1 (van Rijsbergen, "Information Retrieval", 1979) is of all events,
the shares that count are of the blinks found.
"""

from __future__ import annotations

import argparse
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from benchmarks.clips import clips_in
from core.files.clip import read_clip, thinned
from core.flow.blink import Blink
from core.flow.senses import Senses
from core.settings import Settings
from core.toml import read_toml
from core.vision.reader import FaceReader
from core.vision.reading import Frame, Reading

LABELS = Path(__file__).with_suffix(".toml")
_SLACK_S = 0.03  # a mark is a frame's time
_EMPTY = np.zeros((1, 1, 3), np.uint8)

Span = tuple[float, float]


@dataclass
class Tally:
    """Of one clip or many at one rate. why: of the blinks found that do not count."""

    found: int = 0
    false: int = 0
    missed: int = 0
    counted: int = 0
    why: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Another clip's."""
        self.found += other.found
        self.false += other.false
        self.missed += other.missed
        self.counted += other.counted
        self.why += other.why

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        events = 2 * self.found + self.false + self.missed
        return {
            "blinks": self.found + self.missed,
            "found": self.found,
            "false": self.false,
            "f1": round(2 * self.found / events, 3) if events else None,
            "count": round(self.counted / self.found, 3) if self.found else None,
            "why_not": dict(self.why),
        }


def tally(events: Sequence[Blink], marks: Sequence[Span], unsure: Sequence[Span]) -> Tally:
    """Compare events with the blinks marked by eye; what falls into an unsure span is neither right nor wrong."""
    result, met = Tally(), set[int]()
    for event in events:
        hit = next((i for i, mark in enumerate(marks) if i not in met and _meets(event, mark)), None)
        if hit is None:
            result.false += not any(_meets(event, span) for span in unsure)
            continue
        met.add(hit)
        result.counted += event.counts
        if event.why is not None:
            result.why[event.why.value] += 1
    result.found, result.missed = len(met), len(marks) - len(met)
    return result


def _meets(event: Blink, span: Span) -> bool:
    return event.start < span[1] + _SLACK_S and event.end > span[0] - _SLACK_S


def blinks(readings: Sequence[Reading], settings: Settings) -> list[Blink]:
    """What the flow takes for blinks."""
    senses = Senses(settings)
    found = (senses.update(Frame(_EMPTY, reading.t), reading).blink for reading in readings)
    return [blink for blink in found if blink is not None]


def slowed(readings: Sequence[Reading], fps: float, start: float) -> list[Reading]:
    """Those that a camera of `fps` frames a second would have seen, from `start` seconds on."""
    late = {reading.t - start: reading for reading in readings if reading.t >= start}
    return [late[frame.t] for frame in thinned((Frame(_EMPTY, t) for t in late), fps)]


def main() -> None:
    """Read the clips, print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "clips", type=Path, nargs="+", help="clips, or folders of them; those without marks are left out"
    )
    parser.add_argument("--labels", type=Path, default=LABELS, help="blinks marked by eye")
    parser.add_argument("--fps", type=float, nargs="*", default=[30.0, 24.0, 15.0, 12.0])
    parser.add_argument("--phases", type=int, default=3, help="starts a slow camera's frames are taken from")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    labels = read_toml(options.labels)
    sums = {fps: Tally() for fps in options.fps}
    clips: dict[str, dict[str, Any]] = {}
    for path in clips_in(options.clips):
        if path.stem in labels:
            clips[path.stem] = _clip(path, labels[path.stem], sums, options.phases)
    rows = {f"{fps:g}": sums[fps].as_dict() for fps in options.fps}
    if options.json:
        print(json.dumps({"rates": rows, "clips": clips}, indent=1))
        return
    print("| frames a second | blinks | found | false | F1 | of those found, count | why not |")
    print("|---|---|---|---|---|---|---|")
    for rate, row in rows.items():
        why = ", ".join(f"{reason} {count}" for reason, count in row["why_not"].items()) or "-"
        print(f"| {rate} | {row['blinks']} | {row['found']} | {row['false']} | {row['f1']} | {row['count']} | {why} |")


def _clip(path: Path, marks: dict[str, Any], sums: dict[float, Tally], phases: int) -> dict[str, Any]:
    settings = Settings()
    with FaceReader(settings, live=True) as reader:
        readings = [reader.read(frame) for frame in read_clip(path, settings.files)]
    native = len(readings) / max(readings[-1].t, 1e-3)
    rows = {}
    for fps, total in sums.items():
        result = Tally()
        # A clip that has no more frames than that has one start only.
        starts = [phase / phases / fps for phase in range(phases)] if fps < 0.9 * native else [0.0]
        for start in starts:
            events = blinks(slowed(readings, fps, start), settings)
            moved = {name: [(a - start, b - start) for a, b in marks.get(name, ())] for name in ("blinks", "unsure")}
            result.add(tally(events, moved["blinks"], moved["unsure"]))
        total.add(result)
        rows[f"{fps:g}"] = result.as_dict()
    return rows


if __name__ == "__main__":
    main()
