import errno
import os
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest

from core.files.clip import clip_seconds, read_clip, thinned
from core.files.error import FileError
from core.settings import FileSettings
from core.vision.reading import Frame

SETTINGS = FileSettings()


def clip(path: Path, frames: int = 10, rate: int = 25) -> Path:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=rate)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for shade in range(frames):
            picture = av.VideoFrame.from_ndarray(np.full((48, 64, 3), shade * 20 % 256, np.uint8), format="rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


def test_should_read_a_clip_with_its_own_time(tmp_path: Path) -> None:
    frames = list(read_clip(clip(tmp_path / "a.mp4"), SETTINGS))
    assert [round(frame.t, 3) for frame in frames] == [round(index / 25, 3) for index in range(10)]
    assert frames[0].size == (64, 48)


@pytest.mark.parametrize(
    ("rate", "fps", "kept"), [(30, 15, 15), (30, 12, 12), (25, 12, 12), (25, 60, 25), (30, 24, 24)]
)
def test_should_thin_a_clip_to_a_slow_cameras_rate(rate: int, fps: float, kept: int) -> None:
    film = [Frame(np.zeros((2, 2, 3), np.uint8), round(index / rate, 3)) for index in range(rate)]
    times = [frame.t for frame in thinned(film, fps)]
    assert len(times) == kept
    assert max(np.diff(times)) <= 1 / fps + 1 / rate


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


def test_should_say_that_a_clip_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr("core.files.clip.av.open", closed)
    with pytest.raises(FileError) as caught:
        list(read_clip(tmp_path / "a.mp4", SETTINGS))
    assert (caught.value.key, caught.value.values) == ("file_unopened", {"why": "Permission denied"})


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
