from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from core.files import FileError, load_photo, read_clip
from core.settings import FileSettings

SETTINGS = FileSettings()


def photo(path: Path, size: tuple[int, int] = (64, 48), **options: object) -> Path:
    ramp = np.linspace(0, 255, size[0], dtype=np.uint8)
    Image.fromarray(np.broadcast_to(ramp[None, :, None], (size[1], size[0], 3)).copy()).save(path, **options)
    return path


def clip(path: Path, frames: int = 10, rate: int = 25) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for shade in range(frames):
            picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), shade * 20 % 256, np.uint8), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
def test_should_load_a_photo(tmp_path: Path, name: str) -> None:
    rgb = load_photo(photo(tmp_path / name), SETTINGS)
    assert (rgb.shape, rgb.dtype) == ((48, 64, 3), np.uint8)


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK", "I;16"])
def test_should_load_any_colour_mode_as_rgb(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "a.tif"
    Image.new(mode, (64, 48)).save(path)
    assert load_photo(path, SETTINGS).shape == (48, 64, 3)


def test_should_turn_a_photo_upright_by_its_tag(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # rotate 90 degrees clockwise to show
    assert load_photo(photo(tmp_path / "a.jpg", exif=exif), SETTINGS).shape == (64, 48, 3)


def test_should_reduce_a_large_photo(tmp_path: Path) -> None:
    assert load_photo(photo(tmp_path / "a.jpg", (4000, 1000)), SETTINGS).shape == (480, 1920, 3)


def test_should_load_a_photo_from_memory(tmp_path: Path) -> None:
    assert load_photo(BytesIO(photo(tmp_path / "a.png").read_bytes()), SETTINGS).shape == (48, 64, 3)


def test_should_say_what_is_wrong_with_a_photo(tmp_path: Path) -> None:
    text = tmp_path / "text.jpg"
    text.write_text("no photo")
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(photo(tmp_path / "whole.jpg", (640, 480)).read_bytes()[:900])
    empty = tmp_path / "empty.png"
    empty.touch()
    bomb = photo(tmp_path / "bomb.png", (9000, 8000))
    cases = {
        text: "file_no_photo",
        cut: "file_damaged",
        empty: "file_no_photo",
        bomb: "file_too_large",
        tmp_path / "none.jpg": "file_missing",
        tmp_path: "file_is_folder",
    }
    for path, key in cases.items():
        with pytest.raises(FileError) as caught:
            load_photo(path, SETTINGS)
        assert caught.value.key == key, path


def test_should_read_a_clip_with_its_own_time(tmp_path: Path) -> None:
    frames = list(read_clip(clip(tmp_path / "a.mp4"), SETTINGS))
    assert [round(frame.t, 3) for frame in frames] == [round(index / 25, 3) for index in range(10)]
    assert frames[0].size == (64, 48)


def test_should_give_the_frames_up_to_where_a_clip_breaks_off(tmp_path: Path) -> None:
    whole = clip(tmp_path / "a.avi", frames=60).read_bytes()
    cut = tmp_path / "cut.avi"
    cut.write_bytes(whole[: len(whole) * 2 // 3])
    assert 0 < len(list(read_clip(cut, SETTINGS))) < 60


@pytest.mark.parametrize(("content", "key"), [(None, "file_missing"), (b"", "file_no_clip"), (b"text", "file_no_clip")])
def test_should_say_what_is_wrong_with_a_clip(tmp_path: Path, content: bytes | None, key: str) -> None:
    path = tmp_path / "a.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(FileError) as caught:
        list(read_clip(path, SETTINGS))
    assert caught.value.key == key
