"""Whether a face looks as it did: what was read of it then need not be read again."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from core.settings import AlikeSettings
from core.vision.quality import luma
from core.vision.reading import Aligned


class Alikeness:
    """Compares aligned faces by the luma of their cells. One per live session: it remembers one face."""

    def __init__(self, settings: AlikeSettings) -> None:
        self.settings = settings
        side = settings.cells
        rows, columns = np.mgrid[:side, :side] + 0.5 - side / 2
        self._inside = (columns / (0.32 * side)) ** 2 + (rows / (0.4 * side)) ** 2 < 1
        self._last: NDArray[np.float32] | None = None

    def update(self, aligned: Aligned) -> bool:
        """Whether it looks as it did a frame ago, the light apart; that is never said of two frames in turn."""
        cells, last = self._cells(aligned), self._last
        alike = last is not None and self._same(last, cells)
        self._last = None if alike else cells
        return alike

    def _same(self, last: NDArray[np.float32], cells: NDArray[np.float32]) -> bool:
        limits, level = self.settings, max(float(last.mean()), 1.0)
        gain = float(cells.mean()) / level
        if abs(gain - 1) > limits.max_gain:
            return False
        return bool(np.abs(cells - gain * last).max() <= limits.max_change * level)

    def _cells(self, aligned: Aligned) -> NDArray[np.float32]:
        """(N,) mean luma, 0..255, of the cells on the face."""
        side = self.settings.cells
        small = cv2.resize(luma(aligned.rgb), (side, side), interpolation=cv2.INTER_AREA)
        return small[self._inside].astype(np.float32)
