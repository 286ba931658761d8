from __future__ import annotations

from core.settings import Settings
from core.stream.cost import drawn_face
from core.vision import assets
from core.vision.landmarks import FaceFinder
from core.vision.reading import Frame


def test_should_measure_on_something_that_is_taken_for_a_face() -> None:
    settings = Settings()
    with FaceFinder(assets.ensure_face_model(), settings.landmarks, live=True) as finder:
        assert len(finder.find(Frame(drawn_face(*settings.web.camera_px), 0.0))) == 1
