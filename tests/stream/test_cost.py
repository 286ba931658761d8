from __future__ import annotations

from core.flow.processor import CaptureProcessor
from core.settings import Settings
from core.stream.cost import drawn_face, frame_cost
from core.vision import assets
from core.vision.reader import FaceReader
from core.vision.reading import Face, Frame, Reading
from core.vision.stream_reader import StreamReader
from core.vision.tracker import FaceTracker


def test_should_measure_on_something_that_is_taken_for_a_face() -> None:
    settings = Settings()
    tracker = FaceTracker(assets.ensure_face_model(), settings.landmarks)
    assert len(tracker.find(Frame(drawn_face(*settings.web.camera_px), 0.0))) == 1


class Counting(FaceReader):
    """Notes in which frames the mesh was laid."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings, live=True)
        self.laid: list[float] = []

    def read(self, frame: Frame, expected: Face | None = None) -> Reading:
        self.laid.append(frame.t)
        return super().read(frame, expected)


def test_should_lay_the_mesh_in_about_as_many_frames_as_of_people() -> None:
    settings = Settings()
    reader = Counting(settings)
    with StreamReader(settings, reader) as stream:
        assert frame_cost(CaptureProcessor(stream, settings), settings) > 0
    measured = [t for t in reader.laid if t >= 5 / settings.web.camera_fps]
    assert 7 <= len(measured) <= 11  # of 20
