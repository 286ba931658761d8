"""The faces and clips that footage is composed from."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np

from core.files.clip import CLIP_SUFFIXES, read_clip
from core.files.error import FileError
from core.files.photo import PHOTO_SUFFIXES, load_photo
from core.regions import EYES, FACE_OVAL
from core.settings import LandmarkSettings, Settings
from core.vision import assets
from core.vision.landmarks import FaceFinder
from core.vision.reading import Frame, Image
from core.vision.tracker import FaceTracker
from tests.drawing import shut_eyes
from tests.portraits import Portrait, astronaut, stranger

SIZE = (480, 360)
"""(width, height) of all footage, px."""

_MIN_INTER_EYE_PX = 60.0
_SHUT = 0.35  # eyeBlink
_MAX_YAW, _MAX_PITCH = 8.0, 9.0  # degrees; people before a webcam look into it
_MAX_CLIP_YAW = 12.0  # degrees
_FACE_SHARE = 0.62  # of the frame's height


@dataclass
class Clip:
    """A person on film: frames of `SIZE`, and their times."""

    name: str
    pictures: list[Image]
    times: list[float]

    @cached_property
    def blinks(self) -> list[float]:
        """Seconds at which FaceLandmarker takes both eyes for shut."""
        tracker = FaceTracker(assets.ensure_face_model(), LandmarkSettings())
        found = [tracker.find(Frame(rgb, t)) for rgb, t in zip(self.pictures, self.times, strict=True)]
        shut = [bool(faces) and min(faces[0].blink.values()) > _SHUT for faces in found]
        return [t for t, was, now in zip(self.times[1:], shut, shut[1:], strict=False) if now and not was]

    def at(self, t: float, start: float) -> Image:
        """The picture `t` seconds after `start`; at an end the film turns round, so that it never jumps."""
        length = self.times[-1]
        x = (start + t) % (2 * length)
        x = x if x <= length else 2 * length - x
        return self.pictures[int(np.searchsorted(self.times, x, side="right")) - 1]


@dataclass(frozen=True)
class Film:
    """A clip as it is. fps: frames a second."""

    name: str
    pictures: list[Image]
    fps: float


class Sources:
    """Faces and clips to draw from. Photos are looked at when they are drawn."""

    def __init__(
        self, faces: Path | None, clips: Path | None, skip: Sequence[str] = (), filmed: Path | None = None
    ) -> None:
        """Folders; None stands for the astronaut. skip: names of photos that show no clear face.

        filmed: folder of replays that were really filmed.

        Raises ValueError: a folder has nothing to use.
        """
        self.settings = Settings()
        photos = _files(faces, PHOTO_SUFFIXES) if faces else []
        self._photos = [path for path in photos if path.name not in skip]
        self._portraits: dict[Path, Portrait | None] = {}
        loaded = [self._load(path) for path in _files(clips, CLIP_SUFFIXES)] if clips else []
        self._filmed = filmed_replays(filmed)
        self.clips = [clip for clip in loaded if clip is not None]

    def portrait(self, rng: np.random.Generator, other_than: Portrait | None = None) -> Portrait:
        """Some face. With one face only, `other_than` gives a drawn stranger."""
        if not self._photos:
            return astronaut() if other_than is not astronaut() else stranger()
        for _ in range(1000):
            path = self._photos[int(rng.integers(len(self._photos)))]
            if path not in self._portraits:
                self._portraits[path] = self._find(path)
            found = self._portraits[path]
            if found is not None and found is not other_than:
                return found
        raise ValueError("none of the photos holds a face that looks into the camera")

    def clip(self, rng: np.random.Generator) -> Clip | None:
        """Some clip; None when there is none."""
        return self.clips[int(rng.integers(len(self.clips)))] if self.clips else None

    @cached_property
    def filmed(self) -> list[Film]:
        """The replays that were really filmed."""
        films = []
        for path in self._filmed:
            frames = list(read_clip(path, self.settings.files))
            films.append(Film(path.stem, [frame.rgb for frame in frames], (len(frames) - 1) / max(frames[-1].t, 0.1)))
        return films

    def _find(self, path: Path) -> Portrait | None:
        try:
            rgb = load_photo(path, self.settings.files)
        except FileError:
            return None
        with _finder() as finder:
            return self._judge(rgb, finder)

    def _judge(self, rgb: Image, finder: FaceFinder) -> Portrait | None:
        faces = finder.find(Frame(rgb, 0.0))
        if len(faces) != 1:
            return None
        face = faces[0]
        straight = abs(face.pose.yaw) < _MAX_YAW and abs(face.pose.pitch) < _MAX_PITCH
        awake = max(face.blink.values()) < 0.45
        large = face.inter_eye_px >= _MIN_INTER_EYE_PX
        if not (straight and awake and large):
            return None
        portrait = Portrait(rgb, face.landmarks)
        return portrait if _can_blink(portrait, finder) else None

    def _load(self, path: Path) -> Clip | None:
        """The clip, cut to the person as a webcam would show him; None when he looks elsewhere."""
        frames = list(read_clip(path, self.settings.files))
        with _finder() as finder:
            found = [finder.find(frame) for frame in frames[:: max(1, len(frames) // 12)]]
        ovals = [faces[0].landmarks[list(FACE_OVAL), :2] for faces in found if faces]
        if not ovals:
            raise ValueError(f"{path.name}: no face in it")
        if abs(np.median([faces[0].pose.yaw for faces in found if faces])) > _MAX_CLIP_YAW:
            print(f"{path.name}: left out, the person looks elsewhere", file=sys.stderr)
            return None
        center = np.median([(o.min(axis=0) + o.max(axis=0)) / 2 for o in ovals], axis=0)
        tall = float(np.median([np.ptp(o[:, 1]) for o in ovals])) / _FACE_SHARE
        matrix = np.array([[SIZE[1] / tall, 0, 0], [0, SIZE[1] / tall, 0]])
        matrix[:, 2] = np.array(SIZE) / 2 - matrix[:, :2] @ center
        cut = _cutter(matrix)
        return Clip(path.stem, [cut(frame.rgb) for frame in frames], [frame.t for frame in frames])


def filmed_replays(folder: Path | None) -> list[Path]:
    """The clips of a folder whose names say "replay". Raises ValueError when it holds no clip."""
    return [path for path in _files(folder, CLIP_SUFFIXES) if "replay" in path.stem] if folder else []


def _finder() -> FaceFinder:
    return FaceFinder(assets.ensure_face_model(), LandmarkSettings())


def _can_blink(portrait: Portrait, finder: FaceFinder) -> bool:
    """Whether lids drawn down look shut to FaceLandmarker: under paint or behind rims some do not."""
    faces = finder.find(Frame(shut_eyes(portrait.rgb, portrait.landmarks, dict.fromkeys(EYES, 1.0)), 0.0))
    return len(faces) == 1 and min(faces[0].blink.values()) > _SHUT


def _cutter(matrix: np.ndarray) -> Callable[[Image], Image]:
    """Scale and shift to `SIZE` without aliasing."""
    zoom = float(matrix[0, 0])

    def cut(rgb: Image) -> Image:
        source = cv2.GaussianBlur(rgb, (0, 0), 0.4 / zoom) if zoom < 0.8 else rgb
        return cv2.warpAffine(source, matrix, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    return cut


def _files(folder: Path, suffixes: tuple[str, ...]) -> list[Path]:
    found = sorted(path for path in _walk(folder) if path.suffix.lower() in suffixes)
    if not found:
        raise ValueError(f"{folder}: nothing to use in it")
    return found


def _walk(folder: Path) -> Iterator[Path]:
    return itertools.chain([folder] if folder.is_file() else [], folder.rglob("*") if folder.is_dir() else [])
