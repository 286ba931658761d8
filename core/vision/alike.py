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
        self._remembered: NDArray[np.float32] | None = None

    def remember(self, aligned: Aligned) -> None:
        """This is the face that later ones are compared with."""
        self._remembered = self._cells(aligned)

    def forget(self) -> None:
        """Nothing is like what comes next."""
        self._remembered = None

    def alike(self, aligned: Aligned) -> bool:
        """Whether no cell of the face has changed, the light apart; False where nothing is remembered."""
        if self._remembered is None:
            return False
        cells, limits = self._cells(aligned), self.settings
        level = max(float(self._remembered.mean()), 1.0)
        gain = float(cells.mean()) / level
        if abs(gain - 1) > limits.max_gain:
            return False
        return bool(np.abs(cells - gain * self._remembered).max() <= limits.max_change * level)

    def _cells(self, aligned: Aligned) -> NDArray[np.float32]:
        """(N,) mean luma, 0..255, of the cells on the face."""
        side = self.settings.cells
        small = cv2.resize(luma(aligned.rgb), (side, side), interpolation=cv2.INTER_AREA)
        return small[self._inside].astype(np.float32)
