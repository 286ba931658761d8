"""The preview: the frame, reduced, with the outlines of the regions. Words and guide are on the page."""

from __future__ import annotations

import cv2
import numpy as np

from core.flow.snapshot import Phase, Snapshot
from core.vision.outlines import draw_regions
from core.vision.reading import Image


class Overlay:
    """Makes the preview: the frame, reduced, with the regions' outlines."""

    def __init__(self, preview_px: int) -> None:
        """preview_px: longer side of the preview in pixels; smaller frames stay as they are."""
        self._preview_px = preview_px

    def draw(self, rgb: Image, snapshot: Snapshot | None) -> Image:
        """A new picture; `rgb` is left as it is. What is blocked is filled with stripes as well as red."""
        height, width = rgb.shape[:2]
        scale = min(1.0, self._preview_px / max(height, width))
        # Video codecs want even sides.
        size = (max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2))
        picture = cv2.resize(rgb, size, interpolation=cv2.INTER_LINEAR) if size != (width, height) else rgb.copy()
        if snapshot and snapshot.reading.face and snapshot.phase in (Phase.POSITION, Phase.BLINK, Phase.CHECK):
            points = snapshot.reading.face.landmarks[:, :2] * np.array([size[0] / width, size[1] / height])
            draw_regions(picture, points, snapshot.badges, max(size) / 640)
        return picture
