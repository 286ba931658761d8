"""Faces in a live stream: FaceLandmarker's detector, mesh and blendshapes, without its graph.

It says what FaceLandmarker says when it is asked for two faces in a video, and does the same: the detector looks at
every frame, and a face that it does not see is looked for where it was. The graph's own cost falls away, and what
holds it in memory for each session.
"""

from __future__ import annotations

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

    def find(self, frame: Frame) -> tuple[Face, ...]:
        """The faces of one frame, the largest first."""
        faces, last = [], []
        for roi in self._regions(frame)[: self.settings.max_faces]:
            landmarks, presence = self._mesh.lay(frame.rgb, roi)
            if presence >= self.settings.min_confidence:
                last.append(after(landmarks))
                faces.append(face_of(landmarks, fit(landmarks, frame.size), self._mesh.blink(landmarks)))
        self._last, self._size = last, frame.size
        return largest_first(faces)

    def _regions(self, frame: Frame) -> list[Roi]:
        limits, last = self.settings, self._last if frame.size == self._size else []
        if len(last) >= limits.max_faces:
            return last
        seen = self._detector.regions(frame.rgb, limits.min_detection_live)[: limits.max_faces]
        return [roi for roi in last if all(roi.overlap(other) <= limits.min_confidence for other in seen)] + seen
