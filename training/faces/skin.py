"""Skin tone, measured from the face: the Individual Typology Angle and its bands (Del Bino and Bernerd, 2013)."""

from __future__ import annotations

import cv2
import numpy as np

from core.regions import Region
from training.faces.datasets import REGIONS, Samples

BANDS = (
    ("very light", 55.0),
    ("light", 41.0),
    ("intermediate", 28.0),
    ("tan", 10.0),
    ("brown", -30.0),
    ("dark", -90.0),
)
"""Name and lower limit in degrees, from light to dark."""

_CHEEKS = [REGIONS.index(region) for region in (Region.LEFT_CHEEK, Region.RIGHT_CHEEK)]


def typology_angle(samples: Samples) -> np.ndarray:
    """(N,) degrees: atan((L* - 50) / b*) of the median colour of the brighter cheek. Light and camera shift it."""
    out = np.zeros(len(samples))
    for row, face in enumerate(samples.face):
        lab = cv2.cvtColor(face.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
        cheeks = []
        for index in _CHEEKS:
            inside = ((samples.outline[row] >> index) & 1).astype(np.uint8)
            inside = cv2.resize(inside, face.shape[1::-1], interpolation=cv2.INTER_NEAREST) > 0
            if inside.any():
                cheeks.append(np.median(lab[inside], axis=0))
        light, _, yellow = max(cheeks, key=lambda color: color[0]) if cheeks else (50.0, 0.0, 1.0)
        out[row] = np.degrees(np.arctan2(light - 50, max(yellow, 1e-3)))
    return out


def band(angle: float) -> str:
    """The name of the band of an angle in degrees."""
    return next(name for name, low in BANDS if angle > low or name == "dark")
