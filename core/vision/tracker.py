"""Faces in a live stream: FaceLandmarker's detector, mesh and blendshapes, without its graph.

It says what FaceLandmarker says when it is asked for two faces in a video, and does the same: the detector looks at
the frame, and a face that it does not see is looked for where it was. The graph's own cost falls away, and what holds
it in memory for each session. Where the head's movement is known, the detector's square moves with it: the mesh's own
would lag behind the lids.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from core.settings import LandmarkSettings
from core.vision.detector import StreamDetector
from core.vision.face_mesh import FaceMesh
from core.vision.head import fit
from core.vision.landmarks import face_of, largest_first
from core.vision.reading import Face, Frame
from core.vision.roi import Roi, after


class FaceTracker:
    """Finds faces and their meshes. One per live session: it remembers where they were."""

    def __init__(self, model: Path, settings: LandmarkSettings) -> None:
        """model: FaceLandmarker's file."""
        self.settings = settings
        self._detector = StreamDetector(model)
        self._mesh = FaceMesh(model)
        self._size = (0, 0)
        self._last: list[Roi] = []
        self._detected = float("-inf")  # when the detector last looked, seconds

    def find(self, frame: Frame, expected: Face | None = None) -> tuple[Face, ...]:
        """The faces of one frame, the largest first. expected: the only one, where it must be if it is still there."""
        roi = expected.roi if expected else None
        if roi is not None and 0 <= frame.t - self._detected < self.settings.detect_every_s:
            faces = self._laid(frame, [roi])
            if faces:
                return faces
        self._detected = frame.t
        return self._laid(frame, self._regions(frame))

    def _laid(self, frame: Frame, regions: list[Roi]) -> tuple[Face, ...]:
        faces, last = [], []
        for roi in regions[: self.settings.max_faces]:
            landmarks, presence = self._mesh.lay(frame.rgb, roi)
            if presence >= self.settings.min_confidence:
                last.append(after(landmarks))
                face = face_of(landmarks, fit(landmarks, frame.size), self._mesh.blink(landmarks))
                faces.append(replace(face, roi=roi))
        self._last, self._size = last, frame.size
        return largest_first(faces)

    def _regions(self, frame: Frame) -> list[Roi]:
        limits, last = self.settings, self._last if frame.size == self._size else []
        if len(last) >= limits.max_faces:
            return last
        seen = self._detector.regions(frame.rgb, limits.min_detection_live)[: limits.max_faces]
        return [roi for roi in last if all(roi.overlap(other) <= limits.min_confidence for other in seen)] + seen
