from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from core.vision.roi import Roi, around


def test_its_corners_should_be_those_of_its_square() -> None:
    corners = np.array([[0, 0], [64, 64]])
    matrix = Roi(50, 60, 20, 40).matrix(64)
    np.testing.assert_allclose(corners @ matrix[:, :2].T + matrix[:, 2], [[40, 40], [60, 80]])


@pytest.mark.parametrize(("other", "share"), [((0, 0), 1.0), ((5, 0), 1 / 3), ((10, 0), 0.0), ((30, 30), 0.0)])
def test_overlap_should_be_the_share_of_both_that_they_have_in_common(other: tuple[int, int], share: float) -> None:
    assert Roi(0, 0, 10, 10).overlap(Roi(*other, 10, 10)) == pytest.approx(share)


def test_what_the_mesh_sees_should_be_turned_with_the_eyes() -> None:
    roi = around(np.array([10.0, 20, 50, 60]), np.array([[20.0, 30], [40, 50]]))
    assert (roi.x, roi.y, roi.width, roi.height) == (30, 40, 60, 60)
    assert roi.angle == pytest.approx(math.pi / 4)


def test_should_move_with_the_picture() -> None:
    turn = cv2.getRotationMatrix2D((50, 60), -90.0, 2.0)  # clockwise, as angles are here
    moved = Roi(60, 60, 20, 10, 0.1).moved(turn)
    assert (moved.x, moved.y) == pytest.approx((50, 80))
    assert (moved.width, moved.height, moved.angle) == pytest.approx((40, 20, 0.1 + math.pi / 2))
