"""Clips: upright RGB frames with their times, every failure one clear sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from io import BytesIO
from itertools import chain
from pathlib import Path

import av
import av.error
from av.container import InputContainer

from core.files.display import shown
from core.files.error import FileError, too_large
from core.settings import FileSettings
from core.vision.reading import Frame

CLIP_SUFFIXES = (".mp4", ".mov", ".webm", ".mkv", ".avi", ".m4v")

# Only formats that hold their own pictures: FFmpeg's playlists (HLS, concat) would open other files and addresses.
_CLIP_FORMATS = "mov,matroska,webm,avi,mpegts,mpeg,flv,ogg,asf,mjpeg,yuv4mpegpipe,gif"
_MAX_FPS = 250


def read_clip(source: Path | BytesIO, settings: FileSettings) -> Iterator[Frame]:
    """The frames of a clip, upright, each with its own time from 0 on.

    A clip that breaks off in the middle gives the frames up to there. Raises FileError: not there, no clip, pictures
    too large, or too long; the last one in the middle where the file's head says less than the truth.
    """
    try:
        container = _open(source)
    except FileNotFoundError as error:
        raise FileError("file_missing") from error
    except PermissionError as error:
        raise FileError("file_unopened", why=str(error.strerror)) from error
    except (av.error.FFmpegError, OSError) as error:
        raise FileError("file_no_clip") from error
    with container:
        if not container.streams.video:
            raise FileError("file_no_picture")
        stream = container.streams.video[0]
        if stream.codec_context is None:  # FFmpeg has no decoder for it
            raise FileError("file_no_picture")
        if stream.width * stream.height > settings.max_clip_megapixels * 1e6:
            raise too_large(settings.max_clip_megapixels)
        if (container.duration or 0) / 1e6 > settings.max_clip_s + 1:
            raise _too_long(settings)
        stream.thread_type = "AUTO"
        # A clip may change its size on the way; the decoder itself must refuse what would not fit into memory.
        stream.codec_context.options = {"max_pixels": str(round(settings.max_clip_megapixels * 1.2e6))}
        frames = _decode(container)
        first = next(frames, None)
        if first is None:
            raise FileError("file_no_picture")
        rate = float(stream.average_rate or 30)
        start = first.time or 0.0
        last = -1.0
        for index, picture in enumerate(chain([first], frames)):
            t = index / rate if picture.time is None else picture.time - start
            if max(t, index / _MAX_FPS) > settings.max_clip_s + 1:
                raise _too_long(settings)
            if picture.width * picture.height > settings.max_clip_megapixels * 1e6:
                raise too_large(settings.max_clip_megapixels)
            if t <= last:
                continue
            last = t
            yield Frame(shown(picture, stream.sample_aspect_ratio), t)


def thinned(frames: Iterable[Frame], fps: float) -> Iterator[Frame]:
    """The frames that a camera of `fps` frames a second would have given: the first one of each of its moments."""
    due = 0.0
    for frame in frames:
        if frame.t < due - 1e-3:  # the times of most files are rounded to milliseconds
            continue
        yield frame
        due = (math.floor((frame.t + 1e-3) * fps) + 1) / fps


def clip_seconds(source: Path | BytesIO) -> float | None:
    """How long a clip says it is; None when it does not say or is no clip. For progress only: it need not be true."""
    try:
        with _open(source) as container:
            return container.duration / 1e6 if container.duration else None
    except (av.error.FFmpegError, OSError):
        return None


def _open(source: Path | BytesIO) -> InputContainer:
    options = {"format_whitelist": _CLIP_FORMATS, "protocol_whitelist": "file"}
    place = str(source) if isinstance(source, Path) else source
    return av.open(place, mode="r", options=options, metadata_errors="replace")


def _too_long(settings: FileSettings) -> FileError:
    return FileError("file_too_long", seconds=f"{settings.max_clip_s:.0f}")


def _decode(container: InputContainer) -> Iterator[av.VideoFrame]:
    try:
        yield from container.decode(video=0)
    except (av.error.FFmpegError, OSError):
        return
