"""Photos: bytes in, upright RGB out, every failure one clear sentence."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pi_heif
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from core.files.color import standard_photo_rgb
from core.files.error import FileError, too_large
from core.settings import FileSettings
from core.vision.reading import Image

PHOTO_SUFFIXES = (
    *(".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".avif", ".bmp", ".tif", ".tiff"),
    *(".jp2", ".j2k"),  # the photos in the chips of passports
)

# Only pictures: for some of its other formats Pillow starts programs, as it does Ghostscript for EPS.
_PHOTO_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "AVIF", "BMP", "TIFF", "JPEG2000")

_JPEG = ("JPEG", "MPO")  # several in one file, as some phones write them: the first is an ordinary JPEG

_WHITES = (1.0, 255.0, 65535.0)  # of greys with more than 8 bits; 1 in floating point only

pi_heif.register_heif_opener()
# Pillow warns of large pictures on its own, from 89 megapixels on; ours are refused before, in a sentence.
warnings.filterwarnings("ignore", category=Pillow.DecompressionBombWarning)


def photos_in(folder: str | Path) -> Iterator[Path]:
    """All photos of a folder and below, by their endings, in order; then the folders that can't be looked into."""
    closed: list[OSError] = []
    yield from sorted(
        Path(parent, name)
        for parent, _, names in os.walk(folder, onerror=closed.append)
        for name in names
        if Path(name).suffix.lower() in PHOTO_SUFFIXES
    )
    yield from (Path(error.filename) for error in closed)


def load_photo(source: Path | BytesIO, settings: FileSettings) -> Image:
    """(H, W, 3) uint8 sRGB, upright by its EXIF tag, reduced to `max_side_px`.

    Raises FileError: not there, closed to us, not a photo, cut off, or too large.
    """
    with _opened(source, settings) as photo:
        rgb = _decoded(photo, settings.max_side_px)
    scale = settings.max_side_px / max(rgb.shape[:2])
    if scale < 1:
        height, width = (max(1, round(side * scale)) for side in rgb.shape[:2])
        rgb = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA)
    return standard_photo_rgb(rgb, photo.info.get("icc_profile"))


def glance_at_photo(source: Path | BytesIO, settings: FileSettings) -> Image | None:
    """A JPEG that `load_photo` would reduce, decoded at a fraction of its size; None for all other photos.

    `first_look_px` or more are left of the longer side. Raises FileError as `load_photo` does.
    """
    with _opened(source, settings) as photo:
        if photo.format not in _JPEG or max(photo.size) <= settings.max_side_px:
            return None
        rgb = _decoded(photo, settings.first_look_px)
    return standard_photo_rgb(rgb, photo.info.get("icc_profile"))


@contextmanager
def _opened(source: Path | BytesIO, settings: FileSettings) -> Iterator[Pillow.Image]:
    """Not decoded yet; whatever goes wrong with it becomes a FileError."""
    try:
        with Pillow.open(source, formats=_PHOTO_FORMATS) as photo:
            width, height = photo.size
            if width * height > settings.max_megapixels * 1e6:
                raise too_large(settings.max_megapixels)
            yield photo
    except FileNotFoundError as error:
        raise FileError("file_missing") from error
    except IsADirectoryError as error:
        raise FileError("file_is_folder") from error
    except UnidentifiedImageError as error:
        raise FileError("file_no_photo") from error
    except Pillow.DecompressionBombError as error:
        raise too_large(settings.max_megapixels) from error
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        if isinstance(error, OSError) and error.errno is not None:  # the system says so, not the decoder
            raise FileError("file_unopened", why=str(error.strerror)) from error
        raise FileError("file_damaged") from error


def _decoded(photo: Pillow.Image, least_px: int) -> Image:
    """(H, W, 3) uint8, upright. JPEG can be decoded at a half, a quarter, an eighth, which saves most of the time."""
    longer = max(photo.size)
    photo.draft("RGB", (max(1, photo.width * least_px // longer), max(1, photo.height * least_px // longer)))
    return np.ascontiguousarray(_rgb(ImageOps.exif_transpose(photo)))


def _rgb(photo: Pillow.Image) -> Image:
    """(H, W, 3) uint8. Pillow itself cuts greys of more than 8 bits off at 255."""
    if photo.mode != "F" and not photo.mode.startswith("I"):
        return np.asarray(photo.convert("RGB"))
    gray = np.nan_to_num(np.asarray(photo).astype(np.float32), posinf=0, neginf=0)
    most = float(gray.max())
    # The scale is not in the file: it is the least of the usual ones that holds all values.
    whites = _WHITES if photo.mode == "F" else _WHITES[1:]
    white = next((white for white in whites if most <= white), most)
    return np.repeat((gray * (255 / white)).clip(0, 255).round().astype(np.uint8)[..., None], 3, axis=2)
