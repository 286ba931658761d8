"""What training starts from in one small folder, for a machine that has neither the photographs nor a face finder.

`training.pack` fills the folder; `training.from_pack` trains from it. Pictures are kept as WebP or JPEG. No torch here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from training.faces.datasets import Base, EyeCrops, Samples
from training.faces.drift import Drifts
from training.faces.sources import Source

Patches = dict[str, list[NDArray[np.uint8]]]
"""Kind -> RGBA cut-outs."""

_SUBPIXEL = 32  # steps a pixel that meshes are kept in
_EYE_SPACING_PX = 76.0  # inter-eye distance that photos are reduced to: more than any canvas shows once it is aligned
_CORNERS = (33, 263)  # outer corners of the eyes in the mesh; 1.44 inter-eye distances apart


@dataclass(frozen=True)
class Packed:
    """bases: clean faces; patches: kind -> RGBA cut-outs; masks: real ones; eyes: crops; all of them to train on.

    held: samples to validate on; drifts: of the mesh on composites.
    """

    bases: list[Base]
    patches: Patches
    masks: Samples
    held: Samples
    eyes: EyeCrops
    drifts: Drifts

    def save(self, folder: Path, quality: int = 88) -> None:
        """Into a folder. quality: of the faces, 1 to 100."""
        folder.mkdir(parents=True, exist_ok=True)
        small = [_reduced(base) for base in self.bases]
        np.savez(
            folder / "faces.npz",
            **_pictures("rgb", (base.rgb for base in small), ".webp", quality),
            points=np.stack([np.round(base.points * _SUBPIXEL) for base in small]).astype(np.int16),
            eyes=np.array([base.eyes for base in small], np.int8),
            kind=np.array([base.source.kind for base in small]),
            name=np.array([base.source.path.name for base in small]),
            group=np.array([base.source.group for base in small]),
            held=np.array([base.source.held for base in small]),
        )
        every = [(kind, patch) for kind, of_kind in self.patches.items() for patch in of_kind]
        np.savez(
            folder / "patches.npz",
            **_pictures("rgba", (patch for _, patch in every), ".webp", 90),
            kind=np.array([kind for kind, _ in every]),
        )
        for name in ("masks", "held"):
            _save_samples(folder / f"{name}.npz", getattr(self, name))
        np.savez(
            folder / "eyes.npz",
            **_pictures("crops", self.eyes.crops, ".jpg", 92),
            label=self.eyes.label,
            source=self.eyes.source,
        )
        self.drifts.save(folder / "drifts.npz")

    @classmethod
    def load(cls, folder: Path) -> Packed:
        """What `save` wrote."""
        with np.load(folder / "faces.npz") as store:
            about = [store[key] for key in ("points", "eyes", "kind", "name", "group", "held")]
            bases = [
                Base(
                    Source(Path(str(name)), str(kind), str(group), bool(held)),
                    rgb,
                    points.astype(np.float32) / _SUBPIXEL,
                    int(eyes),
                )
                for rgb, points, eyes, kind, name, group, held in zip(_read(store, "rgb"), *about, strict=True)
            ]
        patches: Patches = {}
        with np.load(folder / "patches.npz") as store:
            for rgba, kind in zip(_read(store, "rgba"), store["kind"], strict=True):
                if rgba.shape[2] == 3:  # WebP drops an alpha that is opaque everywhere
                    rgba = cv2.cvtColor(rgba, cv2.COLOR_RGB2RGBA)
                patches.setdefault(str(kind), []).append(rgba)
        with np.load(folder / "eyes.npz") as store:
            eyes = EyeCrops(np.stack(_read(store, "crops")), store["label"], store["source"])
        masks, kept = (_load_samples(folder / f"{name}.npz") for name in ("masks", "held"))
        return cls(bases, patches, masks, kept, eyes, Drifts.load(folder / "drifts.npz"))


def _reduced(base: Base) -> Base:
    spacing = float(np.hypot(*(base.points[_CORNERS[0]] - base.points[_CORNERS[1]]))) / 1.44
    scale = min(1.0, _EYE_SPACING_PX / spacing)
    height, width = base.rgb.shape[:2]
    to = max(1, round(width * scale)), max(1, round(height * scale))
    rgb = cv2.resize(base.rgb, to, interpolation=cv2.INTER_AREA)
    points = (base.points + 0.5) * np.array([to[0] / width, to[1] / height], np.float32) - 0.5
    return Base(base.source, rgb, points.astype(np.float32), base.eyes)


def _pictures(name: str, pictures: Iterable[NDArray[np.uint8]], kind: str, quality: int) -> dict[str, Any]:
    """Two arrays: the files one after another, and where each ends."""
    flag = cv2.IMWRITE_WEBP_QUALITY if kind == ".webp" else cv2.IMWRITE_JPEG_QUALITY
    order = {3: cv2.COLOR_RGB2BGR, 4: cv2.COLOR_RGBA2BGRA}
    packed = [cv2.imencode(kind, cv2.cvtColor(p, order[p.shape[2]]), [flag, quality])[1].ravel() for p in pictures]
    return {name: np.concatenate(packed), f"{name}_ends": np.cumsum([len(p) for p in packed])}


def _read(store: Any, name: str) -> list[NDArray[np.uint8]]:
    files, ends = store[name], store[f"{name}_ends"]
    out = []
    for file in np.split(files, ends[:-1]):
        picture = np.asarray(cv2.imdecode(file, cv2.IMREAD_UNCHANGED))
        out.append(cv2.cvtColor(picture, cv2.COLOR_BGRA2RGBA if picture.shape[2] == 4 else cv2.COLOR_BGR2RGB))
    return out


def _save_samples(path: Path, samples: Samples) -> None:
    rest = {f.name: getattr(samples, f.name) for f in fields(samples) if f.name not in ("face", "eyes")}
    pairs = np.concatenate([samples.eyes[:, 0], samples.eyes[:, 1]], axis=2)
    pictures = _pictures("face", samples.face, ".jpg", 95) | _pictures("eyes", pairs, ".jpg", 95)
    np.savez_compressed(path, **pictures, **rest)


def _load_samples(path: Path) -> Samples:
    with np.load(path) as store:
        pairs = np.stack(_read(store, "eyes"))
        half = pairs.shape[2] // 2
        known = {f.name: store[f.name] for f in fields(Samples) if f.name not in ("face", "eyes")}
        eyes = np.stack([pairs[:, :, :half], pairs[:, :, half:]], axis=1)
        return Samples(face=np.stack(_read(store, "face")), eyes=eyes, **known)
