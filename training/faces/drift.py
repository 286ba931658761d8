"""How far the mesh strays when something is laid over a face, as measured: a stand-in for the face finder.

FaceLandmarker takes as long as the composing itself, and needs MediaPipe. Where that is not to be had, a composite
gets the drift that was measured on another one of its kind, covered much like it. No torch here.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from training.drawing.canvas import Canvas
from training.drawing.compose import Composite
from training.faces.datasets import Cutter, coverage_of
from training.faces.studio import Studio, near

_ALIKE = 6  # the drift is drawn from so many composites that are covered most alike


@dataclass(frozen=True)
class Drifts:
    """N measured ones. kind (N,) str; coverage (N, 10) of the regions; moved (N, 478, 2) in inter-eye distances."""

    kind: NDArray[np.str_]
    coverage: NDArray[np.float32]
    moved: NDArray[np.float16]

    def save(self, path: Path) -> None:
        """To one .npz file."""
        np.savez_compressed(path, kind=self.kind, coverage=self.coverage, moved=self.moved)

    @classmethod
    def load(cls, path: Path) -> Drifts:
        """What `save` wrote."""
        with np.load(path) as store:
            return cls(store["kind"], store["coverage"], store["moved"])


def measure_drifts(studio: Studio, rng: np.random.Generator, count: int) -> Drifts:
    """The drifts of `count` composites whose face was found."""
    kinds: list[str] = []
    coverages, moves = [], []
    while len(kinds) < count:
        base = studio.some_base(rng)
        made, canvas, _ = studio.composed(rng, base)
        points = studio.cutter.points(made.rgb)
        if points is not None and near(points, canvas):
            kinds.append(made.kind)
            coverages.append(_coverage(studio.cutter, canvas, made))
            moves.append((points - canvas.points) / canvas.unit)
    return Drifts(np.array(kinds), np.array(coverages, np.float32), np.array(moves, np.float16))


class DriftingMesh:
    """The mesh of a composite without looking at it: the canvas's own, moved as one alike was."""

    def __init__(self, drifts: Drifts, cutter: Cutter) -> None:
        self._drifts, self._cutter = drifts, cutter

    def __call__(self, rng: np.random.Generator, canvas: Canvas, made: Composite) -> NDArray[np.float32]:
        """(478, 2) in pixels of the composite."""
        of_kind = np.flatnonzero(self._drifts.kind == made.kind)
        if len(of_kind) == 0:
            of_kind = np.arange(len(self._drifts.kind))
        off = self._drifts.coverage[of_kind] - _coverage(self._cutter, canvas, made)
        alike = of_kind[np.argsort(np.abs(off).sum(axis=1))[:_ALIKE]]
        moved = self._drifts.moved[rng.choice(alike)].astype(np.float32)
        return (canvas.points + moved * np.float32(canvas.unit)).astype(np.float32)


def _coverage(cutter: Cutter, canvas: Canvas, made: Composite) -> NDArray[np.float32]:
    aligned = cutter.aligner.align(canvas.rgb, canvas.points)
    return coverage_of(cutter.laid(made.foreign, aligned), aligned)
