"""Quality components of a face image, named and measured as ISO/IEC 29794-5 names them.

Each has a raw value and, where the standard's reference implementation publishes how it is mapped, the component's
value from 0 (worst) to 100. Measures and mappings: OFIQ (Federal Office for Information Security, Germany,
github.com/BSI-OFIQ), its ofiq_config.jaxn and the classes of the same names. OFIQ finds points and pose with networks
of its own; here they are FaceLandmarker's, so values of the two may differ. It judges sharpness by a forest and
compression by a network, which are not here: both are plain figures without a mapping.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from core.regions import CHIN_TIP, EYES, INNER_LIPS, LOWER_LIDS, UPPER_LIDS
from core.vision.geometry import eye_centers
from core.vision.reading import Reading


class Component(str, Enum):
    """The standard's names; the value is the name in JSON."""

    EYES_OPEN = "eyes_open"
    HEAD_POSE_YAW = "head_pose_yaw"
    HEAD_POSE_PITCH = "head_pose_pitch"
    HEAD_POSE_ROLL = "head_pose_roll"
    MOUTH_CLOSED = "mouth_closed"
    INTER_EYE_DISTANCE = "inter_eye_distance"
    HEAD_SIZE = "head_size"
    ILLUMINATION_UNIFORMITY = "illumination_uniformity"
    UNDER_EXPOSURE = "under_exposure_prevention"
    OVER_EXPOSURE = "over_exposure_prevention"
    SHARPNESS = "sharpness"
    COMPRESSION = "compression_artifacts"


@dataclass(frozen=True)
class Measured:
    """raw: in the component's own unit. score: 0 to 100, higher is better; None where no mapping is published."""

    raw: float
    score: int | None = None


Components = Mapping[Component, Measured]


def shape_components(reading: Reading, size: tuple[int, int]) -> dict[Component, Measured]:
    """Of the landmarks alone: they cost nothing. size: (width, height) of the whole picture. There must be a face.

    Raw values: eyes_open, mouth_closed and head_size in distances from eye line to chin (of the smaller eye; head_size
    in the picture's heights), head_pose in degrees, inter_eye_distance in pixels of the whole picture, the head's turn
    taken out.
    """
    assert reading.face is not None
    face, (width, height) = reading.face, size
    points = points_in(reading, width)
    unit = float(np.hypot(*(points[CHIN_TIP] - eye_centers(points).mean(axis=0))))
    lids = min(_opening(points, UPPER_LIDS[eye], LOWER_LIDS[eye]) for eye in EYES) / unit
    mouth = _opening(points, *INNER_LIPS) / unit
    eyes = float(np.hypot(*np.subtract(*eye_centers(points)))) / math.cos(math.radians(face.pose.yaw))
    angles = (face.pose.yaw, face.pose.pitch, face.pose.roll)
    yaw, pitch, roll = (Measured(angle, score(100 * math.cos(math.radians(angle)) ** 2)) for angle in angles)
    return {
        Component.EYES_OPEN: Measured(lids, score(100 * sigmoid(lids, 0.02, 0.01))),
        Component.HEAD_POSE_YAW: yaw,
        Component.HEAD_POSE_PITCH: pitch,
        Component.HEAD_POSE_ROLL: roll,
        Component.MOUTH_CLOSED: Measured(mouth, score(100 * (1 - sigmoid(mouth, 0.2, 0.06)))),
        Component.INTER_EYE_DISTANCE: Measured(eyes, score(100 * sigmoid(eyes, 70.0, 20.0))),
        Component.HEAD_SIZE: Measured(unit / height, score(200 * (1 - sigmoid(abs(unit / height - 0.45), 0.0, 0.05)))),
    }


def points_in(reading: Reading, width: int) -> NDArray[np.float32]:
    """(478, 2): the mesh in pixels of a picture of that width."""
    assert reading.face is not None
    return reading.face.landmarks[:, :2] * (width / reading.size[0])


def _opening(points: NDArray[np.float32], upper: tuple[int, ...], lower: tuple[int, ...]) -> float:
    return float(np.hypot(*(points[list(upper)] - points[list(lower)]).T).max())


def sigmoid(x: float, middle: float, width: float) -> float:
    """OFIQ's: 0.5 at the middle."""
    return 1 / (1 + math.exp(min((middle - x) / width, 700.0)))


def score(value: float) -> int:
    """Rounded, and within 0 and 100."""
    return round(min(max(value, 0.0), 100.0))
