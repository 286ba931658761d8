from __future__ import annotations

from pathlib import Path

import cv2
import pytest

from benchmarks.occluded import measure, pictures
from tests.footage import Scene, astronaut, write_clip


def test_every_thing_should_be_laid_on_and_counted() -> None:
    found = measure([Scene(astronaut(), size=(480, 360)).frame(0.0, 4.0).rgb])
    assert set(found) == {"nothing", "hand", "pen", "paper", "mask", "sunglasses"}
    assert "caught_required" not in found["nothing"]
    assert found["mask"]["caught_required"] == "2/2"
    assert int(found["hand"]["caught_required"].split("/")[1]) >= 3


def test_photos_and_every_so_many_frames_of_clips_should_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = Scene(astronaut(), size=(320, 240), fps=10)
    write_clip(scene.play(2.0), tmp_path / "clip.mp4", fps=10)
    cv2.imwrite(str(tmp_path / "photo.png"), scene.frame(0.0, 2.0).rgb)
    (tmp_path / "broken.jpg").write_text("no photo")
    assert len(list(pictures([tmp_path], every=5))) == 4 + 1
    assert "broken.jpg" in capsys.readouterr().out
