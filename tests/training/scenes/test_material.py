from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from training.scenes.material import Found, Material, kept_points, pack, pack_cutout
from training.scenes.portrait import PERSON, SCREEN


def noise(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 255, shape, dtype=np.uint8)


def found(name: str, label: int = PERSON, held: bool = False, points: int = 0) -> Found:
    spread = np.linspace(1, 30, 2 * points).reshape(points, 2)
    return Found(pack(noise(1, 24, 32, 3), 100), kept_points(spread), (4, 5, 20, 22), label, "a", name, held)


def test_should_keep_every_pixel_where_asked_to_and_nearly_all_else() -> None:
    grid = noise(2, 40, 60, 3)
    exact = Found(pack(grid, 100), kept_points(np.zeros((0, 2))), (0, 0, 9, 9), SCREEN, "a", "clips/a/1").portrait()
    assert np.array_equal(exact.rgb, grid)
    smooth = np.tile(np.arange(60, dtype=np.uint8)[None, :, None] * 4, (40, 1, 3))
    near = Found(pack(smooth, 90), kept_points(np.zeros((0, 2))), (0, 0, 9, 9), SCREEN, "a", "clips/a/1").portrait()
    assert not np.array_equal(near.rgb, smooth)
    assert np.abs(near.rgb.astype(int) - smooth).mean() < 3


def test_should_keep_points_to_an_eighth_of_a_pixel() -> None:
    portrait = found("faces_open/a.jpg", points=478).portrait()
    assert portrait.points == pytest.approx(np.linspace(1, 30, 956).reshape(478, 2), abs=1 / 16 + 1e-6)
    assert portrait.face == (4, 5, 20, 22)


def test_should_hold_cutouts_within_a_size_with_their_outline() -> None:
    rgba = np.zeros((80, 40, 4), np.uint8)
    rgba[20:60, 10:30] = 255
    patches = {False: {"hand": [pack_cutout(rgba, 40)]}, True: {}}
    (hand,) = Material((), (), patches).cutouts(False)["hand"]
    assert hand.shape == (40, 20, 4)
    assert hand[20, 10, 3] > 240
    assert hand[2, 2, 3] < 15


def test_should_come_back_from_its_file_and_tell_the_sides_of_the_split_apart(tmp_path: Path) -> None:
    people = (found("faces_open/a.jpg", points=478), found("faces_open/b.jpg", held=True, points=478))
    frames = (found("videos/c.mp4/1"), found("videos/d.mp4/1", held=True))
    shown = (found("clips/e_real.webm/1"), found("clips/e_replay.webm/1", SCREEN), found("nuaa_real/0001_1.jpg"))
    Material((*people, *frames), shown, {False: {}, True: {}}).save(tmp_path / "m.pkl")
    assert [path.name for path in tmp_path.iterdir()] == ["m.pkl"]
    material = Material.load(tmp_path / "m.pkl")
    assert [one.source for one in material.photos(False)] == ["faces_open/a.jpg"]
    assert [one.source for one in material.photos(True)] == ["faces_open/b.jpg"]
    known = {one.source for one in material.frames(False)}
    assert known == {"videos/c.mp4/1", "clips/e_real.webm/1", "nuaa_real/0001_1.jpg"}  # people only
    assert [one.source for one in material.frames(True)] == ["videos/d.mp4/1"]
