from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from core.settings import Settings
from training.scenes.composing import Blocks, another, cached, plain
from training.scenes.material import Found, kept_points, pack
from training.scenes.portrait import PERSON, SCREEN

SIDE = Settings().presentation.view_px


def picture(shade: int = 60) -> np.ndarray:
    """A bright face on a dark ground."""
    rgb = np.full((240, 320, 3), shade, np.uint8)
    rgb[80:160, 120:200] = 220
    return rgb


def one(name: str, label: int = PERSON, shade: int = 60) -> Found:
    return Found(
        pack(picture(shade), 100), kept_points(np.zeros((0, 2))), (120, 80, 200, 160), label, name.split("/")[0], name
    )


def test_should_cut_the_views_of_pictures_as_they_are_with_what_they_are() -> None:
    made = plain([one("a/1.jpg"), one("b/2.jpg", SCREEN, 10)])
    assert made.views.shape == (2, 3, SIDE, SIDE, 3)
    assert made.label.tolist() == [PERSON, SCREEN]
    assert made.group.tolist() == ["a", "b"]
    assert made.name.tolist() == ["a/1.jpg", "b/2.jpg"]
    assert made.views[0, 0].mean() > made.views[0, 2].mean() > made.views[1, 2].mean()  # face, surroundings


@pytest.mark.parametrize("seed", range(12))
def test_should_carry_the_place_of_the_face_through_what_another_camera_does(seed: int) -> None:
    rgb, (x0, y0, x1, y1) = another(np.random.default_rng(seed), picture(), (120, 80, 200, 160))
    inside = rgb[round(y0) : round(y1), round(x0) : round(x1)].astype(float)
    beside = rgb[round(y0) : round(y1), : max(round(x0) - 4, 1)].astype(float)
    height, width = inside.shape[:2]
    middle = inside[height // 4 : -height // 4, width // 4 : -width // 4]
    assert middle.mean() > beside.mean() + 25
    corners = [inside[:3, :3], inside[-3:, -3:]]
    assert all(corner.mean() > beside.mean() for corner in corners)


def test_should_make_a_thing_once_and_read_it_after_that(tmp_path: Path) -> None:
    asked: list[int] = []

    def make() -> list[int]:
        asked.append(1)
        return [7]

    assert [cached(tmp_path / "a.pkl", make) for _ in range(2)] == [[7], [7]]
    assert len(asked) == 1


def test_should_give_each_block_once_as_they_come(tmp_path: Path) -> None:
    blocks = Blocks(tmp_path)
    for name in "ab":
        cached(tmp_path / f"{name}.pkl", lambda name=name: plain([one(f"{name}/1.jpg")]))  # type: ignore[misc]
    (tmp_path / "c.part").write_bytes(b"half")
    assert [made.group.tolist() for made in blocks.new(1)] == [["a"]]
    assert [made.group.tolist() for made in blocks.new(8)] == [["b"]]
    assert blocks.new(8) == []
    cached(tmp_path / "d.pkl", lambda: plain([one("d/1.jpg")]))
    assert [made.group.tolist() for made in blocks.new(8)] == [["d"]]
