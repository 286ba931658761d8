import subprocess
import sys
from base64 import b64decode
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skimage.data
from PIL import Image

from core.files.error import FileError
from core.files.photo import glance_at_photo, load_photo
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
GRAY = skimage.data.astronaut()[:200:2, 150:300:2].mean(axis=2) / 255
GRAY /= GRAY.max()


def photo(path: Path, size: tuple[int, int] = (64, 48), **options: Any) -> Path:
    ramp = np.linspace(0, 255, size[0], dtype=np.uint8)
    Image.fromarray(np.broadcast_to(ramp[None, :, None], (size[1], size[0], 3)).copy()).save(path, **options)
    return path


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.avif", "a.jp2", "a.j2k"])
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


@pytest.mark.parametrize(
    ("name", "stored"),
    [
        ("16 bit.png", (GRAY * 65535).round().astype(np.uint16)),
        ("16 bit.tif", (GRAY * 65535).round().astype(np.uint16)),
        ("8 of 16 bit.png", (GRAY * 255).round().astype(np.uint16)),
        ("32 bit.tif", (GRAY * 65535).round().astype(np.int32)),
        ("float.tif", GRAY.astype(np.float32)),
        ("float to 255.tif", (GRAY * 255).astype(np.float32)),
        ("float to 65535.tif", (GRAY * 65535).astype(np.float32)),
        ("float to 1000000.tif", (GRAY * 1e6).astype(np.float32)),
    ],
)
def test_greys_of_more_than_8_bits_should_be_scaled(tmp_path: Path, name: str, stored: np.ndarray) -> None:
    Image.fromarray(stored).save(tmp_path / name)
    rgb = load_photo(tmp_path / name, SETTINGS)
    assert (rgb.shape, rgb.dtype) == ((*GRAY.shape, 3), np.uint8)
    assert np.abs(rgb - GRAY[..., None] * 255).max() <= 1


def test_a_grey_that_is_no_number_should_be_black(tmp_path: Path) -> None:
    stored = GRAY.astype(np.float32)
    stored[3, 4], stored[5, 6] = np.nan, np.inf
    Image.fromarray(stored).save(tmp_path / "a.tif")
    rgb = load_photo(tmp_path / "a.tif", SETTINGS)
    assert rgb[3, 4].max() == rgb[5, 6].max() == 0
    assert np.abs(rgb[20:] - GRAY[20:, :, None] * 255).max() <= 1


@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp", "a.avif"])
@pytest.mark.parametrize(
    ("orientation", "turns", "mirrored"), [(1, 0, False), (3, 2, False), (5, 3, True), (6, 3, False)]
)
def test_should_turn_a_photo_upright_by_its_tag(
    tmp_path: Path, name: str, orientation: int, turns: int, mirrored: bool
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = np.repeat((GRAY * 255).astype(np.uint8)[..., None], 3, axis=2)
    Image.fromarray(stored).save(tmp_path / name, exif=exif)
    shown = np.rot90(stored, turns)
    if mirrored:
        shown = shown[:, ::-1]
    rgb = load_photo(tmp_path / name, SETTINGS)
    assert rgb.shape == shown.shape
    assert np.abs(rgb.astype(int) - shown).mean() < 6


def test_should_reduce_a_large_photo(tmp_path: Path) -> None:
    assert load_photo(photo(tmp_path / "a.jpg", (4000, 1000)), SETTINGS).shape == (480, 1920, 3)


def test_should_reduce_a_strip_to_no_less_than_a_pixel(tmp_path: Path) -> None:
    assert load_photo(photo(tmp_path / "a.png", (1, 5000)), SETTINGS).shape[1] == 1


@pytest.mark.parametrize(
    ("size", "glance"),
    [((4000, 3000), (1000, 750)), ((3000, 4000), (750, 1000)), ((2400, 1000), (1200, 500)), ((6000, 900), (750, 113))],
)
def test_a_glance_at_a_large_jpeg_should_show_a_fraction_of_it(
    tmp_path: Path, size: tuple[int, int], glance: tuple[int, int]
) -> None:
    path = photo(tmp_path / "a.jpg", size)
    rgb = glance_at_photo(path, SETTINGS)
    assert rgb is not None
    assert (rgb.shape[1], rgb.shape[0]) == glance
    whole = load_photo(BytesIO(path.read_bytes()), SETTINGS)
    assert abs(float(rgb[:, : glance[0] // 2].mean()) - float(whole[:, : whole.shape[1] // 2].mean())) < 1


def test_a_glance_should_be_upright_by_the_tag(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    rgb = glance_at_photo(photo(tmp_path / "a.jpg", (4000, 3000), exif=exif), SETTINGS)
    assert rgb is not None
    assert rgb.shape == (1000, 750, 3)


def test_there_should_be_no_glance_at_small_photos_and_other_formats(tmp_path: Path) -> None:
    assert glance_at_photo(photo(tmp_path / "a.jpg", (1920, 1080)), SETTINGS) is None
    assert glance_at_photo(photo(tmp_path / "a.png", (4000, 1000)), SETTINGS) is None


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


def test_should_warn_of_no_picture_that_it_refuses_in_a_sentence(tmp_path: Path) -> None:
    # In a process of its own, for pytest has its own way with warnings.
    Image.new("1", (10_000, 10_000)).save(tmp_path / "large.png")
    judge = (
        "import sys\nfrom pathlib import Path\nfrom core.files.error import FileError\n"
        "from core.files.photo import load_photo\nfrom core.settings import FileSettings\n"
        "try:\n    load_photo(Path(sys.argv[1]), FileSettings())\nexcept FileError as error:\n    print(error.key)\n"
    )
    command = [sys.executable, "-c", judge, str(tmp_path / "large.png")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("file_too_large\n", "")
