from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data

from core.files.clip import read_clip
from core.settings import FileSettings
from tests.clips import MATRICES, write_placed

STORED = cv2.resize(skimage.data.astronaut()[:384], (128, 96), interpolation=cv2.INTER_AREA)
UPRIGHT = {
    "as it is": STORED,
    "mirrored": STORED[:, ::-1],
    "upside down": STORED[::-1, ::-1],
    "upside down, mirrored": STORED[::-1],
    "a quarter right": np.rot90(STORED, -1),
    "a quarter left": np.rot90(STORED),
    "transposed": STORED.transpose(1, 0, 2),
    "transposed the other way": np.rot90(STORED, 2).transpose(1, 0, 2),
}


def first(path: Path) -> np.ndarray:
    return next(read_clip(path, FileSettings())).rgb


@pytest.mark.parametrize("name", MATRICES)
def test_a_clip_should_be_seen_as_a_player_shows_it(tmp_path: Path, name: str) -> None:
    seen = first(write_placed(STORED, tmp_path / "a.mp4", MATRICES[name]))
    assert seen.shape == UPRIGHT[name].shape
    assert np.abs(seen.astype(int) - UPRIGHT[name]).mean() < 6
    others = [shown for other, shown in UPRIGHT.items() if other != name and shown.shape == seen.shape]
    assert all(np.abs(seen.astype(int) - other).mean() > 25 for other in others)


@pytest.mark.parametrize(
    ("aspect", "matrix", "size"),
    [
        (Fraction(4, 3), "as it is", (171, 96)),
        (Fraction(3, 4), "as it is", (128, 128)),
        (Fraction(4, 3), "a quarter right", (96, 171)),
        (Fraction(200, 1), "as it is", (128, 96)),
    ],
)
def test_oblong_pixels_should_be_made_square(
    tmp_path: Path, aspect: Fraction, matrix: str, size: tuple[int, int]
) -> None:
    seen = first(write_placed(STORED, tmp_path / "a.mp4", MATRICES[matrix], aspect))
    assert (seen.shape[1], seen.shape[0]) == size
