"""Photos and clips that a visitor hands in: judged one by one, each becoming a row. Knows no widgets."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import PurePath
from types import TracebackType
from typing import Any

import cv2
import numpy as np
from PIL import Image as Pillow

from core.files.check import PhotoChecker, PhotoResult
from core.files.clip import CLIP_SUFFIXES, clip_seconds, read_clip
from core.files.error import FileError
from core.files.photo import load_photo
from core.files.replay import ClipEnd, replay
from core.files.rows import FileRow
from core.flow.processor import CaptureProcessor
from core.flow.snapshot import Event, Hint, Phase, Reason, Restarted, Snapshot
from core.regions import FACE_OVAL, Region
from core.settings import Settings
from core.vision.assets import AssetError
from core.vision.outlines import draw_regions
from core.vision.photo_reader import PhotoReader
from core.vision.reader import FaceReader
from core.vision.reading import Frame, Image, Reading, State
from core.vision.stream_reader import StreamReader

NO_BLINK, TOO_SHORT = "no_blink", "too_short"
"""Why a clip is no capture, beside the flow's own reasons: nobody blinked; it ended before the check was through."""

OpenReader = Callable[[Settings, bool], FaceReader]
"""Settings and whether frames follow one another -> a reader. Raises AssetError."""

logger = logging.getLogger(__name__)

_LINE_PX = 2.0  # of the outlines in a thumbnail, which the page shows at a third of its size

# Whoever checks files takes cores from the live sessions, so all visitors together take one at a time.
_TURN = threading.Lock()


def check_photo(data: bytes, settings: Settings) -> PhotoResult:
    """Judge one photo. Raises FileError when it is none, AssetError when the models can't be read."""
    with _TURN:
        rgb = load_photo(BytesIO(data), settings.files)
        with PhotoReader(settings) as reader:
            return PhotoChecker(reader, settings).check(rgb)


class FileChecker:
    """Judges files in memory. One for each batch; not to be shared by threads."""

    def __init__(self, settings: Settings, open_reader: OpenReader | None = None) -> None:
        """open_reader: opens `FaceReader` and `PhotoReader` unless a test brings its own."""
        self._settings = replace(settings, files=replace(settings.files, max_clip_s=settings.upload.clip_s))
        self._open_reader = open_reader or (
            lambda settings, live: FaceReader(settings, live=True) if live else PhotoReader(settings)
        )
        self._photo_reader: FaceReader | None = None

    def check(self, name: str, data: bytes, progress: Callable[[float], None] = lambda share: None) -> FileRow:
        """Judge one file. progress: is told the share that is done, 0..1.

        Raises AssetError when the models are missing; whatever is wrong with the file is in the row.
        """
        clip = PurePath(name).suffix.lower() in CLIP_SUFFIXES
        try:
            if len(data) > self._settings.upload.file_mb * 1e6:
                raise FileError("file_too_big", megabytes=str(self._settings.upload.file_mb))
            with _TURN:
                result, picture = self._clip(data, progress) if clip else self._photo(data)
        except FileError as error:
            return FileRow(name, clip, error=error)
        except AssetError:
            raise
        except Exception:
            # A decoder that stumbles over one file must not take the others' rows with it.
            logger.exception("A file could not be judged")
            return FileRow(name, clip, error=FileError("file_failed"))
        return FileRow(name, clip, result, thumbnail=picture)

    def close(self) -> None:
        """Free the reader."""
        if self._photo_reader is not None:
            self._photo_reader.close()
            self._photo_reader = None

    def __enter__(self) -> FileChecker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _photo(self, data: bytes) -> tuple[dict[str, Any], bytes]:
        if self._photo_reader is None:
            self._photo_reader = self._open_reader(self._settings, False)
        found = PhotoChecker(self._photo_reader, self._settings).check_file(BytesIO(data))
        states = {region: reading.state for region, reading in found.reading.regions.items()}
        return found.as_dict(), thumbnail(found.rgb, found.reading, states, self._settings.upload.thumbnail_px)

    def _clip(self, data: bytes, progress: Callable[[float], None]) -> tuple[dict[str, Any], bytes | None]:
        seconds = clip_seconds(BytesIO(data)) or self._settings.upload.clip_s
        frames = read_clip(BytesIO(data), self._settings.files)
        with StreamReader(self._settings, self._open_reader(self._settings, True)) as reader:
            witness = _Witness(reader, self._settings)
            watched = _reporting(frames, seconds, progress)
            steps = list(replay(watched, witness, full=False))
        events = [step.as_dict() for step in steps]
        end = events[-1]
        reasons = clip_reasons([step.event for step in steps], witness.last)
        result: dict[str, Any] = {
            "verdict": "pass" if end["phase"] == Phase.CAPTURED.value else "retry",
            "reasons": list(reasons),
            "phase": end["phase"],
            "seconds": end["t"],
            "frames": end["frames"],
            "events": events,
        }
        return result, witness.thumbnail()


