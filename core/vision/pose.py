"""Head pose without the place: which way a face looks at the camera, wherever in the picture it stands.

MediaPipe puts the mesh before a pinhole camera and fits its model of a face to it. Away from the picture's middle that
shears the mesh along the ray from the camera, and the fit takes a part of the shear for a turn: 5 degrees of yaw 165 px
aside in 640x480, 6 and more of pitch 165 px up in 480x640. What a shear does to a fit follows from the fit itself
(orthogonal Procrustes, Schönemann, 1966), so it can be undone.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from core.vision.reading import Pose

Matrix = NDArray[np.floating]

# Second moments of the points of MediaPipe's face by which it fits, those of x set to 1: with 0.80 for y, 0.32 for z
# and 0.19 between y and z the same pixels have the same pose wherever they are put. Found on 41 portraits in 18 places;
# on 41 others the place then moves yaw by 0.2 and pitch by 0.3 degrees in the mean (1.4 and 2.2 as MediaPipe has it).
_SPREAD = np.array([[1.0, 0.0, 0.0], [0.0, 0.80, 0.19], [0.0, 0.19, 0.32]])
_ROUNDS = 2  # a third changes nothing


def pose(matrix: Matrix) -> Pose:
    """Euler angles of MediaPipe's (4, 4) face-to-camera matrix (x right, y up, z to the viewer), the ray taken out."""
    columns = np.asarray(matrix[:3, :3], np.float64)
    right, up, ahead = _without_ray(columns / np.linalg.norm(columns, axis=0), matrix[:3, 3]).T
    yaw = math.degrees(math.atan2(ahead[0], ahead[2]))
    pitch = math.degrees(math.asin(min(max(ahead[1], -1.0), 1.0)))
    roll = -math.degrees(math.atan2(right[1], up[1]))
    return Pose(yaw, pitch, roll)


def _without_ray(fitted: Matrix, place: Matrix) -> Matrix:
    """The rotation (3, 3) that MediaPipe would have found, had the face stood in the middle and not at `place` (3,)."""
    shear = np.eye(3)
    shear[:2, 2] = place[:2] / place[2]
    found = fitted
    for _ in range(_ROUNDS):
        # What the fit makes of a face that looks as `found` and is sheared, against what it looks like.
        left, _, right = np.linalg.svd(shear @ found @ _SPREAD)
        found = (left @ right @ found.T).T @ fitted
    return found
