import numpy as np
import pytest

from core.regions import EYELIDS, EYES
from tests.portraits import astronaut
from training.drawing import lenses
from training.drawing.canvas import Canvas, cut_canvas
from training.drawing.layers import blend, polygon


@pytest.fixture(scope="module")
def canvas() -> Canvas:
    portrait = astronaut()
    return cut_canvas(np.random.default_rng(1), portrait.rgb, portrait.landmarks[:, :2], sides=(260, 261))


def test_should_call_the_whole_of_a_tinted_lens_foreign(canvas: Canvas) -> None:
    for seed in range(8):
        glass = lenses.tinted(np.random.default_rng(seed), canvas.rgb, canvas.points)[0]
        assert glass.lit
        assert np.array_equal(glass.foreign > 0, glass.alpha > 0.5)


def test_should_show_the_eye_through_lenses_darker_than_it_is(canvas: Canvas) -> None:
    size = len(canvas.rgb)
    eyes = np.maximum(*(polygon(canvas.points[list(EYELIDS[eye])], size) for eye in EYES)) > 0.5
    likeness = []
    for seed in range(30):
        glass = lenses.tinted(np.random.default_rng(seed), canvas.rgb, canvas.points)[0]
        seen, plain = (picture[eyes].mean(axis=1) for picture in (blend(canvas.rgb, glass), canvas.rgb))
        likeness.append(float(np.corrcoef(seen, plain)[0, 1]))
    assert np.mean(np.array(likeness) > 0.5) > 0.3, "some let the eye be seen"
    assert np.mean(np.array(likeness) < 0.8) > 0.1, "some all but hide it under what they reflect"


def test_should_call_nothing_of_faint_lenses_foreign(canvas: Canvas) -> None:
    for seed in range(6):
        layers = lenses.faint(np.random.default_rng(seed), canvas.rgb, canvas.points)
        assert not any(layer.foreign.any() for layer in layers)
        shown = blend(canvas.rgb, layers[0])
        assert np.abs(shown.astype(int) - canvas.rgb).max(axis=2).mean() < 25


def test_should_reflect_another_surrounding_each_time() -> None:
    one, two = (lenses.environment(np.random.default_rng(seed), 80).astype(int) for seed in (1, 2))
    assert np.abs(one - two).mean() > 5
