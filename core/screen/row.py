"""One photo, one row: what `check --json` says, flattened, and what tells one run's rows from another's."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

import cv2
import pyarrow as pa

from core.files.check import PhotoChecker
from core.files.error import FileError
from core.regions import Region
from core.screen.sources import read_bytes
from core.settings import Settings
from core.texts import load
from core.vision import assets
from core.vision.photo_reader import PhotoReader

Row = dict[str, Any]

Make = Callable[[str], Row]
"""The address of a photo -> its row. Raises nothing."""

Load = Callable[[], Make]
"""What each process that judges does once: load its models."""

SCHEMA = pa.schema(
    [
        ("path", pa.string()),
        ("error", pa.string()),
        ("verdict", pa.string()),
        ("reasons", pa.list_(pa.string())),
        ("faces", pa.int32()),
        ("inter_eye_px", pa.float32()),
        ("yaw", pa.float32()),
        ("pitch", pa.float32()),
        ("roll", pa.float32()),
        ("turned", pa.int32()),
        ("presentation_suspect", pa.bool_()),
        ("presentation_score", pa.float32()),
        ("presentation_signs", pa.list_(pa.string())),
        *((f"{region.value}_state", pa.string()) for region in Region),
        *((f"{region.value}_covered", pa.float32()) for region in Region),
        ("sha256", pa.string()),
        ("bytes", pa.int64()),
        ("width", pa.int32()),
        ("height", pa.int32()),
        ("seconds", pa.float32()),
        ("models", pa.string()),
    ]
)
"""seconds: to fetch and judge it. width, height: of the photo reduced to 1,920 px, as `inter_eye_px`. models: names and
hashes, begun."""

logger = logging.getLogger(__name__)


class RowMaker:
    """Judges photos by their address. One a process."""

    def __init__(self, checker: PhotoChecker, clock: Callable[[], float] = time.perf_counter) -> None:
        self._checker = checker
        self._clock = clock
        self._models = model_versions()

    def make(self, address: str) -> Row:
        """One row, whatever is wrong with the file: then `error` says it and what could not be known is None."""
        start = self._clock()
        row: Row = dict.fromkeys(SCHEMA.names)
        row |= {"path": writable(address), "models": self._models}
        try:
            data = read_bytes(address)
            row |= {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            result = self._checker.check_file(BytesIO(data))
            row |= {"width": result.size[0], "height": result.size[1], **_flat(result.as_dict())}
        except FileError as error:
            row["error"] = sentence(error)
        except Exception:
            # What one file makes stumble must not take the others' rows with it.
            logger.exception("A photo could not be judged")
            row["error"] = sentence(FileError("file_failed"))
        row["seconds"] = self._clock() - start
        return row


def load_maker() -> Make:
    """With the models of a process of its own, which uses one core. Raises core.vision.assets.AssetError."""
    cv2.setNumThreads(1)
    settings = Settings()
    return RowMaker(PhotoChecker(PhotoReader(settings), settings)).make


def writable(address: str) -> str:
    """As it can stand in a row: names of files that are no UTF-8 have their odd bytes escaped."""
    return address.encode(errors="backslashreplace").decode()


def failed(address: str) -> Row:
    """The row of a file that ended the process which read it."""
    row: Row = dict.fromkeys(SCHEMA.names)
    return row | {"path": writable(address), "models": model_versions(), "error": sentence(FileError("file_failed"))}


def sentence(error: FileError) -> str:
    """An error as the command line says it."""
    return load("en")[f"files.{error.key}"].format(**error.values)


def model_versions() -> str:
    """Names and the first eight digits of the hashes of all models that take part."""
    manifest = assets.manifest()
    hashes = {"face_landmarker": assets.FACE_MODEL_SHA256} | {
        name: str(manifest[name]["sha256"]) for name in ("eyes", "occlusion", "presentation")
    }
    return " ".join(f"{name}:{sha[:8]}" for name, sha in hashes.items())


def _flat(result: Mapping[str, Any]) -> Row:
    row = {name: result[name] for name in ("verdict", "reasons", "faces", "inter_eye_px", "turned") if name in result}
    row |= result.get("pose", {})
    row |= {f"presentation_{name}": value for name, value in result.get("presentation", {}).items()}
    for name, region in result.get("regions", {}).items():
        row |= {f"{name}_{part}": value for part, value in region.items()}
    return row
