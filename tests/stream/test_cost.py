from __future__ import annotations

import pytest

from core.flow.processor import CaptureProcessor
from core.settings import Settings
from core.stream.cost import drawn_face, frame_cost
from core.vision import assets
from core.vision.reader import FaceReader
from core.vision.reading import Frame, Reading
from core.vision.stream_reader import StreamReader
from core.vision.tracker import FaceTracker


def test_should_measure_on_something_that_is_taken_for_a_face() -> None:
    settings = Settings()
    tracker = FaceTracker(assets.ensure_face_model(), settings.landmarks)
    assert len(tracker.find(Frame(drawn_face(*settings.web.camera_px), 0.0))) == 1


def test_about_two_of_three_frames_should_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[float] = []
    whole = FaceReader.read

    def noted(self: FaceReader, frame: Frame) -> Reading:
        read.append(frame.t)
        return whole(self, frame)

    monkeypatch.setattr(FaceReader, "read", noted)
    settings = Settings()
    with StreamReader(settings) as reader:
        assert frame_cost(CaptureProcessor(reader, settings), settings) > 0
    assert 15 <= len(read) <= 19  # of 25
