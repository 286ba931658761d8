"""Composes training samples on many cores: a face in some tone and light, a thing over it, cut as in the app.

No torch here.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from core.regions import EYES
from training.drawing import beards, gaze, lids, mouths, tones, wear
from training.drawing.canvas import Canvas, cut_canvas
from training.drawing.compose import KINDS, Composer, Composite
from training.drawing.layers import blend
from training.drawing.lower_face import Donor
from training.faces.datasets import OPEN, Base, Cutter, Samples, lid_class

SHUT_SHARE = 0.2  # of the composites on open eyes; their lids are drawn down, wholly or in part
ASIDE_SHARE = 0.15  # of the composites on open eyes that stay so; they look to a side
SHADOW_SHARE = 0.3  # of those; with eye shadow on them
TONE_SHARE = 0.35  # of all composites; in another skin tone or in hard light
BEARD_SHARE = 0.08  # of all composites; a beard drawn on the face
MOUTH_SHARE = 0.12  # of all composites; the mouth opened, where it was closed
DONORS = 4  # one clean face in so many lends its lower face to printed masks

Mesh = Callable[[np.random.Generator, Canvas, Composite], "NDArray[np.float32] | None"]
"""(478, 2) of the face on a finished composite, None where none is found."""


class Studio:
    """Composes samples of `bases` and `patches`, cut along the mesh of `mesh`, or of FaceLandmarker without it.

    sides: the smallest and the largest side of a canvas, pixels.
    """

    def __init__(
        self,
        bases: list[Base],
        patches: dict[str, list[NDArray[np.uint8]]],
        shares: dict[str, float] | None = None,
        mesh: Mesh | None = None,
        sides: tuple[int, int] = (170, 440),
    ) -> None:
        self.cutter, self._sides = Cutter(), sides
        self._bases = bases
        donors = [Donor(b.rgb, b.points) for b in bases if b.source.kind == "faces_clean"][::DONORS]
        self._composer = Composer(patches, shares or KINDS, donors)
        weights = np.array([{"faces_clean": 3.0, "faces_open": 0.8}.get(b.source.kind, 1.4) for b in bases])
        self._share = weights / weights.sum()
        self._mesh = mesh

    def samples(self, rng: np.random.Generator, count: int) -> Samples:
        """So many of them."""
        parts: list[Samples] = []
        while len(parts) < count:
            base = self.some_base(rng)
            made, canvas, eyes = self.composed(rng, base)
            points = self._mesh(rng, canvas, made) if self._mesh else self.cutter.points(made.rgb)
            if points is None or not near(points, canvas):
                continue
            name = f"{base.source.kind}/{base.source.path.name}"
            parts.append(self.cutter.sample(made.rgb, points, made.foreign, made.hidden, eyes, made.kind, name))
        return Samples.join(parts)

    def some_base(self, rng: np.random.Generator) -> Base:
        """A clean face, the sharp ones more often."""
        return self._bases[rng.choice(len(self._bases), p=self._share)]

    def composed(self, rng: np.random.Generator, base: Base) -> tuple[Composite, Canvas, tuple[int, int]]:
        """A composite, the canvas under it, and the classes of its left and right eye where nothing hides them."""
        kind = self._composer.kind(rng)
        canvas: Canvas = cut_canvas(rng, base.rgb, base.points, self._sides)
        eyes = (base.eyes, base.eyes)
        if rng.random() < BEARD_SHARE:
            layer = beards.beard(rng, canvas.points, len(canvas.rgb))
            canvas = Canvas(blend(canvas.rgb, layer), canvas.points)
        if rng.random() < MOUTH_SHARE:
            canvas = Canvas(*mouths.opened(rng, canvas.rgb, canvas.points))
        if rng.random() < TONE_SHARE:
            canvas = Canvas(tones.some(rng, canvas.rgb, canvas.points), canvas.points)
        if base.eyes == OPEN and rng.random() < SHUT_SHARE:
            rgb, lids_down = lids.shut(rng, canvas.rgb, canvas.points)
            if rng.random() < SHADOW_SHARE:
                shut = {eye: share >= lids.SHUT_FROM for eye, share in lids_down.items()}
                for layer in wear.eye_shadow(rng, canvas.points, len(rgb), shut):
                    rgb = blend(rgb, layer)
            canvas, eyes = Canvas(rgb, canvas.points), (lid_class(lids_down[EYES[0]]), lid_class(lids_down[EYES[1]]))
        elif base.eyes == OPEN and rng.random() < ASIDE_SHARE:
            canvas = Canvas(gaze.turned(rng, canvas.rgb, canvas.points), canvas.points)
        return self._composer.compose(rng, canvas, kind), canvas, eyes


_STATE: dict[str, Studio] = {}


def _start(make: Callable[[], tuple[Any, ...]], shares: dict[str, float] | None) -> None:
    cv2.setNumThreads(1)
    bases, patches = make()
    _STATE["studio"] = Studio(bases, patches, shares)


def _chunk(job: tuple[int, int]) -> Samples:
    seed, count = job
    return _STATE["studio"].samples(np.random.default_rng(seed), count)


def near(points: NDArray[np.float32], canvas: Canvas) -> bool:
    """The mesh found is that of the face, not of something else."""
    off = np.hypot(*(points[[33, 263, 1, 61, 291]] - canvas.points[[33, 263, 1, 61, 291]]).T)
    return bool(np.median(off) < 0.5 * canvas.unit)


def compose_many(
    make: Callable[[], tuple[Any, ...]], count: int, seed: int, workers: int, shares: dict[str, float] | None = None
) -> Samples:
    """`count` composites. make: called once per process, gives (bases, patches)."""
    step = 50
    jobs = [(seed * 100_003 + i, min(step, count - i * step)) for i in range(-(-count // step))]
    # Spawned, not forked: FaceLandmarker's threads, if this process has any, would leave a fork hanging.
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_start, initargs=(make, shares)) as pool:
        return Samples.join(tqdm(pool.map(_chunk, jobs), total=len(jobs), desc="compose", unit="x50"))
