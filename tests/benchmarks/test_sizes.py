from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from benchmarks.sizes.camera import FPS, camera
from benchmarks.sizes.visits import motion
from core.files.clip import read_clip
from core.settings import FileSettings
from tests.footage import Scene, astronaut, write_clip


def test_should_tell_how_the_pictures_moved() -> None:
    frames = [(10.0 + t, 864, 486) for t in (2.0, 2.1, 2.2, 3.5, 3.6)] + [(14.0, 576, 324), (14.1, 864, 486)]
    told = motion(frames, started=10.0)

    assert told["frames"] == 7
    assert told["first_frame_s"] == 2.0
    assert told["fps"] == pytest.approx(6 / 2.1, abs=0.1)
    assert told["longest_gaps_s"][:2] == [(1.3, 2.2), (0.4, 3.6)]
    assert told["sizes"] == [(2.0, "864x486"), (4.0, "576x324"), (4.1, "864x486")]


@pytest.mark.parametrize("frames", [[], [(1.0, 640, 480)]])
def test_a_stream_that_never_came_should_have_no_rate(frames: list[tuple[float, int, int]]) -> None:
    assert motion(frames, started=0.0) == {"frames": len(frames)}


def test_footage_should_be_cut_to_the_cameras_shape_and_kept(tmp_path: Path) -> None:
    footage = write_clip(islice(Scene(astronaut(), size=(160, 120)).play(1.0), 15), tmp_path / "who.mp4")
    clip = camera((64, 96), tmp_path, footage)
    frames = list(read_clip(clip, FileSettings()))

    assert clip.name == "who-64x96.y4m"
    assert {frame.size for frame in frames} == {(64, 96)}
    assert len(frames) == 12  # fifteen of thirty a second, thinned to the camera's own rate
    assert frames[1].t == pytest.approx(1 / FPS, abs=0.001)

    footage.unlink()
    assert camera((64, 96), tmp_path, footage) == clip
