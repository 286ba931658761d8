"""How alike two views are, on drawn footage."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from core.settings import AlignmentSettings
from core.vision.alignment import FaceAligner
from core.vision.likeness import Likeness, block_shares, compare
from core.vision.reading import Image
from core.vision.texture import LikenessMeter
from tests.portraits import Portrait, astronaut, stranger


def view(portrait: Portrait, rgb: Image | None = None) -> Likeness:
    picture = portrait.rgb if rgb is None else rgb
    return LikenessMeter().measure(FaceAligner(AlignmentSettings()).align(picture, portrait.landmarks))


def alike(a: Likeness, b: Likeness) -> float:
    return float(compare(a, b).mean())


@pytest.mark.parametrize("gain", [0.4, 0.7, 1.15])
def test_should_not_mind_the_light(gain: float) -> None:
    face = astronaut()
    assert alike(view(face), view(face, cv2.convertScaleAbs(face.rgb, alpha=gain))) > 0.85


def test_should_not_mind_light_from_the_side() -> None:
    face = astronaut()
    fall = np.linspace(0.5, 1.1, face.rgb.shape[1])[None, :, None]
    assert alike(view(face), view(face, (face.rgb * fall).clip(0, 255).astype(np.uint8))) > 0.85


def test_should_not_mind_place_and_size() -> None:
    face = astronaut()
    assert alike(view(face), view(face.placed((480, 360), 70.0))) > 0.7


def test_should_tell_another_face() -> None:
    assert alike(view(astronaut()), view(stranger())) < 0.4


def test_should_know_where_the_regions_lie() -> None:
    assert all(share.max() > 0.05 for share in block_shares().values())
