from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from core.vision.blazeface import BlazeFace

_EMPTY = np.zeros((128, 128, 3), np.uint8)


class Net:
    """Says what it was told: rows by their anchor's number, and how sure it is of each."""

    def __init__(self, **rows: tuple[float, tuple[float, ...]]) -> None:
        self._boxes, self._logits = np.zeros((1, 896, 16), np.float32), np.full((1, 896, 1), -100, np.float32)
        for anchor, (score, row) in rows.items():
            self._boxes[0, int(anchor[1:]), : len(row)] = row
            self._logits[0, int(anchor[1:])] = np.log(score / (1 - score))

    def run(self, given: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        assert given.shape == (1, 128, 128, 3) and given.min() == given.max() == -1
        return [self._boxes, self._logits]


# Anchors 0 and 1 have their middle at (4, 4), 2 at (12, 4), 512 at (8, 8).
BOX = (10.0, 20.0, 20.0, 20.0, 5.0, 16.0, 15.0, 16.0)


def find(lowest: float = 0.1, same: float = 0.5, **rows: tuple[float, tuple[float, ...]]) -> list[tuple[float, ...]]:
    found = BlazeFace(Net(**rows)).find(_EMPTY, lowest, same)  # type: ignore[arg-type]
    return [(*face.box.tolist(), *face.eyes.ravel().tolist(), face.score) for face in found]


def test_should_place_faces_by_their_anchors() -> None:
    (face,) = find(a512=(0.8, BOX))
    assert face == pytest.approx((8, 18, 28, 38, 13, 24, 23, 24, 0.8), abs=1e-3)


def test_boxes_that_overlap_should_be_one_face_where_their_weighted_mean_is() -> None:
    moved = (14.0, *BOX[1:])
    (face,) = find(a0=(0.9, BOX), a1=(0.3, moved))
    assert face[:4] == pytest.approx((5, 14, 25, 34), abs=1e-3)
    assert face[-1] == pytest.approx(0.9)


def test_how_much_must_overlap_should_be_the_asker_s_choice() -> None:
    moved = (18.0, *BOX[1:])  # 12 of 28 pixels in common
    assert len(find(a0=(0.9, BOX), a1=(0.5, moved), same=0.5)) == 2
    assert len(find(a0=(0.9, BOX), a1=(0.5, moved), same=0.3)) == 1


def test_faces_should_come_surest_first_and_unsure_ones_not_at_all() -> None:
    far = (90.0, *BOX[1:])
    assert [face[-1] for face in find(a0=(0.4, BOX), a2=(0.7, far))] == pytest.approx([0.7, 0.4])
    assert [face[-1] for face in find(0.5, a0=(0.4, BOX), a2=(0.7, far))] == pytest.approx([0.7])


def test_a_box_without_area_should_be_no_face() -> None:
    assert find(a0=(0.9, (10.0, 20.0, 0.0, 0.0))) == []
