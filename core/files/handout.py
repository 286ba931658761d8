"""The selfies of one tab and the files they are handed out as. They live in memory only."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PIL import Image as Pillow

from core.flow.snapshot import Selfie
from core.regions import Region


@dataclass(frozen=True)
class Photo:
    """A selfie, ready to be handed out. name: of its files, without an ending. seconds: from start to selfie."""

    name: str
    png: bytes
    jpeg: bytes
    report: bytes
    size: tuple[int, int]
    seconds: float


def report(selfie: Selfie, taken_at: datetime, models: Mapping[str, Any]) -> dict[str, Any]:
    """What is known about a selfie, for a JSON file. Times are in seconds since the attempt's first frame."""
    height, width = selfie.rgb.shape[:2]
    return {
        "taken_at": taken_at.isoformat(timespec="seconds"),
        "seconds": round(selfie.t - selfie.started, 3),
        "mode": "strict" if selfie.strict else "standard",
        "size": {"width": width, "height": height},
        "scores": {"sharpness": round(selfie.sharpness, 1), "inter_eye_px": round(selfie.inter_eye_px, 1)},
        "continuity": {"similarity": round(selfie.similarity, 4)},
        "blinks": [{"t": round(t - selfie.started, 3), "seconds": round(seconds, 3)} for t, seconds in selfie.blinks],
        "regions": {
            region.value: {"state": reading.state.value, "covered": round(reading.covered, 3)}
            for region in Region
            if (reading := selfie.regions.get(region))
        },
        "models": dict(models),
    }


def model_versions(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Name -> version and hash of every model in the manifest."""
    kept = ("version", "file", "sha256")
    return {
        name: {key: str(entry[key]) for key in kept if key in entry}
        for name, entry in manifest.items()
        if isinstance(entry, Mapping) and "sha256" in entry
    }


def develop(selfie: Selfie, taken_at: datetime, models: Mapping[str, Any], jpeg_quality: int) -> Photo:
    """The selfie's files. jpeg_quality: 0..100."""
    picture = Pillow.fromarray(selfie.rgb)
    png, jpeg = io.BytesIO(), io.BytesIO()
    picture.save(png, "PNG")
    picture.save(jpeg, "JPEG", quality=jpeg_quality, subsampling=0)
    return Photo(
        name=f"selfie-{taken_at:%Y-%m-%d-%H%M%S}",
        png=png.getvalue(),
        jpeg=jpeg.getvalue(),
        report=json.dumps(report(selfie, taken_at, models), indent=2).encode(),
        size=picture.size,
        seconds=selfie.t - selfie.started,
    )


def archive(photos: Iterable[Photo]) -> bytes:
    """One ZIP with every photo's PNG, JPEG and report; a name used twice gets a number."""
    buffer = io.BytesIO()
    used: dict[str, int] = {}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target:  # the pictures are compressed already
        for photo in photos:
            count = used[photo.name] = used.get(photo.name, 0) + 1
            name = photo.name if count == 1 else f"{photo.name}-{count}"
            for ending, data in (("png", photo.png), ("jpg", photo.jpeg), ("json", photo.report)):
                target.writestr(f"{name}.{ending}", data)
    return buffer.getvalue()
