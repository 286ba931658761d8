"""How often the regions under drawn things are named, on any photos and clips, with a program training never used.

    python -m benchmarks.occluded PATH... [--every 12]

PATH: photos, clips, or folders of them. Each thing of tests/drawing.py is laid on each face (in a clip on every 12th
frame, tracked to the face), and once nothing is. A region counts as blocked when 20 % of its outline is covered, as
clear up to 2 %, and not at all between. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from core.files.clip import CLIP_SUFFIXES, read_clip
from core.files.error import FileError
from core.files.photo import PHOTO_SUFFIXES, load_photo
from core.regions import OUTLINES, Region
from core.settings import Settings
from core.vision.photo_reader import PhotoReader
from core.vision.reader import FaceReader
from core.vision.reading import Frame, Image, State
from tests.drawing import Thing, blend, draw

_LAID = [
    *((thing, region) for thing in (Thing.HAND, Thing.PEN, Thing.PAPER) for region in (Region.LEFT_EYE, Region.MOUTH)),
    (Thing.HAND, Region.NOSE),
    (Thing.MASK, Region.MOUTH),
    (Thing.SUNGLASSES, Region.LEFT_EYE),
]
_REQUIRED = Settings().window.required
_BLOCKED_FROM, _CLEAR_UP_TO = 0.2, 0.02

Count = dict[str, list[int]]


def measure(pictures: Iterable[Image]) -> dict[str, dict[str, str]]:
    """For each thing, "hits/total" of what was caught and of false alarms; eyes, nose and mouth, and the six others."""
    counts: dict[str, Count] = defaultdict(lambda: defaultdict(lambda: [0, 0]))
    with PhotoReader(Settings()) as reader:
        for rgb in pictures:
            face = reader.read(Frame(rgb, 0.0)).face
            if face is None:
                continue
            _judge(reader, rgb, {region: 0.0 for region in Region}, counts["nothing"])
            for thing, region in _LAID:
                layer, _ = draw(thing, region, face.landmarks, (rgb.shape[1], rgb.shape[0]))
                laid = rgb.copy()
                blend(laid, layer)
                _judge(reader, laid, _covered(layer, face.landmarks), counts[thing.value])
    return {
        thing: {name: f"{hits}/{total}" for name, (hits, total) in count.items()} for thing, count in counts.items()
    }


def _judge(reader: FaceReader, rgb: Image, truth: dict[Region, float], count: Count) -> None:
    found = reader.read(Frame(rgb, 0.0)).regions
    for region, reading in found.items():
        group = "required" if region in _REQUIRED else "others"
        if truth[region] >= _BLOCKED_FROM:
            name = f"caught_{group}"
        elif truth[region] <= _CLEAR_UP_TO:
            name = f"false_{group}"
        else:
            continue
        count[name][0] += reading.state is State.BLOCKED
        count[name][1] += 1


def _covered(layer: NDArray[np.uint8], landmarks: NDArray[np.float32]) -> dict[Region, float]:
    solid = layer[..., 3] > 127
    shares = {}
    for region, outline in OUTLINES.items():
        inside = np.zeros(solid.shape, np.uint8)
        cv2.fillPoly(inside, [landmarks[list(outline), :2].round().astype(np.int32)], 1)
        shares[region] = float(solid[inside > 0].mean()) if inside.any() else 0.0
    return shares


def pictures(paths: Iterable[Path], every: int) -> Iterator[Image]:
    """Every photo, and one frame in `every` of each clip."""
    settings = Settings().files
    for path in paths:
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            try:
                if file.suffix.lower() in PHOTO_SUFFIXES:
                    yield load_photo(file, settings)
                elif file.suffix.lower() in CLIP_SUFFIXES:
                    yield from (frame.rgb for frame in islice(read_clip(file, settings), 0, None, every))
            except FileError as error:
                print(f"{file.name}: left out ({error.key})")


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.occluded", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--every", type=int, default=12, help="frames of a clip from one looked at to the next")
    options = parser.parse_args()
    found = measure(pictures(options.paths, options.every))
    if not found:
        raise SystemExit("There is no face in what was named.")
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
