"""Scenes composed and real pictures varied by several processes at once, in files that training reads as they come.

No torch here.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.synchronize
import pickle
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from training.drawing import degrade
from training.drawing.held_up import forearm
from training.scenes.material import Found, Material
from training.scenes.portrait import Sides
from training.scenes.presented import Cutter, Presentations, Stage, compose
from training.scenes.webcam import Webcam

Rng = np.random.Generator
Rgb = NDArray[np.uint8]
_T = TypeVar("_T")

_BLOCK = 200  # samples in one file
_TURNS = ("webcam", "composed", "webcam", "real", "webcam", "composed", "real", "composed")
"""What the blocks hold, one after another: whole frames of cameras, photos in rooms, real pictures varied."""


class Composers:
    """Processes that write blocks of samples of one side of the split into a folder until they are told to stop."""

    def __init__(self, material: Path, folder: Path, held: bool, workers: int, seed: int, most: int) -> None:
        """most: samples in all."""
        folder.mkdir(parents=True, exist_ok=True)
        context = multiprocessing.get_context("spawn")
        self._stop = context.Event()
        self._processes = [
            context.Process(
                target=_work, args=(material, folder, held, seed, number, workers, most, self._stop), daemon=True
            )
            for number in range(workers)
        ]
        for process in self._processes:
            process.start()

    def stop(self) -> None:
        """After the blocks that they are at."""
        self._stop.set()

    def wait(self) -> None:
        """Until all is composed."""
        for process in self._processes:
            process.join()
        if any(process.exitcode for process in self._processes):
            raise RuntimeError("composing broke off")


class Blocks:
    """The blocks of a folder as they come."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: set[str] = set()

    def new(self, most: int) -> list[Presentations]:
        """At most so many that were not given yet."""
        paths = [path for path in sorted(self._folder.glob("*.pkl")) if path.name not in self._read][:most]
        self._read |= {path.name for path in paths}
        return [pickle.loads(path.read_bytes()) for path in paths]


def cached(path: Path, make: Callable[[], _T]) -> _T:
    """What `make` makes, from the file if there is one."""
    if not path.exists():
        made = make()
        part = path.with_suffix(".part")
        part.write_bytes(pickle.dumps(made))
        part.replace(path)
    loaded: _T = pickle.loads(path.read_bytes())
    return loaded


def plain(pictures: Sequence[Found]) -> Presentations:
    """The views of pictures as they are."""
    cutter = Cutter()
    views = [cutter.exact(one.portrait().rgb, one.face) for one in pictures]
    return _gathered(views, list(pictures), "")


def another(rng: Rng, rgb: Rgb, face: Sides) -> tuple[Rgb, Sides]:
    """The picture as another camera would give it, and where the face is then: another size, a part of the surroundings
    cut off, mirrored, another codec."""
    height, width = rgb.shape[:2]
    cut = rng.uniform(0, 0.12, 4) if rng.random() < 0.5 else np.zeros(4)
    top, left = int(cut[0] * height), int(cut[2] * width)
    rgb = rgb[top : height - int(cut[1] * height), left : width - int(cut[3] * width)]
    x0, y0, x1, y1 = face[0] - left, face[1] - top, face[2] - left, face[3] - top
    zoom = rng.uniform(0.45, 1.25) * min(1.0, 720 / max(rgb.shape[:2]))
    size = (max(round(rgb.shape[1] * zoom), 64), max(round(rgb.shape[0] * zoom), 64))
    zoom_x, zoom_y = size[0] / rgb.shape[1], size[1] / rgb.shape[0]
    rgb = cv2.resize(rgb, size, interpolation=[cv2.INTER_AREA, cv2.INTER_LINEAR, cv2.INTER_CUBIC][rng.integers(3)])
    x0, y0, x1, y1 = x0 * zoom_x, y0 * zoom_y, x1 * zoom_x, y1 * zoom_y
    rgb = degrade.camera(rng, rgb) if rng.random() < 0.5 else rgb
    if rng.random() < 0.5:
        rgb, x0, x1 = np.ascontiguousarray(rgb[:, ::-1]), size[0] - x1, size[0] - x0
    return rgb, (x0, y0, x1, y1)


def _work(
    material: Path,
    folder: Path,
    held: bool,
    seed: int,
    number: int,
    workers: int,
    most: int,
    stop: multiprocessing.synchronize.Event,
) -> None:
    cv2.setNumThreads(1)
    maker = Maker(Material.load(material), held)
    for block in range(number, -(-most // _BLOCK), workers):
        if stop.is_set():
            return
        kind, own = maker.kind(block), seed * 100_000 + block
        cached(folder / f"{block:05d}-{kind}-{own}.pkl", lambda block=block, own=own: maker.make(block, own))  # type: ignore[misc]


class Maker:
    """Makes blocks of samples of one side of the split."""

    def __init__(self, material: Material, held: bool) -> None:
        photos = material.photos(held)
        patches = material.cutouts(held)
        hands = [forearm(np.random.default_rng(1), hand) for hand in patches.get("hand", ())[::2]]
        self._stage = Stage(photos, [photo.rgb for photo in photos], patches)
        self._webcam = Webcam(material.frames(held), [photo for photo in photos if photo.airy], hands)
        shown = () if held else material.shown
        self._real = [*(one for one in material.people if one.held == held), *shown]
        self._groups = _rows_of([f"{one.group} {one.label}" for one in self._real])

    def scenes(self, count: int, seed: int) -> Presentations:
        """Composed scenes, half of them whole frames of cameras."""
        half = count // 2
        return Presentations.join([compose(self._stage, count - half, seed), compose(self._webcam, half, seed)])

    def kind(self, block: int) -> str:
        """What a block holds: the first ones the real pictures as they are."""
        return "plain" if block * _BLOCK < len(self._real) else _TURNS[block % len(_TURNS)]

    def make(self, block: int, seed: int) -> Presentations:
        """A block."""
        kind = self.kind(block)
        if kind == "plain":
            return plain(self._real[block * _BLOCK : (block + 1) * _BLOCK])
        if kind == "real":
            return self._varied(np.random.default_rng(seed))
        return compose(self._webcam if kind == "webcam" else self._stage, _BLOCK, seed)

    def _varied(self, rng: Rng) -> Presentations:
        """Real pictures, from large sources more than from small ones, but not as their numbers are."""
        cutter, views, pictures = Cutter(), [], []
        share = np.sqrt([len(rows) for rows in self._groups])
        for _ in range(_BLOCK):
            rows = self._groups[int(rng.choice(len(share), p=share / share.sum()))]
            one = self._real[rows[int(rng.integers(len(rows)))]]
            rgb, face = another(rng, one.portrait().rgb, one.face)
            views.append(cutter.about(rng, rgb, face))
            pictures.append(one)
        return _gathered(views, pictures, "+")


def _rows_of(keys: list[str]) -> list[list[int]]:
    found: dict[str, list[int]] = {}
    for row, key in enumerate(keys):
        found.setdefault(key, []).append(row)
    return list(found.values())


def _gathered(views: list[NDArray[np.uint8]], pictures: list[Found], mark: str) -> Presentations:
    return Presentations(
        np.stack(views),
        np.array([one.label for one in pictures]),
        np.array([one.group for one in pictures]),
        np.array([one.name + mark for one in pictures]),
    )
