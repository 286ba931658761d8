"""A browser's webcam: a .y4m clip of any size, which Chromium plays round and round without decoding it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2

from core.files.clip import read_clip, thinned
from core.settings import FileSettings
from core.vision.reading import Frame
from tests.footage import Blink, Scene, astronaut, write_clip

FPS = 24.0
_SECONDS = 8.0


def camera(size: tuple[int, int], folder: Path, footage: Path | None = None, *, blinks: bool = True) -> Path:
    """The clip of a camera of that size (width, height), made once for each folder.

    footage: a clip that it shows, cut to its shape; without one the drawn astronaut, who blinks twice in eight seconds
    or, without `blinks`, never. Raises core.files.error.FileError when the footage can't be read.
    """
    who = footage.stem if footage else "drawn" if blinks else "drawn-no-blink"
    path = folder / f"{who}-{size[0]}x{size[1]}.y4m"
    if not path.exists():
        frames = _shown(size, footage) if footage else _drawn(size, blinks=blinks)
        write_clip(frames, path.with_suffix(".part.y4m"), FPS).rename(path)
    return path


def _drawn(size: tuple[int, int], *, blinks: bool) -> Iterator[Frame]:
    actions = [Blink(1.5, 0.3), Blink(5.5, 0.3)] if blinks else []
    # A face of a third of the frame's width in a picture of 4:3.
    return Scene(astronaut(), size=size, fps=FPS).play(_SECONDS, *actions)


def _shown(size: tuple[int, int], footage: Path) -> Iterator[Frame]:
    for frame in thinned(read_clip(footage, FileSettings()), FPS):
        if frame.t > _SECONDS:
            return
        scale = max(size[0] / frame.size[0], size[1] / frame.size[1])
        width, height = (max(want, round(side * scale)) for want, side in zip(size, frame.size, strict=True))
        grown = cv2.resize(frame.rgb, (width, height), interpolation=cv2.INTER_CUBIC)
        left, top = (width - size[0]) // 2, (height - size[1]) // 2
        yield Frame(grown[top : top + size[1], left : left + size[0]].copy(), frame.t)
