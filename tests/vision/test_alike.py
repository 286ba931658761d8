from __future__ import annotations

import cv2
import numpy as np

from core.settings import AlignmentSettings, AlikeSettings
from core.vision.alignment import FaceAligner
from core.vision.alike import Alikeness
from core.vision.reading import Aligned, Image
from tests.portraits import astronaut

PORTRAIT = astronaut()


def aligned(rgb: Image) -> Aligned:
    return FaceAligner(AlignmentSettings()).align(rgb, PORTRAIT.landmarks)


def alike(rgb: Image) -> bool:
    compared = Alikeness(AlikeSettings())
    compared.update(aligned(PORTRAIT.rgb))
    return compared.update(aligned(rgb))


def test_the_same_face_in_noise_and_other_light_should_be_alike() -> None:
    noise = np.random.default_rng(3).normal(0, 6, PORTRAIT.rgb.shape)
    assert alike(np.clip(PORTRAIT.rgb * 0.95 + noise, 0, 255).astype(np.uint8))


def test_a_thing_on_the_face_should_be_a_change() -> None:
    covered = PORTRAIT.rgb.copy()
    x, y = (int(v) for v in PORTRAIT.landmarks[205, :2])
    cv2.circle(covered, (x, y), int(0.15 * PORTRAIT.inter_eye_px), (40, 60, 40), -1)
    assert not alike(covered)


def test_much_more_light_should_be_a_change() -> None:
    assert not alike((PORTRAIT.rgb * 0.8).astype(np.uint8))


def test_of_two_frames_in_turn_one_should_count_as_changed() -> None:
    compared = Alikeness(AlikeSettings())
    assert [compared.update(aligned(PORTRAIT.rgb)) for _ in range(4)] == [False, True, False, True]
