from pathlib import Path

import cv2
import numpy as np
import pytest

from core.regions import Region
from training.faces import sources


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Forty pictures, every second one a brighter copy of the one before it."""
    rng = np.random.default_rng(0)
    (tmp_path / "faces_clean").mkdir()
    for number in range(20):
        picture = cv2.resize(rng.integers(0, 200, (12, 12, 3), np.uint8), (96, 96), interpolation=cv2.INTER_CUBIC)
        cv2.imwrite(str(tmp_path / "faces_clean" / f"{number}_a.png"), picture)
        cv2.imwrite(str(tmp_path / "faces_clean" / f"{number}_b.png"), cv2.convertScaleAbs(picture, alpha=1.1, beta=9))
    return tmp_path


def test_should_keep_look_alikes_on_one_side_of_the_split(photos: Path) -> None:
    found = sources.faces(photos, "faces_clean", held_share=0.4)
    sides = {number: {s.held for s in found if s.path.stem.startswith(f"{number}_")} for number in range(20)}
    assert all(len(side) == 1 for side in sides.values())
    assert {s.held for s in found} == {True, False}


def test_should_share_no_group_between_training_and_validation(photos: Path) -> None:
    found = sources.faces(photos, "faces_clean", held_share=0.4)
    assert not {s.group for s in found if s.held} & {s.group for s in found if not s.held}


def test_should_hold_back_one_person_s_hands_whole(tmp_path: Path) -> None:
    (tmp_path / "hands").mkdir()
    for name in ("hand1_a_1_x", "hand2_a_1_x", "hand3_a_1_x", "hand3_b_2_x"):
        cv2.imwrite(str(tmp_path / "hands" / f"{name}.jpg"), np.full((20, 20, 3), 120, np.uint8))
    held = {s.path.stem: s.held for s in sources.cutouts(tmp_path)}
    assert held == {"hand1_a_1_x": False, "hand2_a_1_x": False, "hand3_a_1_x": True, "hand3_b_2_x": True}


def test_should_cut_a_hand_out_of_black(tmp_path: Path) -> None:
    (tmp_path / "hands").mkdir()
    picture = np.zeros((60, 60, 3), np.uint8)
    cv2.circle(picture, (30, 30), 15, (120, 140, 190), -1)
    cv2.imwrite(str(tmp_path / "hands" / "hand1.png"), picture)
    cut = sources.read_rgba(tmp_path / "hands" / "hand1.png")
    assert 24 <= cut.shape[0] <= 30
    assert cut[cut.shape[0] // 2, cut.shape[1] // 2].tolist() == [190, 140, 120, 255]


def test_should_read_labels(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((8, 8, 3), np.uint8))
    (tmp_path / "labels.csv").write_text("file,blocked,unsure\na.png,nose mouth,chin\n")
    (label,) = sources.labels(tmp_path)
    assert label.blocked == {Region.NOSE, Region.MOUTH}
    assert label.unsure == {Region.CHIN}


@pytest.mark.parametrize(
    ("line", "said"),
    [("a.png,elbow,", "line 2.*elbow"), ("b.png,nose,", "line 2: no file 'b.png'")],
)
def test_should_name_the_line_of_a_bad_label(tmp_path: Path, line: str, said: str) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((8, 8, 3), np.uint8))
    (tmp_path / "labels.csv").write_text(f"file,blocked,unsure\n{line}\n")
    with pytest.raises(ValueError, match=said):
        sources.labels(tmp_path)


def test_should_say_that_labels_are_missing(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no labels\.csv"):
        sources.labels(tmp_path)
