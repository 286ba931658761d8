"""Photos: bytes in, upright RGB out, every failure one clear sentence."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pi_heif
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

from core.files.error import FileError, too_large
from core.settings import FileSettings
from core.vision.reading import Image

PHOTO_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".bmp", ".tif", ".tiff")

# Only pictures: for some of its other formats Pillow starts programs, as it does Ghostscript for EPS.
_PHOTO_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF", "BMP", "TIFF")

pi_heif.register_heif_opener()


def load_photo(source: Path | BytesIO, settings: FileSettings) -> Image:
    """(H, W, 3) uint8 RGB, upright by its EXIF tag, reduced to `max_side_px`.

    Raises FileError: not there, not a photo, cut off, or too large.
    """
    try:
        with Pillow.open(source, formats=_PHOTO_FORMATS) as photo:
            width, height = photo.size
            if width * height > settings.max_megapixels * 1e6:
                raise too_large(settings.max_megapixels)
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
        raise too_large(settings.max_megapixels) from error
    except (OSError, SyntaxError, ValueError) as error:
        if isinstance(error, FileError):
            raise
        raise FileError("file_damaged") from error
    rgb = np.asarray(upright)
    scale = settings.max_side_px / max(rgb.shape[:2])
    if scale < 1:
        height, width = (max(1, round(side * scale)) for side in rgb.shape[:2])
        rgb = cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA)
    return np.ascontiguousarray(rgb)
