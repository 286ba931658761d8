from typing import Any

import numpy as np
import pytest

from core.settings import OrientationSettings
from core.vision import assets
from core.vision.detector import StreamDetector
from core.vision.orientation import CameraOrientation, OrientationMeter
from core.vision.reading import Reading
from tests.footage import astronaut

UPRIGHT = astronaut().placed((640, 480), 100.0).rgb
ON_ITS_HEAD = np.ascontiguousarray(UPRIGHT[::-1, ::-1])


@pytest.fixture(scope="module")
def detector() -> StreamDetector:
    return StreamDetector(assets.ensure_face_model())


def watch(camera: CameraOrientation, rgb: np.ndarray, start: float, seconds: float) -> list[bool]:
    times = np.arange(start, start + seconds, 0.1)
    return [camera.update(rgb, Reading(float(t), (640, 480), 100.0)) for t in times]


def test_a_face_should_score_highest_the_right_way_up(detector: StreamDetector) -> None:
    meter = OrientationMeter(detector, OrientationSettings())
    for turns in range(4):
        scores = meter.measure(np.ascontiguousarray(np.rot90(UPRIGHT, turns)), (0, 1, 2, 3))
        assert int(np.argmax(scores)) == (4 - turns) % 4


def test_an_upright_camera_should_never_be_called_upside_down(detector: StreamDetector) -> None:
    assert not any(watch(CameraOrientation(detector, OrientationSettings()), UPRIGHT, 0.0, 4.0))


def test_a_camera_should_be_called_upside_down_after_a_few_looks_and_right_again_once_turned(
    detector: StreamDetector,
) -> None:
    camera = CameraOrientation(detector, OrientationSettings())
    before = watch(camera, ON_ITS_HEAD, 0.0, 3.0)
    assert not before[0]
    assert before[-1]
    after = watch(camera, UPRIGHT, 3.0, 3.0)
    assert after[0]
    assert not after[-1]


def test_should_look_less_often_once_it_is_sure(detector: StreamDetector, monkeypatch: pytest.MonkeyPatch) -> None:
    limits, looked = OrientationSettings(), 0
    find = detector.faces

    def faces(*given: Any) -> Any:
        nonlocal looked
        looked += 1
        return find(*given)

    monkeypatch.setattr(detector, "faces", faces)
    camera, looks = CameraOrientation(detector, limits), []
    for t in np.arange(0.0, 6.0, 0.1):
        before = looked
        camera.update(UPRIGHT.copy(), Reading(float(t), (640, 480), 100.0))
        looks += [t] * (looked - before)
    assert np.diff(looks) == pytest.approx([limits.every_s] * (limits.looks - 1) + [limits.sure_every_s] * 2)


def test_an_empty_room_should_tell_nothing(detector: StreamDetector) -> None:
    wall = np.full((480, 640, 3), 120, np.uint8)
    assert not any(watch(CameraOrientation(detector, OrientationSettings()), wall, 0.0, 3.0))


def test_the_same_question_should_cost_no_second_run(detector: StreamDetector, monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[Any] = []
    find = detector.faces

    def faces(*given: Any) -> Any:
        runs.append(given)
        return find(*given)

    monkeypatch.setattr(detector, "faces", faces)
    limits, picture = OrientationSettings(), UPRIGHT.copy()
    found = detector.whole(picture, limits.margin)
    (score,) = OrientationMeter(detector, limits).measure(picture, (0,))
    assert score == max(score for _, score in found)
    assert len(runs) == 1
    assert detector.whole(picture.copy(), limits.margin) == found
    assert len(runs) == 2
