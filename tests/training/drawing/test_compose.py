import numpy as np
import pytest

from core.regions import OUTLINES, Region
from tests.portraits import astronaut
from training.drawing import degrade, lower_face, things, wear
from training.drawing.canvas import Canvas, cut_canvas
from training.drawing.compose import FOREIGN_KINDS, KINDS, Composer
from training.drawing.layers import Layer, blend, polygon


@pytest.fixture(scope="module")
def canvas() -> Canvas:
    portrait = astronaut()
    return cut_canvas(np.random.default_rng(1), portrait.rgb, portrait.landmarks[:, :2], sides=(260, 261))


@pytest.fixture
def untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without light, camera and shadow, only what is laid over the face changes a pixel."""
    monkeypatch.setattr(degrade, "light", lambda rng, rgb: rgb)
    monkeypatch.setattr(degrade, "camera", lambda rng, rgb: rgb)
    monkeypatch.setattr("training.drawing.compose.cast_shadow", lambda rgb, *rest: rgb)


@pytest.mark.parametrize("kind", FOREIGN_KINDS)
def test_should_change_pixels_only_at_the_mask_of_what_is_foreign(
    canvas: Canvas, untouched: None, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Spectacles under a thing and the cloth round a head are drawn too, and are not foreign: leave them out here.
    monkeypatch.setattr(lower_face, "frame", lambda *args: [])
    monkeypatch.setattr(wear, "spectacles", lambda *args: ([], np.zeros(canvas.rgb.shape[:2], np.float32)))
    for seed in range(6):
        made = Composer({}).compose(np.random.default_rng(seed), canvas, kind)
        changed = np.abs(made.rgb.astype(int) - canvas.rgb).max(axis=2) > 40
        # A soft or moving edge reaches a few pixels beyond the mask's half-way line.
        near = polygon_dilate(made.foreign, 9)
        assert made.foreign.any()
        assert (changed & ~near).sum() <= 0.01 * changed.sum()


def polygon_dilate(mask: np.ndarray, pixels: int) -> np.ndarray:
    import cv2

    return cv2.dilate((mask > 0).astype(np.uint8), np.ones((2 * pixels + 1,) * 2, np.uint8)) > 0


@pytest.mark.parametrize("kind", ["clean", "make_up", "harmless", "spectacles", "glare"])
def test_should_call_nothing_foreign_that_belongs_to_the_person(canvas: Canvas, kind: str) -> None:
    for seed in range(6):
        assert not Composer({}).compose(np.random.default_rng(seed), canvas, kind).foreign.any()


def test_should_hide_an_eye_by_strong_glare_only(canvas: Canvas) -> None:
    size = len(canvas.rgb)
    rng = np.random.default_rng(3)
    weak = [wear.spectacles(rng, canvas.points, size, None, "weak")[1].any() for _ in range(8)]
    strong = [wear.spectacles(rng, canvas.points, size, None, "strong")[1].any() for _ in range(8)]
    assert not any(weak)
    assert all(strong)


@pytest.mark.parametrize(
    ("worn", "covered", "free"),
    [
        ("right", (Region.NOSE, Region.MOUTH, Region.CHIN), (Region.LEFT_EYE, Region.RIGHT_EYE)),
        ("nose", (Region.MOUTH, Region.CHIN), (Region.NOSE, Region.LEFT_EYE)),
        ("chin", (), (Region.NOSE, Region.LEFT_EYE, Region.RIGHT_EYE)),
    ],
)
def test_should_cover_what_a_mask_covers(
    canvas: Canvas, worn: str, covered: tuple[Region, ...], free: tuple[Region, ...]
) -> None:
    for seed in range(5):
        layer = wear.mask(np.random.default_rng(seed), canvas.points, len(canvas.rgb), worn, None)
        for region in covered:
            assert share(layer, canvas, region) > 0.4, (worn, region, seed)
        for region in free:
            assert share(layer, canvas, region) < 0.2, (worn, region, seed)


def share(layer: Layer, canvas: Canvas, region: Region) -> float:
    inside = polygon(canvas.points[list(OUTLINES[region])], len(canvas.rgb)) > 0.5
    return float(layer.foreign[inside].mean())


def test_should_compose_the_same_from_the_same_seed(canvas: Canvas) -> None:
    one, two = (Composer({}).compose(np.random.default_rng(9), canvas, "thin") for _ in range(2))
    assert np.array_equal(one.rgb, two.rgb)
    assert np.array_equal(one.foreign, two.foreign)


def test_should_draw_every_kind() -> None:
    rng = np.random.default_rng(0)
    assert {Composer({}).kind(rng) for _ in range(600)} == set(KINDS)


@pytest.mark.parametrize("draw", [things.stick, things.finger, things.card, things.blob])
def test_should_draw_things_that_are_partly_opaque(draw: object) -> None:
    patch = draw(np.random.default_rng(2))  # type: ignore[operator]
    assert patch.dtype == np.uint8
    assert patch.shape[2] == 4
    assert (patch[..., 3] > 200).mean() > 0.2


def test_should_blend_by_opacity() -> None:
    below = np.full((2, 2, 3), 100, np.uint8)
    above = Layer(
        np.full((2, 2, 3), 200, np.uint8), np.array([[0, 0.5], [1, 1]], np.float32), np.ones((2, 2), np.float32)
    )
    assert blend(below, above)[..., 0].tolist() == [[100, 150], [200, 200]]
