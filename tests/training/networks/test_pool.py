"""Batches as training sees them. Needs torch, which the app does without."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs torch: pip install -r training/requirements.txt")

from core.regions import Region  # noqa: E402
from training.faces.datasets import MASK_PX, REGIONS, UNKNOWN, Samples  # noqa: E402
from training.networks.fit import Course, mask_loss, regions_loss  # noqa: E402
from training.networks.nets import RegionNet  # noqa: E402
from training.networks.pool import Faces, Pool, exchanged, mirrored, moved, varied  # noqa: E402

LEFT = REGIONS.index(Region.LEFT_EYE)
RIGHT = REGIONS.index(Region.RIGHT_EYE)


def samples(count: int, covered: float = 0.0) -> Samples:
    """Grey faces; the left eye is a square on the image's right, a share of it under something white."""
    rows = round(20 * covered)
    mask, outline = np.zeros((count, MASK_PX, MASK_PX), np.uint8), np.zeros((count, MASK_PX, MASK_PX), np.uint16)
    outline[:, 20:40, 50:70] = 1 << LEFT
    outline[:, 20:40, 10:30] = 1 << RIGHT
    mask[:, 20 : 20 + rows, 50:70] = 255
    face = np.full((count, 160, 160, 3), 90, np.uint8)
    face[:, 40 : 40 + 2 * rows, 100:140] = 255
    coverage = np.zeros((count, len(REGIONS)), np.float32)
    coverage[:, LEFT] = rows / 20
    return Samples(
        face,
        mask,
        np.ones(count, np.uint8),
        outline,
        coverage,
        np.zeros((count, 2, 64, 64, 3), np.uint8),
        np.zeros((count, 2), np.int8),
        np.array(["thin" if covered else "clean"] * count),
        np.array(["faces_open/a.png"] * count),
    )


def batch(covered: float, *more: float) -> Faces:
    pool = Pool.of(Samples.join([samples(8, share) for share in (covered, *more)]))
    return pool.faces(np.arange(len(pool)))


def read(faces: Faces) -> Any:
    """The coverage that mask and outlines of a batch give."""
    return (faces.mask[:, None] * faces.inside).sum(dim=(2, 3)) / faces.inside.sum(dim=(2, 3)).clamp(min=1)


def test_should_take_in_no_more_than_it_has_room_for() -> None:
    pool = Pool(5)
    pool.add(samples(3))
    pool.add(samples(3, 0.5))

    assert len(pool) == 5
    assert pool.faces(np.array([2, 4])).covered[:, LEFT].tolist() == [0.0, 0.5]


def test_should_change_the_sides_in_the_mirror() -> None:
    faces = mirrored(batch(0.5))

    assert torch.allclose(read(faces), faces.covered)
    assert (faces.covered[:, RIGHT] == 0.5).all() and (faces.covered[:, LEFT] == 0).all()


def test_should_lay_things_over_the_free_faces_of_the_batch() -> None:
    faces = batch(0.5, 0.0)
    faces.rgb[8:] = 30  # the free faces are darker
    made = exchanged(faces, share=1.0)

    assert torch.allclose(read(made), made.covered)
    assert (made.rgb[:8, 100, 20] == 30).all() and (made.rgb[:8, 50, 120] == 255).all()
    assert torch.equal(made.rgb[8:], faces.rgb[8:])


def test_should_leave_alone_what_nobody_knows_the_mask_of() -> None:
    faces = batch(0.5, 0.0)
    faces.known[:8] = 0
    faces.covered[8:, 3] = UNKNOWN

    assert exchanged(faces, share=1.0) is faces


def test_should_move_face_mask_and_outlines_together() -> None:
    torch.manual_seed(1)
    faces = moved(batch(0.5), turn=0.1, zoom=0.1, shift=0.04)

    assert (read(faces)[:, LEFT] - 0.5).abs().max() < 0.06
    bright = (faces.rgb.float().mean(dim=3) > 170).float()
    small = torch.nn.functional.avg_pool2d(bright[:, None], 2)[:, 0]
    assert (small - faces.mask).abs().mean() < 0.01


def test_should_learn_what_is_covered() -> None:
    torch.manual_seed(0)
    faces, course = batch(1.0, 0.0), Course(RegionNet(), 3e-3)
    before = float(regions_loss(course.net, faces))
    for step in range(25):
        course.step(regions_loss(course.net, varied(faces)), step / 25)

    with torch.no_grad():
        mask, blocked = course.result.eval().both(faces.rgb)
    assert float(mask_loss(mask, faces)) < 0.6 * before
    assert (blocked[:8, LEFT] > blocked[8:, LEFT]).all()
