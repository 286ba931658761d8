from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from training.networks import manifest
from training.scenes.portrait import PERSON, PRINT, SCREEN, group_of, sources_of
from training.scenes.shown import extra_pictures, pad_pictures


def picture(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.full((20, 30, 3), 90, np.uint8))
    return path


def test_should_label_what_was_shown_by_its_folder_and_leave_out_by_camera(tmp_path: Path) -> None:
    for name in ("nuaa_real/0001_1.jpg", "nuaa_print/0001_2.jpg", "crops_replay/shubham_3.jpg", "phone_frames/4.jpg"):
        picture(tmp_path / "pad" / name)
    found = {(one.name, one.label, one.group) for one in pad_pictures(tmp_path)}
    assert found == {
        ("nuaa_real/0001_1.jpg", PERSON, "nuaa"),
        ("nuaa_print/0001_2.jpg", PRINT, "nuaa"),
        ("crops_replay/shubham_3.jpg", SCREEN, "shubham"),
        ("phone_frames/4.jpg", SCREEN, "phone_frames"),
    }


@pytest.mark.parametrize(
    ("folder", "stem", "group"), [("triplets_print", "cas", "triplets"), ("crops_real", "krzysiek_7", "krzysiek")]
)
def test_should_leave_out_together_what_one_camera_saw(folder: str, stem: str, group: str) -> None:
    assert group_of(folder, stem) == group


def test_should_read_a_labelled_folder(tmp_path: Path) -> None:
    picture(tmp_path / "a.png")
    picture(tmp_path / "b.png")
    (tmp_path / "labels.csv").write_text("file,shown\na.png,person\nb.png,print\n")
    assert [(one.label, one.name) for one in extra_pictures(tmp_path)] == [
        (PERSON, "extra/a.png/0"),
        (PRINT, "extra/b.png/0"),
    ]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("a.png,film", "line 2: 'film' is none of person, screen, print"),
        ("c.png,screen", "line 2: no file 'c.png'"),
        ("a.png,", "line 2: '' is none of"),
    ],
)
def test_should_name_the_line_of_a_label_that_makes_no_sense(tmp_path: Path, rows: str, words: str) -> None:
    picture(tmp_path / "a.png")
    (tmp_path / "labels.csv").write_text(f"file,shown\n{rows}\n")
    with pytest.raises(ValueError, match=words):
        list(extra_pictures(tmp_path))


def test_should_say_that_a_folder_has_no_labels(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"no labels\.csv"):
        list(extra_pictures(tmp_path))


def test_should_keep_the_other_models_in_the_manifest(tmp_path: Path) -> None:
    path = tmp_path / manifest.MANIFEST
    manifest.write_manifest(path, {"eyes": {"file": "eyes.onnx"}, "eyes.thresholds": {"closed": 0.5}})
    manifest.update(path, {"presentation": {"file": "p.onnx"}, "presentation.figures": {"old": 1}})
    manifest.update(path, {"presentation": {"file": "q.onnx"}})
    assert manifest.manifest(tmp_path) == {
        "eyes": {"file": "eyes.onnx", "thresholds": {"closed": 0.5}},
        "presentation": {"file": "q.onnx"},
    }


def test_should_leave_out_a_composed_scene_with_every_camera_that_it_shows() -> None:
    assert sources_of("nuaa_real/0001_1.jpg\nclips/phone_a_real.webm/3") == {"nuaa", "phone_a"}
    assert sources_of("videos/d0.mp4/4\nfaces_masked/two words.jpg") == {"d0"}
