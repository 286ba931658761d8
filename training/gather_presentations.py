"""python -m training.gather_presentations --data FOLDER --out FILE: finds the faces of all that the look for screens
and prints is trained on, once, and packs the pictures. No torch here."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from core.settings import Settings
from core.vision.assets import ensure_face_model
from core.vision.geometry import outline_box
from core.vision.landmarks import FaceFinder
from core.vision.reading import Frame
from training.faces.sources import cutouts, faces, read_rgba
from training.scenes.material import Found, Material, kept_points, pack, pack_cutout
from training.scenes.portrait import Sides
from training.scenes.shown import PEOPLE, Picture, extra_pictures, pad_pictures, people_pictures

Rgb = NDArray[np.uint8]

_PHOTO_PX, _PHOTO_QUALITY = 512, 86  # people's photos: scenes show them smaller
_FRAME_PX, _FRAME_QUALITY = 640, 90  # clips of people
_SHOWN_QUALITY = 95
_SMALL_PX = 300  # what is smaller is packed without loss where it was really shown
_CUTOUT_PX = 256
_HANDS = 25  # every so many of them
_ROOM = 2.4  # sides of the face on each side of its middle that are kept of a large frame


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.gather_presentations", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder laid out as MODEL_CARD.md says")
    parser.add_argument("--extra", type=Path, help="folder of photos and clips with a labels.csv (file, shown)")
    parser.add_argument("--out", type=Path, required=True, help="the file to write")
    parser.add_argument("--photos", type=int, default=450, help="at most so many of each folder of people")
    parser.add_argument("--frames", type=int, default=60, help="at most so many of each clip")
    parser.add_argument("--every", type=int, default=1, help="of the folders of what was shown, one picture in so many")
    options = parser.parse_args(arguments)
    try:
        material = find(options.data, options.extra, options.photos, options.frames, options.every)
    except ValueError as error:
        print(f"Nothing was gathered: {error}.", file=sys.stderr)
        return 2
    material.save(options.out)
    print(f"{options.out.stat().st_size / 2**20:.1f} MiB, {len(material.people)} pictures of people")
    for (group, label), count in sorted(Counter((one.group, one.label) for one in material.shown).items()):
        print(f"{group} {label}: {count}")
    return 0


def find(data: Path, extra: Path | None = None, photos: int = 450, frames: int = 60, every: int = 1) -> Material:
    """Everything in `data` and in `extra` on which a face is found. See `main` for the numbers.

    Raises ValueError when `data` holds no faces, or `extra` no labels that make sense.
    """
    cv2.setNumThreads(1)
    split = {f"{folder}/{one.path.name}": one.held for folder in PEOPLE for one in faces(data, folder)}
    if not split:
        raise ValueError(f"{data} holds no faces: it needs the folders {', '.join(PEOPLE)}")
    packer = _Packer()
    people = packer.people(people_pictures(data, photos=photos, frames_of_each=max(frames * 2 // 5, 1)), split)
    shown = packer.shown(pad_pictures(data, frames, every))
    if extra is not None:
        shown += packer.shown(extra_pictures(extra))
    return Material(people, shown, {held: _patches(data, held) for held in (False, True)})


class _Packer:
    def __init__(self) -> None:
        self._finder = FaceFinder(ensure_face_model(), Settings().landmarks)

    def people(self, pictures: Iterator[Picture], split: dict[str, bool]) -> tuple[Found, ...]:
        found = []
        for picture in tqdm(pictures, desc="people", unit="picture", mininterval=10):
            clip = picture.name.startswith("videos/")
            small = _reduced(picture.rgb, _FRAME_PX if clip else _PHOTO_PX)
            if (seen := self._find(small)) is not None:
                points, face = seen
                packed = pack(small, _FRAME_QUALITY if clip else _PHOTO_QUALITY)
                kept = kept_points(points[:0] if clip else points)
                held = _held(picture.name, split)
                found.append(Found(packed, kept, face, picture.label, picture.group, picture.name, held))
        return tuple(found)

    def shown(self, pictures: Iterator[Picture]) -> tuple[Found, ...]:
        found = []
        for picture in tqdm(pictures, desc="shown", unit="picture", mininterval=10):
            seen = self._find(picture.rgb)
            if seen is not None:
                rgb, face = _cropped(picture.rgb, seen[1])
                packed = pack(rgb, 100 if max(rgb.shape) < _SMALL_PX else _SHOWN_QUALITY)
                found.append(Found(packed, kept_points(seen[0][:0]), face, picture.label, picture.group, picture.name))
        return tuple(found)

    def _find(self, rgb: Rgb) -> tuple[NDArray[np.floating], Sides] | None:
        """(points, sides of the outline) of the largest face."""
        found = self._finder.find(Frame(rgb, 0.0))
        if not found:
            return None
        box = outline_box(found[0])
        return found[0].landmarks[:, :2], (box.left, box.top, box.right, box.bottom)


def _cropped(rgb: Rgb, face: Sides) -> tuple[Rgb, Sides]:
    """Without what lies far from the face."""
    left, top, right, bottom = face
    reach = _ROOM * max(right - left, bottom - top)
    x, y = (left + right) / 2, (top + bottom) / 2
    x0, y0 = max(round(x - reach), 0), max(round(y - reach), 0)
    part = rgb[y0 : max(round(y + reach), y0 + 2), x0 : max(round(x + reach), x0 + 2)]
    return part, (left - x0, top - y0, right - x0, bottom - y0)


def _patches(data: Path, held: bool) -> dict[str, list[bytes]]:
    patches: dict[str, list[bytes]] = {}
    sources = [source for source in cutouts(data) if source.held == held]
    hands = [source for source in sources if source.kind == "hand"][::_HANDS]
    for source in (*hands, *(source for source in sources if source.kind != "hand")):
        patches.setdefault(source.kind, []).append(pack_cutout(read_rgba(source.path), _CUTOUT_PX))
    return patches


def _held(name: str, split: dict[str, bool]) -> bool:
    """Of photos the split by look-alikes; of clips every fifth; photos that `faces` leaves out stay in training."""
    if name.startswith("videos/"):
        return sum(map(ord, name.split("/")[1])) % 5 == 0
    return split.get(name, False)


def _reduced(rgb: Rgb, limit: int) -> Rgb:
    zoom = limit / max(rgb.shape[:2])
    if zoom >= 1:
        return rgb
    return cv2.resize(rgb, (round(rgb.shape[1] * zoom), round(rgb.shape[0] * zoom)), interpolation=cv2.INTER_AREA)


if __name__ == "__main__":
    sys.exit(main())
