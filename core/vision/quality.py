"""How good a frame is, in raw figures."""

from __future__ import annotations

import cv2
import numpy as np

from core.regions import FACE_OVAL
from core.vision.reading import Aligned, Face, Frame, Image, Quality


def luma(rgb: Image) -> Image:
    """(H, W) uint8, ITU-R BT.601."""
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)


def frame_brightness(rgb: Image) -> float:
    """Mean luma of a frame, 0..255, from every eighth pixel."""
    size = (max(rgb.shape[1] // 8, 1), max(rgb.shape[0] // 8, 1))
    red, green, blue, _ = cv2.mean(cv2.resize(rgb, size, interpolation=cv2.INTER_NEAREST))
    return 0.299 * red + 0.587 * green + 0.114 * blue


class QualityMeter:
    """Measures the main face."""

    def __init__(self, face_px: int) -> None:
        """face_px: side of the aligned face in pixels."""
        mask = np.zeros((face_px, face_px), np.uint8)
        center = (face_px // 2, face_px // 2)
        cv2.ellipse(mask, center, (int(face_px * 0.32), int(face_px * 0.4)), 0, 0, 360, 255, -1)
        self._inside = mask

    def measure(self, frame: Frame, face: Face, aligned: Aligned) -> Quality:
        """Raw figures of one face in one frame."""
        width, height = frame.size
        oval = face.landmarks[list(FACE_OVAL), :2]
        low, high = oval.min(axis=0), oval.max(axis=0)
        within = ((oval >= 0) & (oval < (width, height))).all(axis=1)
        gray = luma(aligned.rgb)
        counts = cv2.calcHist([gray], [0], self._inside, [256], [0, 256]).ravel()
        shares = counts / counts.sum()
        _, spread = cv2.meanStdDev(cv2.Laplacian(gray, cv2.CV_32F), mask=self._inside)
        return Quality(
            eye_share=face.inter_eye_px / min(width, height),
            center=(float((low[0] + high[0]) / 2 / width), float((low[1] + high[1]) / 2 / height)),
            inside=float(within.mean()),
            brightness=float(shares @ np.arange(256)),
            highlight=float(np.searchsorted(shares.cumsum(), 0.95)),
            clipped=float(shares[250:].sum()),
            sharpness=float(spread[0, 0] ** 2),
        )
