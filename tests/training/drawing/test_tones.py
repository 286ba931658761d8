import cv2
import numpy as np
import pytest

from core.regions import EYELIDS, EYES
from tests.portraits import astronaut
from training.drawing import tones
from training.drawing.canvas import Canvas, cut_canvas
from training.drawing.layers import polygon

CHEEKS = [50, 280, 117, 346]


@pytest.fixture(scope="module")
def canvas() -> Canvas:
    portrait = astronaut()
    return cut_canvas(np.random.default_rng(1), portrait.rgb, portrait.landmarks[:, :2], sides=(260, 261))


def angle(rgb: np.ndarray, points: np.ndarray) -> float:
    at = np.round(points[CHEEKS]).astype(int)
    lab = cv2.blur(cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB), (7, 7))
    light, _, yellow = np.median(lab[at[:, 1], at[:, 0]], axis=0)
    return float(np.degrees(np.arctan2(light - 50, yellow)))


def test_should_make_a_face_darker_by_typology_angle(canvas: Canvas) -> None:
    found = [
        angle(tones.in_tone(np.random.default_rng(0), canvas.rgb, canvas.points, wanted), canvas.points)
        for wanted in (50.0, 20.0, -10.0, -50.0)
    ]
    assert found == sorted(found, reverse=True)
    assert found[0] > 35
    assert found[-1] < -25


def test_should_leave_the_eyeballs_and_the_background(canvas: Canvas) -> None:
    changed = np.abs(tones.in_tone(np.random.default_rng(0), canvas.rgb, canvas.points, -50.0).astype(int) - canvas.rgb)
    size = len(canvas.rgb)
    at = np.round(canvas.points[CHEEKS]).astype(int)
    cheeks = changed[at[:, 1], at[:, 0]].mean()
    assert cheeks > 40
    for eye in EYES:
        assert changed[polygon(canvas.points[list(EYELIDS[eye])], size) > 0.5].mean() < 0.4 * cheeks
    assert changed[:12, :12].mean() < 8


@pytest.mark.parametrize("light", tones.LIGHTS)
def test_should_light_a_face_without_moving_it(canvas: Canvas, light: str) -> None:
    lit = tones.lit(np.random.default_rng(2), canvas.rgb, canvas.points, light)
    assert lit.shape == canvas.rgb.shape
    assert np.abs(lit.astype(int) - canvas.rgb).mean() > 5


def test_should_leave_one_side_in_the_dark_in_side_light(canvas: Canvas) -> None:
    lit = tones.lit(np.random.default_rng(2), canvas.rgb, canvas.points, "side").astype(float).mean(axis=2)
    at = np.round(canvas.points[[117, 346]]).astype(int)
    before = canvas.rgb.astype(float).mean(axis=2)
    ratio = lit[at[:, 1], at[:, 0]] / before[at[:, 1], at[:, 0]]
    assert ratio.max() > 1.3 * ratio.min()
