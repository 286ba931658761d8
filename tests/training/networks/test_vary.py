"""Views as other cameras and lights would give them. Needs torch, which the app does without."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs torch: pip install -r training/requirements.txt")

import cv2  # noqa: E402

from core.vision.presentation import OUTSIDE  # noqa: E402
from training.networks.vary import _packed, varied  # noqa: E402


def views(count: int) -> Any:
    drawn = np.random.default_rng(1).integers(0, 120, (count, 3, 48, 48, 3)).astype(np.uint8)
    drawn[:, 2, :10] = OUTSIDE  # above the frame
    return torch.from_numpy(drawn)


def drawn(seed: int) -> Any:
    return torch.Generator().manual_seed(seed)


def test_should_change_the_light_and_keep_the_shape() -> None:
    before = views(8)
    after = varied(before, drawn(2))
    assert after.shape == before.shape
    assert after.dtype == torch.uint8
    assert (after != before).float().mean() > 0.5
    assert torch.equal(after, varied(before, drawn(2)))


def test_should_leave_grey_what_lies_outside_the_frame() -> None:
    after = varied(views(40), drawn(3))
    assert (after[:, 2, :10] == OUTSIDE).all()


def test_should_show_less_of_the_surroundings_at_times_but_never_of_the_face() -> None:
    after = varied(views(60), drawn(4))
    trimmed = (after[:, 2, 11:] == OUTSIDE).all(dim=-1).float().mean(dim=(1, 2)) > 0.05
    assert 0.05 < trimmed.float().mean() < 0.4
    assert (after[:, :2] == OUTSIDE).all(dim=-1).float().mean() < 0.01


@pytest.mark.parametrize(("strength", "quality"), [(0.0, 30), (0.5, 60), (1.0, 90)])
def test_should_leave_what_jpeg_leaves(strength: float, quality: int) -> None:
    rough = np.random.default_rng(5).integers(0, 255, (12, 12, 3)).astype(np.uint8)
    rgb = cv2.resize(rough, (48, 48), interpolation=cv2.INTER_CUBIC)
    jpeg = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    packed = np.asarray(cv2.imdecode(jpeg, cv2.IMREAD_COLOR))[..., ::-1]
    ours = 255 * _packed(torch.from_numpy(rgb)[None, None].float() / 255, torch.full((1, 1, 1, 1, 1), strength))
    off = np.abs(ours[0, 0].numpy().clip(0, 255) - packed).mean()
    assert off < 0.35 * np.abs(packed.astype(float) - rgb).mean() + 1.0
