from __future__ import annotations

from core.settings import Settings
from core.stream.cost import drawn_face
from core.vision import assets
from core.vision.reading import Frame
from core.vision.tracker import FaceTracker


def test_should_measure_on_something_that_is_taken_for_a_face() -> None:
    settings = Settings()
    tracker = FaceTracker(assets.ensure_face_model(), settings.landmarks)
    assert len(tracker.find(Frame(drawn_face(*settings.web.camera_px), 0.0))) == 1
