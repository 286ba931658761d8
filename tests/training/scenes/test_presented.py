"""The physics of screens and prints, and the scenes composed with them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from core.settings import Settings
from core.vision import assets
from core.vision.geometry import outline_box
from core.vision.landmarks import FaceFinder
from core.vision.reading import Frame
from tests.portraits import astronaut
from training.scenes.portrait import PERSON, PRINT, SCREEN, Portrait
from training.scenes.presented import Stage
from training.scenes.prints import inked
from training.scenes.rooms import matte, room
from training.scenes.screens import Content, device, emitted
from training.scenes.sheets import Pattern, Sheet, blurred, fills, seen

GREY = np.full((64, 64, 3), 128, np.uint8)
FLAT = Sheet(GREY, np.full((64, 64), 255, np.uint8), (16, 16, 48, 48))


@pytest.fixture(scope="module")
def portrait() -> Portrait:
    found = astronaut()
    low, high = found.landmarks[:, :2].min(axis=0), found.landmarks[:, :2].max(axis=0)
    return Portrait(
        found.rgb, found.landmarks[:, :2], (float(low[0]), float(low[1]), float(high[0]), float(high[1])), "astronaut"
    )


@pytest.mark.parametrize("pattern", [emitted, inked])
def test_should_put_a_grid_or_a_raster_on_a_flat_picture(pattern: Callable[..., Pattern]) -> None:
    scale = np.diag([4.0, 4.0, 1.0])
    rough = []
    for seed in range(6):
        layer = seen(FLAT, scale, 200, pattern(np.random.default_rng(seed), plain=True))
        green = layer.rgb[..., 1].astype(float)
        rough.append(np.abs(np.fft.rfft2(green - green.mean())).max() / green.size)
    assert min(rough) > 0.5  # grey levels, of the strongest wave


def test_should_see_the_sheet_where_its_matrix_puts_it() -> None:
    move = np.array([[1.0, 0, 60], [0, 1, 20], [0, 0, 1]])
    layer = seen(FLAT, move, 200, lambda rgb, x, y: rgb)
    rows, columns = np.nonzero(layer.alpha > 0.5)
    assert (columns.min(), columns.max()) == pytest.approx((60, 123), abs=1)
    assert (rows.min(), rows.max()) == pytest.approx((20, 83), abs=1)


def test_should_tell_a_sheet_that_fills_the_frame_from_one_whose_edge_is_in_view() -> None:
    assert fills(FLAT, np.diag([4.0, 4.0, 1.0]), 200)
    assert not fills(FLAT, np.diag([2.0, 2.0, 1.0]), 200)


def test_should_hold_a_sheet_so_that_its_face_is_as_high_as_asked(portrait: Portrait) -> None:
    sheet = device(np.random.default_rng(2), Content(portrait.rgb, portrait.face))
    matrix = sheet.held(np.random.default_rng(3), 400, share=0.4, tilt=0.0)
    left, top, right, bottom = sheet.face
    ends = matrix @ np.array([[(left + right) / 2, top, 1], [(left + right) / 2, bottom, 1]]).T
    assert np.hypot(*(ends[:2, 1] - ends[:2, 0])) == pytest.approx(160, rel=0.01)


def test_should_keep_the_person_and_drop_the_wall_when_cutting_out(portrait: Portrait) -> None:
    alpha = matte(portrait.rgb, portrait.face)
    left, top, right, bottom = map(int, portrait.face)
    assert alpha[top + 20 : bottom - 20, left + 20 : right - 20].mean() > 0.95
    assert alpha[:40, -40:].mean() < 0.3


def test_should_compose_the_same_scene_from_the_same_seed(portrait: Portrait) -> None:
    stage = Stage([portrait], [portrait.rgb], {})
    seen_labels = set()
    for seed in range(12):
        scene = stage.scene(np.random.default_rng(seed))
        again = stage.scene(np.random.default_rng(seed))
        assert np.array_equal(scene.rgb, again.rgb)
        assert scene.sources == "astronaut"
        seen_labels.add(scene.label)
    assert seen_labels == {PERSON, SCREEN, PRINT}


def test_should_blur_alike_whether_it_shrinks_first_or_not() -> None:
    import cv2

    rgb = room(np.random.default_rng(4), 160, [])
    plain = cv2.GaussianBlur(rgb, (0, 0), 12)
    assert np.abs(blurred(rgb, 12).astype(int) - plain).mean() < 6


def test_should_know_where_the_face_of_a_scene_is(portrait: Portrait) -> None:
    """As the finder sees it, in scenes where it sees one."""
    with FaceFinder(assets.ensure_face_model(), Settings().landmarks) as finder:
        stage, off = Stage([portrait], [portrait.rgb], {}), []
        for seed in range(40):
            scene = stage.scene(np.random.default_rng(seed))
            if scene.in_view > 0.9 and (found := finder.find(Frame(scene.rgb, 0.0))):
                box = outline_box(found[0])
                left, top, right, bottom = scene.face
                middle = abs(box.left + box.right - left - right) + abs(box.top + box.bottom - top - bottom)
                off.append(middle / 2 / (bottom - top))
    assert len(off) > 15
    assert np.quantile(off, 0.8) < 0.12
