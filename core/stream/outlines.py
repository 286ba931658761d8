"""What the page gets of each frame, as numbers: outlines, which it draws over the camera's own picture, and news."""

from __future__ import annotations

import numpy as np

from core.flow.snapshot import Phase, Snapshot
from core.regions import Region
from core.vision.outlines import polygons
from core.vision.reading import State

SCALE = 10_000
"""Of coordinates: the frame's width and height."""
SECONDS = 30_000

_PHASES = (Phase.POSITION, Phase.BLINK, Phase.CHECK)
_REGIONS, _STATES = list(Region), list(State)
_FARTHEST = 3 * SCALE  # a face may reach out of the frame
_MOST = 2**15 - 1


def outlines(snapshot: Snapshot, changes: int) -> bytes:
    """Little-endian int16: seconds and milliseconds of the frame's time, its width and height, `changes`, the phase's
    progress; for each outline its region, its state, how many points it has, and x and y of each, unmirrored.

    changes: `View.changes`; a page that shows an earlier state asks for the present one. Seconds begin anew after
    `SECONDS`. Region and state are places in their enumerations; `SCALE` is a whole progress, width and height. No
    outlines without a face, and when the attempt is over.
    """
    width, height = snapshot.reading.size
    seconds, milliseconds = divmod(round(snapshot.t * 1000), 1000)
    progress = round(snapshot.progress * SCALE)
    parts = [np.array([seconds % SECONDS, milliseconds, width, height, min(changes, _MOST), progress])]
    if snapshot.reading.face is not None and snapshot.phase in _PHASES:
        landmarks = snapshot.reading.face.landmarks[:, :2] * (SCALE / np.array([width, height]))
        for region, state, points in polygons(landmarks, snapshot.badges):
            parts.append(np.array([_REGIONS.index(region), _STATES.index(state), len(points)]))
            parts.append(points.round().clip(-_FARTHEST, _FARTHEST).ravel())
    return np.concatenate(parts).astype("<i2").tobytes()
