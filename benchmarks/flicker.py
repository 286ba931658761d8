"""How often a region's badge changes, and how often it would if every frame were shown as it was read.

    python -m benchmarks.flicker CLIP...

Each clip is played with nothing laid on, and with a sheet of paper that is moved over an eye or the mouth and away
again so slowly (4 s each way) that the coverage stays near its threshold for a while. Prints JSON: changes between
blocked and not blocked of eyes, nose and mouth, in single frames and of the badges, and how many of the badges' came
within a second of that region's change before.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np

from benchmarks.clips import clips_in
from core.files.clip import read_clip
from core.flow.senses import Senses
from core.regions import Region
from core.settings import Settings
from core.vision.reader import FaceReader
from core.vision.reading import Face, Frame, Image, State
from tests.drawing import Thing, blend, draw

Lay = Callable[[Image, Face, float], None]

_WAY_S = 4.0
_AWAY = 2.5  # inter-eye distances from the region at which the paper touches nothing
_SOON_S = 1.0


def measure(frames: Iterable[Frame], lay: Lay | None = None) -> Counter[str]:
    """Counts over the frames of one clip. lay: changes a frame's picture, given the face in it and the time."""
    settings = Settings()
    counts = Counter(frames=0, single_frames=0, badges=0, badges_soon=0)
    single, badges = _Changes(), _Changes()
    with FaceReader(settings, live=True) as reader, FaceReader(settings, live=True) as finder:
        senses = Senses(settings)
        for frame in frames:
            face = finder.read(frame).face if lay else None
            if lay and face is not None:
                rgb = frame.rgb.copy()
                lay(rgb, face, frame.t)
                frame = Frame(rgb, frame.t)
            reading = reader.read(frame)
            sense = senses.update(frame, reading)
            counts["frames"] += 1
            for region in settings.window.required:
                if reading.regions:
                    counts["single_frames"] += single.changed(region, reading.regions[region].state, frame.t)[0]
                if region in sense.states:
                    changed, soon = badges.changed(region, sense.states[region], frame.t)
                    counts["badges"] += changed
                    counts["badges_soon"] += soon
    return counts


class _Changes:
    """Notices when a region begins or ceases to be blocked, and whether that was soon after the last time."""

    def __init__(self) -> None:
        self._blocked: dict[Region, bool] = {}
        self._since: dict[Region, float] = {}

    def changed(self, region: Region, state: State, t: float) -> tuple[bool, bool]:
        blocked = state is State.BLOCKED
        changed = self._blocked.get(region, False) != blocked
        soon = changed and t - self._since.get(region, float("-inf")) < _SOON_S
        self._blocked[region] = blocked
        if changed:
            self._since[region] = t
        return changed, soon


def paper(region: Region) -> Lay:
    """A sheet over the region and away again."""

    def lay(rgb: Image, face: Face, t: float) -> None:
        layer, out = draw(Thing.PAPER, region, face.landmarks, (rgb.shape[1], rgb.shape[0]))
        away = _AWAY * face.inter_eye_px * abs((t / _WAY_S) % 2 - 1)
        x, y = (round(away * part) for part in out)
        moved = np.zeros_like(layer)
        height, width = layer.shape[:2]
        to = np.s_[max(y, 0) : height + min(y, 0), max(x, 0) : width + min(x, 0)]
        at = np.s_[max(-y, 0) : height - max(y, 0), max(-x, 0) : width - max(x, 0)]
        moved[to] = layer[at]
        blend(rgb, moved)

    return lay


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.flicker", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("clips", nargs="+", type=Path, help="clips, or folders of them")
    options = parser.parse_args()
    ways: dict[str, Lay | None] = {
        "nothing": None,
        "paper_eye": paper(Region.LEFT_EYE),
        "paper_mouth": paper(Region.MOUTH),
    }
    files, clips = Settings().files, clips_in(options.clips)
    found: dict[str, Counter[str]] = {name: Counter() for name in ways}
    for name, lay in ways.items():
        for clip in clips:
            found[name].update(measure(read_clip(clip, files), lay))
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
