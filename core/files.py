"""Photos and clips from files or memory: bytes in, RGB out, every failure one clear sentence."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import av
import av.error
import cv2
import numpy as np
from av.container import InputContainer
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from core.settings import FileSettings
from core.vision.reading import Frame, Image

PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff")
CLIP_SUFFIXES = (".mp4", ".mov", ".webm", ".mkv", ".avi", ".m4v")


class FileError(ValueError):
    """A file can't be used. `key` names the sentence for the person who chose it; `values` fill its places."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def load_photo(source: Path | BytesIO, settings: FileSettings) -> Image:
    """(H, W, 3) uint8 RGB, upright by its EXIF tag, reduced to `max_side_px`.

    Raises FileError: not there, not a photo, cut off, or too large.
    """
    try:
        with Pillow.open(source) as photo:
            width, height = photo.size
            if width * height > settings.max_megapixels * 1e6:
                raise _too_large(settings)
            # JPEG can be decoded at a reduced size, which saves most of the time for large photos.
            photo.draft("RGB", (settings.max_side_px, settings.max_side_px))
            upright = ImageOps.exif_transpose(photo).convert("RGB")
    except FileNotFoundError as error:
        raise FileError("file_missing") from error
    except IsADirectoryError as error:
        raise FileError("file_is_folder") from error
    except UnidentifiedImageError as error:
        raise FileError("file_no_photo") from error
    except Pillow.DecompressionBombError as error:
        raise _too_large(settings) from error
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        raise FileError("file_damaged") from error
    rgb = np.asarray(upright)
    scale = settings.max_side_px / max(rgb.shape[:2])
    if scale < 1:
        rgb = cv2.resize(rgb, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(rgb)


def read_clip(source: Path | BytesIO, settings: FileSettings) -> Iterator[Frame]:
    """The frames of a clip, upright, each with its own time from 0 on.

    A clip that breaks off in the middle gives the frames up to there. Raises FileError: not there, or no clip.
    """
    try:
        container = av.open(str(source) if isinstance(source, Path) else source, mode="r")
    except FileNotFoundError as error:
        raise FileError("file_missing") from error
    except (av.error.FFmpegError, OSError) as error:
        raise FileError("file_no_clip") from error
    with container:
        if not container.streams.video:
            raise FileError("file_no_picture")
        stream = container.streams.video[0]
        if stream.width * stream.height > settings.max_megapixels * 1e6:
            raise _too_large(settings)
        stream.thread_type = "AUTO"
        frames = _decode(container)
        first = next(frames, None)
        if first is None:
            raise FileError("file_no_picture")
        rate = float(stream.average_rate or 30)
        start = first.time or 0.0
        last = -1.0
        for index, picture in enumerate(_f for part in ([first], frames) for _f in part):
            t = index / rate if picture.time is None else picture.time - start
            if t <= last:
                continue
            last = t
            yield Frame(_upright(picture), t)


def _too_large(settings: FileSettings) -> FileError:
    return FileError("file_too_large", megapixels=f"{settings.max_megapixels:.0f}")


def _decode(container: InputContainer) -> Iterator[av.VideoFrame]:
    try:
        yield from container.decode(video=0)
    except (av.error.FFmpegError, OSError):
        return


def _upright(picture: av.VideoFrame) -> Image:
    """RGB with the container's display rotation applied, as players do."""
    rgb = picture.to_ndarray(format="rgb24")
    turns = round(picture.rotation / 90) % 4
    return np.ascontiguousarray(np.rot90(rgb, turns)) if turns else rgb
