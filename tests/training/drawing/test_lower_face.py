import numpy as np
import pytest

from core.regions import EYES, OUTLINES, Region
from tests.portraits import astronaut
from training.drawing import lower_face, things, wear
from training.drawing.canvas import Canvas, cut_canvas
from training.drawing.layers import Layer, polygon
from training.drawing.lower_face import Donor


@pytest.fixture(scope="module")
def canvas() -> Canvas:
    portrait = astronaut()
    return cut_canvas(np.random.default_rng(1), portrait.rgb, portrait.landmarks[:, :2], sides=(260, 261))


def covered(layers: list[Layer], canvas: Canvas, region: Region) -> float:
    inside = polygon(canvas.points[list(OUTLINES[region])], len(canvas.rgb)) > 0.5
    return float(np.maximum.reduce([layer.foreign for layer in layers])[inside].mean())


@pytest.mark.parametrize("donated", [False, True])
def test_should_cover_mouth_and_chin_with_a_printed_face_and_no_eye(canvas: Canvas, donated: bool) -> None:
    donor = Donor(canvas.rgb[:, ::-1].copy(), canvas.points) if donated else None
    for seed in range(6):
        layers = lower_face.printed_mask(np.random.default_rng(seed), canvas.rgb, canvas.points, donor)
        assert covered(layers, canvas, Region.MOUTH) > 0.9
        assert covered(layers, canvas, Region.CHIN) > 0.9
        assert max(covered(layers, canvas, eye) for eye in EYES) < 0.2


def test_should_print_a_face_in_the_tone_of_the_wearer(canvas: Canvas) -> None:
    """A printed mask of the wearer's own face differs from the face, and less than cloth does."""
    off = []
    for seed in range(8):
        layer = lower_face.printed_mask(np.random.default_rng(seed), canvas.rgb, canvas.points, None)[-1]
        off.append(np.abs(layer.rgb.astype(int) - canvas.rgb)[layer.foreign > 0.5].mean())
    assert 3 < np.median(off) < 60


def test_should_mark_a_mask_within_it_and_leave_its_shape(canvas: Canvas) -> None:
    size = len(canvas.rgb)
    plain = wear.mask(np.random.default_rng(0), canvas.points, size, "right", np.full((8, 8, 3), 150, np.uint8))
    marked = lower_face.slit_mask(np.random.default_rng(1), canvas.points, size, plain)
    changed = np.abs(marked.rgb.astype(int) - plain.rgb).max(axis=2) > 20
    assert changed.any()
    assert not (changed & (plain.foreign < 0.5)).any()
    assert np.array_equal(marked.foreign, plain.foreign)


def test_should_hang_a_veil_over_the_mouth_and_a_frame_over_nothing(canvas: Canvas) -> None:
    cloth = things.texture(np.random.default_rng(0), 64)
    for seed in range(6):
        rng = np.random.default_rng(seed)
        assert covered(lower_face.veil(rng, canvas.rgb, canvas.points, cloth), canvas, Region.MOUTH) > 0.4
        frame = lower_face.frame(rng, canvas.rgb, canvas.points, cloth)
        oval = polygon(canvas.points[list(OUTLINES[Region.NOSE])], len(canvas.rgb)) > 0.5
        assert not any(layer.foreign.any() for layer in frame)
        assert max(float(layer.alpha[oval].max()) for layer in frame) < 0.05
