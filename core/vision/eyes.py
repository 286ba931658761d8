"""Open, closed, blocked or hidden by glare: one eye crop at a time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from core.vision.occlusion import one_thread_session
from core.vision.reading import EyeScores, Image


class EyeModel:
    """An ONNX network: eye crops (N, E, E, 3) uint8 RGB -> (N, 4) probabilities open, closed, blocked, glare."""

    def __init__(self, path: Path) -> None:
        """Raises onnxruntime's own error when the file is no model."""
        self._session = one_thread_session(path)
        self._input = self._session.get_inputs()[0].name

    def read(self, crops: Sequence[Image]) -> list[EyeScores]:
        """Scores of each crop, as cut by `FaceAligner.eye` (the left eye mirrored), in one batch."""
        if not crops:
            return []
        scores = self._session.run(None, {self._input: np.stack(crops)})[0]
        return [EyeScores(*(float(p) for p in row)) for row in scores]
