"""Real photographs and clips beside the composites: masks, labelled folders, eye crops, blinks. No torch here."""

from __future__ import annotations

from pathlib import Path

import av
import cv2
import numpy as np

from core.regions import EYES, Region
from core.vision.reading import Frame
from training.faces.curated import MASKED_SHADES
from training.faces.datasets import (
    BLOCKED,
    CLEAR_EYE,
    CLOSED,
    MASK_PX,
    NO_EYE,
    OPEN,
    REGIONS,
    UNKNOWN,
    Cutter,
    EyeCrops,
    Samples,
)
from training.faces.sources import IMAGES, Label, Source, read_rgb

_MASK_BLOCKED = (Region.NOSE, Region.MOUTH, Region.CHIN)
_MASK_CLEAR = (*EYES, Region.LEFT_BROW, Region.RIGHT_BROW)
CLOSED_FROM, OPEN_UP_TO = 0.6, 0.2
"""eyeBlink blendshape beyond which a clip's frame is taken as closed or open without a person looking."""


def masked_labels(sources: list[Source]) -> list[tuple[Source, Label]]:
    """Real masks: nose, mouth and chin blocked, eyes and brows clear, the rest depends on the mask."""
    unsure = frozenset(set(Region) - set(_MASK_BLOCKED) - set(_MASK_CLEAR))
    found = []
    for source in sources:
        shades = source.path.name in MASKED_SHADES
        blocked = frozenset((*_MASK_BLOCKED, *EYES) if shades else _MASK_BLOCKED)
        unknown = unsure | {Region.LEFT_BROW, Region.RIGHT_BROW} if shades else unsure
        found.append((source, Label(source.path, blocked, unknown)))
    return found


def one_large_face(cutter: Cutter, path: Path, inter_eye_px: float = 20.0) -> bool:
    """A photo of exactly one face, near enough."""
    found = cutter.finder.find(Frame(read_rgb(path), 0.0))
    return len(found) == 1 and found[0].inter_eye_px >= inter_eye_px


def labelled_sample(
    cutter: Cutter, label: Label, kind: str, eyes: int = CLEAR_EYE, flip: bool = False
) -> Samples | None:
    """One photo whose blocked regions a person named; None where no face is found.

    Coverage is 1 for blocked, 0 for clear, unknown for unsure. Only a photo without any covered region has a mask.
    eyes: class of the eyes that are not blocked.
    """
    rgb = read_rgb(label.path)
    blocked, unsure = label.blocked, label.unsure
    if flip:
        rgb = np.ascontiguousarray(rgb[:, ::-1])
        blocked, unsure = (frozenset(other_side(region) for region in part) for part in (blocked, unsure))
    points = cutter.points(rgb)
    if points is None:
        return None
    sample = cutter.sample(rgb, points, None, None, (eyes, eyes), kind, f"{label.path.parent.name}/{label.path.name}")
    for index, region in enumerate(REGIONS):
        sample.coverage[0, index] = UNKNOWN if region in unsure else float(region in blocked)
    for index, eye in enumerate(EYES):
        value = sample.coverage[0, REGIONS.index(eye)]
        sample.eye_class[0, index] = BLOCKED if value > 0.5 else (eyes if value == 0 else NO_EYE)
    if not blocked and not unsure:
        sample.mask[:] = np.zeros((1, MASK_PX, MASK_PX), np.uint8)
        sample.known[:] = 1
    return sample


def other_side(region: Region) -> Region:
    """The same region on the other half of the face."""
    side, _, rest = region.value.partition("_")
    return Region(f"{ {'left': 'right', 'right': 'left'}[side] }_{rest}") if side in ("left", "right") else region


def eye_folder(folder: Path, copies: int, seed: int = 0, side: int = 64) -> EyeCrops:
    """eyes/open and eyes/closed, framed anyhow: each in several sizes and places, half of them mirrored."""
    rng = np.random.default_rng(seed)
    crops, label, source = [], [], []
    for name, kind in (("open", OPEN), ("closed", CLOSED)):
        for path in sorted(p for p in (folder / name).iterdir() if p.suffix.lower() in IMAGES):
            rgb = read_rgb(path)
            for _ in range(copies):
                width = side * rng.uniform(0.72, 1.12)
                scale = width / rgb.shape[1]
                shift = np.array([side, side]) / 2 - scale * np.array(rgb.shape[1::-1]) / 2 + rng.normal(0, 2, 2)
                source_rgb = cv2.GaussianBlur(rgb, (0, 0), 0.35 / scale) if scale < 0.8 else rgb
                matrix = np.array([[scale, 0, shift[0]], [0, scale, shift[1]]])
                crop = cv2.warpAffine(source_rgb, matrix, (side, side), borderMode=cv2.BORDER_REFLECT_101)
                crops.append(crop[:, ::-1] if rng.random() < 0.5 else crop)
                label.append(kind)
                source.append(f"eyes/{path.stem.split('_')[-1]}")
    return EyeCrops(np.stack(crops), np.array(label), np.array(source))


def clip_eyes(cutter: Cutter, clip: Path, every: int = 2) -> EyeCrops:
    """Eyes of a clip whose blendshape says plainly open or shut, both eyes alike."""
    crops, label, source = [], [], []
    with av.open(str(clip)) as container:
        for number, picture in enumerate(container.decode(video=0)):
            if number % every:
                continue
            rgb = picture.to_ndarray(format="rgb24")
            found = cutter.finder.find(Frame(rgb, 0.0))
            if not found:
                continue
            scores = [found[0].blink[eye] for eye in EYES]
            kind = CLOSED if min(scores) > CLOSED_FROM else (OPEN if max(scores) < OPEN_UP_TO else None)
            if kind is None:
                continue
            aligned = cutter.aligner.align(rgb, found[0].landmarks)
            for eye in EYES:
                crops.append(cutter.aligner.eye(rgb, aligned, eye))
                label.append(kind)
                source.append(f"videos/{clip.stem}/{number}")
    if not crops:
        side = cutter.aligner.settings.eye_px
        return EyeCrops(np.zeros((0, side, side, 3), np.uint8), np.zeros(0, np.int64), np.zeros(0, np.str_))
    return EyeCrops(np.stack(crops), np.array(label), np.array(source))
