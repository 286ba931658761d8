"""Whether two pictures show one moment: the head in the same place, the same room behind it."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from core.vision.geometry import eye_centers
from core.vision.likeness import compare
from core.vision.reading import Image, Match, Reading

_LONG = 64  # px; longer side at which rooms are compared: what is finer differs by compression and focus
_AROUND = 2.6  # inter-eye distances around the eyes that belong to the person and not to the room
_LEAST = 0.05  # share of the picture that must be room to tell one from another


def match(rgb: Image, reading: Reading, other_rgb: Image, other: Reading) -> Match | None:
    """Two pictures of the same shape and their readings, of any sizes; None where a face is missing."""
    if reading.face is None or other.face is None or reading.likeness is None or other.likeness is None:
        return None
    eyes, other_eyes = (eye_centers(one.face.landmarks) / one.size for one in (reading, other) if one.face)
    unit = other.face.inter_eye_px / np.array(other.size)
    return Match(
        moved=float(np.hypot(*((eyes - other_eyes) / unit).T).max()),
        grown=abs(float(np.log(reading.face.inter_eye_px / reading.size[0] / unit[0]))),
        face=float(compare(reading.likeness, other.likeness).mean()),
        room=_room(rgb, other_rgb, other_eyes.mean(axis=0), unit),
    )


def _room(rgb: Image, other: Image, center: NDArray[np.float64], unit: NDArray[np.float64]) -> float | None:
    height, width = other.shape[:2]
    size = (max(1, round(_LONG * width / max(width, height))), max(1, round(_LONG * height / max(width, height))))
    first, second = (
        cv2.cvtColor(cv2.resize(one, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2GRAY).astype(np.float64)
        for one in (rgb, other)
    )
    x, y = np.meshgrid((np.arange(size[0]) + 0.5) / size[0], (np.arange(size[1]) + 0.5) / size[1])
    # The person: an ellipse around the head, and all below it.
    away = np.hypot((x - center[0]) / unit[0], (np.minimum(y, center[1]) - center[1]) / unit[1])
    room = away > _AROUND
    if room.mean() < _LEAST or min(first[room].std(), second[room].std()) < 1.0:
        return None
    return float(np.corrcoef(first[room], second[room])[0, 1])
