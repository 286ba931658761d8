"""From photographs to arrays: every sample is cut by `core.vision.alignment` along the mesh the app would see.

FaceLandmarker runs on each finished composite, as at run time, since its mesh drifts under a hand or a mask; samples
in which it finds no face are dropped. No torch here.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import EYES, Region
from core.settings import Settings
from core.vision.alignment import FaceAligner
from core.vision.occlusion import region_coverage, region_masks
from core.vision.reading import Aligned, Frame
from training.drawing import lids
from training.faces.curated import EYES_UNSURE
from training.faces.sources import Source, read_rgb, read_rgba

if TYPE_CHECKING:
    from core.vision.landmarks import FaceFinder

REGIONS = tuple(Region)
MASK_PX = 80  # side of the dense target: half the aligned face
UNKNOWN = -1.0  # coverage nobody knows: not trained on, not scored
BLOCKED_FROM = 0.2  # share covered from which a region is blocked
CLEAR_UP_TO = 0.02  # share covered up to which it is clear; between the two nobody scores
OPEN, CLOSED, BLOCKED, GLARE = 0, 1, 2, 3
EYES_OF = {"faces_clean": OPEN, "faces_open": OPEN, "faces_closed": CLOSED}
"""Folder of photos -> the class of their eyes."""
NO_EYE, CLEAR_EYE = -1, -2  # nobody can tell; in plain view, open or closed


@dataclass
class Samples:
    """N aligned faces and what is known of them.

    face (N, 160, 160, 3) uint8; mask (N, 80, 80) uint8: share of the pixel that is foreign, 0..255;
    known (N,) uint8: whether `mask` is; outline (N, 80, 80) uint16: bit i is set inside region i;
    coverage (N, 10) float32, UNKNOWN where not known; eyes (N, 2, 64, 64, 3) uint8, left first;
    eye_class (N, 2) int8; kind (N,) str; source (N,) str: folder and file; held (N,) bool: validation.
    """

    face: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    known: NDArray[np.uint8]
    outline: NDArray[np.uint16]
    coverage: NDArray[np.float32]
    eyes: NDArray[np.uint8]
    eye_class: NDArray[np.int8]
    kind: NDArray[np.str_]
    source: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.face)

    @property
    def drawn_lids(self) -> NDArray[np.bool_]:
        """(N, 2): eyes that are closed by a lid drawn over an open one."""
        open_ones = np.array([EYES_OF.get(source.partition("/")[0]) == OPEN for source in self.source])
        return open_ones[:, None] & (self.eye_class == CLOSED)

    def save(self, path: Path) -> None:
        """To one uncompressed .npz file."""
        np.savez(path, **{f.name: getattr(self, f.name) for f in fields(self)})

    @classmethod
    def load(cls, path: Path) -> Samples:
        """What `save` wrote."""
        with np.load(path) as store:
            return cls(**{f.name: store[f.name] for f in fields(cls)})

    def take(self, index: NDArray[np.integer] | NDArray[np.bool_]) -> Samples:
        """Some of them."""
        return Samples(**{f.name: getattr(self, f.name)[index] for f in fields(self)})

    @staticmethod
    def join(parts: Iterable[Samples]) -> Samples:
        """All of them, one after another."""
        parts = [part for part in parts if len(part)]
        return Samples(**{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Samples)})


@dataclass
class EyeCrops:
    """crops (N, 64, 64, 3) uint8; label (N,) int64; source (N,) str: collection and file or clip."""

    crops: NDArray[np.uint8]
    label: NDArray[np.int64]
    source: NDArray[np.str_]

    @staticmethod
    def join(parts: list[EyeCrops]) -> EyeCrops:
        """All of them, one after another."""
        return EyeCrops(
            np.concatenate([p.crops for p in parts]),
            np.concatenate([p.label for p in parts]),
            np.concatenate([p.source for p in parts]),
        )

    def take(self, index: NDArray[np.integer] | NDArray[np.bool_]) -> EyeCrops:
        """Some of them."""
        return EyeCrops(self.crops[index], self.label[index], self.source[index])


@dataclass(frozen=True)
class Base:
    """A clean photo and the mesh found on it; eyes: the class of its eyes before anything is laid over them."""

    source: Source
    rgb: NDArray[np.uint8]
    points: NDArray[np.float32]
    eyes: int


def outline_bits(aligned: Aligned, size: int = MASK_PX) -> NDArray[np.uint16]:
    """(size, size) uint16: bit i is set inside the outline of REGIONS[i]."""
    bits = np.zeros((size, size), np.uint16)
    masks = region_masks(aligned, size)
    for index, region in enumerate(REGIONS):
        bits |= masks[region].astype(np.uint16) << index
    return bits


def coverage_of(mask: NDArray[np.floating], aligned: Aligned) -> NDArray[np.float32]:
    """(10,) share of each outline under `mask` (S, S) 0..1, which lies on the aligned face."""
    return np.array(list(region_coverage(mask, aligned).values()), np.float32)


class Cutter:
    """Finds, aligns and cuts; one per process."""

    def __init__(self, settings: Settings | None = None) -> None:
        self._settings = settings or Settings()
        self.aligner = FaceAligner(self._settings.alignment)
        self.size = self._settings.alignment.face_px

    @cached_property
    def finder(self) -> FaceFinder:
        """Made when first asked for: a machine that composes from a pack (`training.faces.packed`) has no MediaPipe."""
        from core.vision.assets import ensure_face_model
        from core.vision.landmarks import FaceFinder

        return FaceFinder(ensure_face_model(), self._settings.landmarks)

    def points(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32] | None:
        """(478, 2) of the largest face, or None."""
        found = self.finder.find(Frame(rgb, 0.0))
        return found[0].landmarks[:, :2] if found else None

    def sample(
        self,
        rgb: NDArray[np.uint8],
        points: NDArray[np.float32],
        foreign: NDArray[np.float32] | None,
        hidden: NDArray[np.float32] | None,
        eyes: tuple[int, int],
        kind: str,
        source: str,
    ) -> Samples:
        """One sample. eyes: classes of the left and the right eye where nothing hides them.

        Without `foreign`, coverage is unknown.
        """
        aligned = self.aligner.align(rgb, points)
        coverage = np.full(len(REGIONS), UNKNOWN, np.float32)
        small = np.zeros((MASK_PX, MASK_PX), np.uint8)
        glare = np.zeros(len(REGIONS), np.float32)
        if foreign is not None:
            laid = self.laid(foreign, aligned)
            coverage = coverage_of(laid, aligned)
            small = np.round(cv2.resize(laid, (MASK_PX, MASK_PX), interpolation=cv2.INTER_AREA) * 255).astype(np.uint8)
        if hidden is not None and hidden.any():
            glare = coverage_of(self.laid(hidden, aligned), aligned)
        seen = zip(EYES, eyes, strict=True)
        classes = [eye_class(coverage[REGIONS.index(e)], glare[REGIONS.index(e)], state) for e, state in seen]
        crops = np.stack([self.aligner.eye(rgb, aligned, eye) for eye in EYES])
        return Samples(
            aligned.rgb[None],
            small[None],
            np.array([foreign is not None], np.uint8),
            outline_bits(aligned)[None],
            coverage[None],
            crops[None],
            np.array([classes], np.int8),
            np.array([kind]),
            np.array([source]),
        )

    def laid(self, mask: NDArray[np.float32], aligned: Aligned) -> NDArray[np.float32]:
        """A mask on the picture, 0..1, as it lies on the aligned face."""
        soft = cv2.GaussianBlur(mask, (0, 0), 0.4 / aligned.scale) if aligned.scale < 0.8 else mask
        return cv2.warpAffine(soft, aligned.matrix, (self.size, self.size), borderMode=cv2.BORDER_REPLICATE)


def eye_class(covered: float, hidden: float, eyes: int) -> int:
    """The class of one eye from the shares covered and hidden by glare; NO_EYE where neither is clear-cut."""
    if covered >= BLOCKED_FROM:
        return BLOCKED
    if covered > 2.5 * CLEAR_UP_TO:
        return NO_EYE
    if hidden >= 0.38:
        return GLARE
    return eyes if hidden < 0.08 else NO_EYE


def lid_class(amount: float) -> int:
    """The class of an open eye whose lid was drawn down over this share of it."""
    if amount >= lids.SHUT_FROM:
        return CLOSED
    return OPEN if amount <= lids.HALF_UP_TO else CLEAR_EYE


def find_bases(sources: list[Source], eyes: int, cutter: Cutter, limit: int | None = None) -> Iterator[Base]:
    """The photos with exactly one usable face, each as it is and mirrored."""
    for source in sources[:limit]:
        rgb = read_rgb(source.path)
        known = CLEAR_EYE if source.path.name in EYES_UNSURE else eyes
        for side in (rgb, np.ascontiguousarray(rgb[:, ::-1])):
            points = cutter.points(side)
            if points is not None:
                yield Base(source, side, points, known)


def load_patches(sources: list[Source], held: bool) -> dict[str, list[NDArray[np.uint8]]]:
    """kind -> the RGBA cut-outs of one side of the split."""
    patches: dict[str, list[NDArray[np.uint8]]] = {}
    for source in sources:
        if source.held == held:
            patches.setdefault(source.kind, []).append(read_rgba(source.path))
    return patches


def workers() -> int:
    """Processes worth starting here."""
    return max(1, min(8, os.cpu_count() or 1))
