"""The selfies of one tab and the files they are handed out as. They live in memory only."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from PIL import Image as Pillow

from core.flow.snapshot import Selfie
from core.regions import Region
from core.vision.components import Component


@dataclass(frozen=True)
class Photo:
    """A selfie, ready to be handed out.

    name: of its files, without an ending. seconds: from start to selfie. signature: of the report, as a detached JWS;
    None where nothing is signed.
    """

    name: str
    png: bytes
    jpeg: bytes
    report: bytes
    size: tuple[int, int]
    seconds: float
    signature: str | None = None


class Witness(Protocol):
    """Signs what is handed out; `core.evidence.evidence.Evidence`."""

    def sign(self, content: bytes, at: datetime) -> str: ...

    def embed(self, picture: bytes, mime: str, checks: Mapping[str, Any], at: datetime) -> bytes: ...


def report(selfie: Selfie, taken_at: datetime, models: Mapping[str, Any]) -> dict[str, Any]:
    """What is known about a selfie, for a JSON file. Times are in seconds since the attempt's first frame.

    quality: each component of ISO/IEC 29794-5, raw and from 0 to 100 (core.vision.components). small_face: the camera
    gives fewer pixels between the eyes than such pictures should have.
    """
    height, width = selfie.rgb.shape[:2]
    return {
        "taken_at": taken_at.isoformat(timespec="seconds"),
        "seconds": round(selfie.t - selfie.started, 3),
        "mode": "strict" if selfie.strict else "standard",
        "size": _size(width, height),
        "picture": {
            "from": "still" if selfie.still else "stream",
            "stream": _size(*(selfie.frame_px or (width, height))),
            "still_refused": selfie.refused_why,
            "still_refused_size": _size(*selfie.refused_px) if selfie.refused_px else None,
        },
        "scores": {
            "sharpness": round(selfie.components[Component.SHARPNESS].raw, 1),
            "inter_eye_px": round(selfie.components[Component.INTER_EYE_DISTANCE].raw, 1),
        },
        "quality": {
            component.value: {"raw": round(measured.raw, 4), "score": measured.score}
            for component, measured in selfie.components.items()
        },
        "small_face": selfie.small_face,
        "continuity": {"similarity": round(selfie.similarity, 4)},
        "presentation": {
            "suspected": bool(selfie.suspicions),
            "signs": [{"sign": s.sign.value, "score": round(s.score, 2)} for s in selfie.suspicions],
        },
        "blinks": [{"t": round(t - selfie.started, 3), "seconds": round(seconds, 3)} for t, seconds in selfie.blinks],
        "regions": {
            region.value: {"state": reading.state.value, "covered": round(reading.covered, 3)}
            for region in Region
            if (reading := selfie.regions.get(region))
        },
        "models": dict(models),
    }


def _size(width: int, height: int) -> dict[str, int]:
    return {"width": width, "height": height}


def model_versions(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Name -> version and hash of every model in the manifest."""
    kept = ("version", "file", "sha256")
    return {
        name: {key: str(entry[key]) for key in kept if key in entry}
        for name, entry in manifest.items()
        if isinstance(entry, Mapping) and "sha256" in entry
    }


def develop(
    selfie: Selfie, taken_at: datetime, models: Mapping[str, Any], jpeg_quality: int, witness: Witness | None = None
) -> Photo:
    """The selfie's files. jpeg_quality: 0..100. witness: signs the pictures and the report, which then names both."""
    picture = Pillow.fromarray(selfie.rgb)
    png, jpeg = _encoded(picture, "PNG"), _encoded(picture, "JPEG", quality=jpeg_quality, subsampling=0)
    told = report(selfie, taken_at, models)
    if witness is not None:
        png, jpeg = (
            witness.embed(data, mime, told, taken_at) for data, mime in ((png, "image/png"), (jpeg, "image/jpeg"))
        )
        told["files"] = {
            kind: {"sha256": hashlib.sha256(data).hexdigest()} for kind, data in (("png", png), ("jpeg", jpeg))
        }
    written = json.dumps(told, indent=2).encode()
    return Photo(
        name=f"selfie-{taken_at:%Y-%m-%d-%H%M%S}",
        png=png,
        jpeg=jpeg,
        report=written,
        size=picture.size,
        seconds=selfie.t - selfie.started,
        signature=witness.sign(written, taken_at) if witness is not None else None,
    )


def _encoded(picture: Pillow.Image, kind: str, **options: Any) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def archive(photos: Iterable[Photo]) -> bytes:
    """One ZIP with every photo's PNG, JPEG and report; a name used twice gets a number."""
    buffer = io.BytesIO()
    used: dict[str, int] = {}
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as target:  # the pictures are compressed already
        for photo in photos:
            count = used[photo.name] = used.get(photo.name, 0) + 1
            name = photo.name if count == 1 else f"{photo.name}-{count}"
            files = [("png", photo.png), ("jpg", photo.jpeg), ("json", photo.report)]
            if photo.signature is not None:
                files.append(("json.jws", photo.signature.encode()))
            for ending, data in files:
                target.writestr(f"{name}.{ending}", data)
    return buffer.getvalue()
