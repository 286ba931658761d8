import numpy as np
import pytest

from core.regions import OUTLINES
from tests.portraits import astronaut
from training.drawing.canvas import Canvas, cut_canvas
from training.drawing.layers import polygon
from training.drawing.strangers import KINDS, Strangers, required


@pytest.fixture(scope="module")
def canvas() -> Canvas:
    portrait = astronaut()
    return cut_canvas(np.random.default_rng(1), portrait.rgb, portrait.landmarks[:, :2], sides=(260, 261))


@pytest.fixture(scope="module")
def strangers(canvas: Canvas) -> Strangers:
    glasses = np.zeros((60, 180, 4), np.uint8)
    glasses[5:55, 8:80] = glasses[5:55, 100:172] = glasses[20:26, 80:100] = (20, 20, 25, 255)
    scene = np.random.default_rng(0).integers(0, 255, (64, 64, 3)).astype(np.uint8)
    return Strangers([glasses], [scene], [(canvas.rgb[:, ::-1].copy(), canvas.points)])


@pytest.mark.parametrize("kind", KINDS)
def test_should_lay_a_thing_where_its_regions_are_and_nowhere_else(
    canvas: Canvas, strangers: Strangers, kind: str
) -> None:
    size, most = len(canvas.rgb), []
    for seed in range(5):
        made = strangers.lay(np.random.default_rng(seed), canvas, kind)
        regions = [polygon(canvas.points[list(OUTLINES[region])], size) > 0.5 for region in required(kind)]
        most.append(max(float(made.foreign[inside].mean()) for inside in regions))
        changed = np.abs(made.rgb.astype(int) - canvas.rgb).max(axis=2)
        assert changed[made.foreign > 0.5].mean() > 2 * changed[made.foreign < 0.5].mean()
    assert max(most) > 0.2