class _Witness(CaptureProcessor):
    """The processor of a clip, remembering the last snapshot and the last frame with a face in it."""

    last: Snapshot | None = None
    _shown: tuple[Frame, Snapshot] | None = None

    def process(self, frame: Frame) -> Snapshot:
        self.last = super().process(frame)
        if self._shown is None or self.last.reading.face is not None:
            self._shown = (frame, self.last)
        return self.last

    def finish(self) -> Snapshot | None:
        last = super().finish()
        self.last = last or self.last
        return last

    def thumbnail(self) -> bytes | None:
        """Of that frame."""
        if self._shown is None:
            return None
        frame, snapshot = self._shown
        return thumbnail(frame.rgb, snapshot.reading, snapshot.badges, self.settings.upload.thumbnail_px)


def _reporting(frames: Iterator[Frame], seconds: float, progress: Callable[[float], None]) -> Iterator[Frame]:
    told = 0.0
    for frame in frames:
        yield frame
        if frame.t - told >= 0.5:
            told = frame.t
            progress(min(frame.t / seconds, 1.0))


def clip_reasons(events: Sequence[Event | ClipEnd], last: Snapshot | None) -> tuple[str, ...]:
    """Why a clip was no capture: the reasons of its restarts, then where it stood at the end."""
    if last is None or last.phase is Phase.CAPTURED:
        return ()
    restarts = [event.reason.value for event in events if isinstance(event, Restarted)]
    if last.phase is Phase.ENDED:
        end = last.restart.value if last.restart else Reason.NO_PROGRESS.value
        return tuple(dict.fromkeys([*restarts, end]))
    return tuple(dict.fromkeys([*restarts, _standstill(last)]))


def _standstill(last: Snapshot) -> str:
    advice = last.advice
    if advice.hint is Hint.REGION_BLOCKED and advice.region is not None:
        return f"{advice.region.value}_blocked"
    if advice.hint is Hint.GLARE:
        return "glare"
    if advice.hint is Hint.OPEN_EYES:
        return Reason.EYES_CLOSED.value
    if last.problem is not None:
        return last.problem.value
    return NO_BLINK if last.phase is Phase.BLINK else TOO_SHORT


def thumbnail(rgb: Image, reading: Reading, states: Mapping[Region, State], side: int) -> bytes:
    """A JPEG of the face with its surroundings, or of everything where there is no face; `side` pixels at most."""
    left, top, right, bottom = _frame(rgb, reading)
    part = rgb[top:bottom, left:right]
    scale = side / max(part.shape[:2])
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    size = (max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale)))
    picture = cv2.resize(part, size, interpolation=interpolation)
    if reading.face is not None:
        draw_regions(picture, (reading.face.landmarks[:, :2] - (left, top)) * scale, states, _LINE_PX)
    target = BytesIO()
    Pillow.fromarray(picture).save(target, "JPEG", quality=82)
    return target.getvalue()


def _frame(rgb: Image, reading: Reading) -> tuple[int, int, int, int]:
    """left, top, right, bottom: all faces with a margin, within the picture."""
    height, width = rgb.shape[:2]
    if reading.face is None:
        return 0, 0, width, height
    corners = [((box.left, box.top), (box.right, box.bottom)) for box in reading.others]
    points = np.concatenate([reading.face.landmarks[list(FACE_OVAL), :2], *corners])
    low, high = points.min(axis=0), points.max(axis=0)
    margin = 0.35 * float((high - low).max())
    left, top = np.clip(np.floor(low - margin), 0, (width - 1, height - 1)).astype(int)
    right, bottom = np.clip(np.ceil(high + margin), (left + 1, top + 1), (width, height)).astype(int)
    return int(left), int(top), int(right), int(bottom)
