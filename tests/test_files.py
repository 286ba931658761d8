from base64 import b64decode
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from core.files import FileError, clip_seconds, load_photo, read_clip
from core.settings import FileSettings

SETTINGS = FileSettings()

# 64 x 48, red above blue. Nothing that may be installed here writes HEIC.
HEIC = b64decode(
    "AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAX1tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA"
    "ACJpbG9jAAAAAERAAAEAAQAAAAABoQABAAAAAAAAAC0AAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRt"
    "AAAAAAABAAAA/WlwcnAAAADdaXBjbwAAAHZodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAAAAMA"
    "AAMAHroCQGEAAQAqQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbq5Ka5uAhoMCAAAAMDIAAAAwAhYgABAAZEAcFzwIkAAAATY29scm5j"
    "bHgAAQANAAaAAAAAFGlzcGUAAAAAAAAAQAAAAEAAAAAoY2xhcAAAAEAAAAABAAAAMAAAAAEAAAAAAAAAAv////AAAAACAAAAEHBp"
    "eGkAAAAAAwgICAAAABhpcG1hAAAAAAAAAAEAAQWBAgMFhAAAADVtZGF0AAAAKSgBrwngIzUt/+tf//jc8h41mR07u/Uo/719u8i2"
    "/95dtffpJ1VUHnAg"
)


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


def test_should_load_a_photo_from_an_iphone() -> None:
    rgb = load_photo(BytesIO(HEIC), SETTINGS).astype(int)
    assert rgb.shape == (48, 64, 3)
    assert abs(rgb[4, 32] - (200, 40, 40)).max() < 12
    assert abs(rgb[-4, 32] - (40, 40, 200)).max() < 12


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


def test_should_reduce_a_strip_to_no_less_than_a_pixel(tmp_path: Path) -> None:
    assert load_photo(photo(tmp_path / "a.png", (1, 5000)), SETTINGS).shape[1] == 1


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
    program = tmp_path / "program.jpg"
    program.write_text("%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n%%EndComments\nshowpage\n")
    cases = {
        text: "file_no_photo",
        program: "file_no_photo",  # Pillow would have Ghostscript run it
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


def test_should_read_a_clip_whose_title_is_in_an_old_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.avi"
    with av.open(str(path), "w") as container:
        container.metadata["title"] = "Caffe"
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        container.mux(stream.encode(av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")))
        container.mux(stream.encode())
    data = path.read_bytes()
    assert b"Caffe" in data
    old = BytesIO(data.replace(b"Caffe", "Caff\xe9".encode("latin-1")))
    assert clip_seconds(old) is not None
    old.seek(0)
    assert len(list(read_clip(old, SETTINGS))) == 1


def test_should_say_that_a_clip_of_an_unknown_codec_has_no_picture(tmp_path: Path) -> None:
    data = clip(tmp_path / "a.mp4").read_bytes()
    assert b"mp4v" in data
    with pytest.raises(FileError) as caught:
        next(read_clip(BytesIO(data.replace(b"mp4v", b"zzzz").replace(b"esds", b"free")), SETTINGS))
    assert caught.value.key == "file_no_picture"


def test_should_refuse_a_clip_with_too_large_pictures(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        next(read_clip(clip(tmp_path / "a.mp4"), replace(SETTINGS, max_clip_megapixels=0.003)))
    assert caught.value.key == "file_too_large"


def test_should_refuse_a_clip_that_says_it_is_too_long_before_decoding(tmp_path: Path) -> None:
    path = clip(tmp_path / "a.mp4", frames=30, rate=10)
    with pytest.raises(FileError) as caught:
        next(read_clip(path, replace(SETTINGS, max_clip_s=1.5)))
    assert (caught.value.key, caught.value.values) == ("file_too_long", {"seconds": "2"})


def test_should_stop_where_a_clip_turns_out_too_long(tmp_path: Path) -> None:
    source = tmp_path / "a.mjpeg"  # a format that does not say how long it is
    with av.open(str(source), "w", format="mjpeg") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        for _ in range(100):
            picture = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), np.uint8), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    assert len(list(read_clip(source, SETTINGS))) == 100
    frames = read_clip(source, replace(SETTINGS, max_clip_s=1.0))
    with pytest.raises(FileError) as caught:
        for count, _ in enumerate(frames, 1):
            assert count < 60
    assert caught.value.key == "file_too_long"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\ntarget.ts\n#EXT-X-ENDLIST\n"),
        ("a.mp4", "ffconcat version 1.0\nfile target.ts\n"),
    ],
)
def test_should_not_follow_a_playlist_to_other_files(tmp_path: Path, name: str, content: str) -> None:
    clip(tmp_path / "target.ts")
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(FileError) as caught:
        next(read_clip(path, SETTINGS))
    assert caught.value.key == "file_no_clip"


def test_should_tell_how_long_a_clip_says_it_is(tmp_path: Path) -> None:
    assert clip_seconds(clip(tmp_path / "a.mp4", frames=50, rate=25)) == pytest.approx(2.0, abs=0.1)
    assert clip_seconds(BytesIO(b"text")) is None
