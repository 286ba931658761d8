"""How much of each region a foreign thing covers, read from one dense mask of the aligned face."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from core.regions import OUTLINES, Region
from core.vision.reading import Aligned

_OUTLINES = {region: np.array(OUTLINES[region]) for region in Region}


class OcclusionModel:
    """An ONNX network: aligned faces (N, S, S, 3) uint8 RGB -> (N, M, M) float32, 1 where a foreign thing is."""

    def __init__(self, path: Path) -> None:
        """Raises onnxruntime's own error when the file is no model."""
        self._session = one_thread_session(path)
        self._input = self._session.get_inputs()[0].name

    def read(self, aligned: Aligned) -> dict[Region, float]:
        """The share of each region's outline that is covered, 0..1."""
        return region_coverage(self.mask(aligned.rgb), aligned)

    def mask(self, rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
        """(M, M) float32 0..1: how likely each pixel of an aligned face (S, S, 3) is to be a foreign thing."""
        return np.asarray(self._session.run(None, {self._input: rgb[None]})[0][0])


def region_coverage(mask: NDArray[np.floating], aligned: Aligned) -> dict[Region, float]:
    """The mean of `mask` (M, M) inside each outline; the mask spans the aligned face at any resolution."""
    # A face turned far away can squeeze an outline to nothing: then there is nothing to cover, and the mean is 0.
    return {region: cv2.mean(mask, inside)[0] for region, inside in region_masks(aligned, len(mask)).items()}


def region_masks(aligned: Aligned, size: int) -> dict[Region, NDArray[np.uint8]]:
    """The inside of each outline on the aligned face, reduced to `size` pixels a side: (size, size) uint8, 0 or 1."""
    shrink = size / len(aligned.rgb)
    points = np.round(((aligned.landmarks + 0.5) * shrink - 0.5) * 16).astype(np.int32)
    masks = {}
    for region, outline in _OUTLINES.items():
        canvas = np.zeros((size, size), np.uint8)
        cv2.fillPoly(canvas, [points[outline]], 255, cv2.LINE_AA, shift=4)
        masks[region] = (canvas > 127).view(np.uint8)
    return masks


@lru_cache(maxsize=4)
def one_thread_session(path: Path) -> onnxruntime.InferenceSession:
    """A session that uses one core: many people share the machine, each with their own thread.

    They also share the session, which threads may run at once: a copy for each would take 4 MB.
    """
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
