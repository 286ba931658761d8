from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
import skimage.data
from av.video.reformatter import ColorTrc
from PIL import Image, ImageCms

from core.files.clip import read_clip
from core.files.color import standard_photo_rgb
from core.files.photo import load_photo
from core.settings import FileSettings
from tests.clips import write_wide

ASTRONAUT = cv2.resize(skimage.data.astronaut()[:384], (256, 192), interpolation=cv2.INTER_AREA)
FACE = np.s_[36:84, 96:128]

# What a profile holds that makes it one: red, green and blue light in XYZ (D50), and the curve to light.
DISPLAY_P3 = np.array([[0.5151, 0.2412, -0.0011], [0.2919, 0.6922, 0.0419], [0.1572, 0.0666, 0.7841]])
SRGB_TO_P3 = np.array([[0.8225, 0.1774, 0.0], [0.0332, 0.9669, 0.0], [0.0171, 0.0724, 0.9108]])


def mean_color(rgb: np.ndarray) -> np.ndarray:
    return rgb[FACE].reshape(-1, 3).mean(axis=0)


def profile(colorants: np.ndarray, gamma: float) -> bytes:
    """An ICC profile (version 2) of three colorants and one gamma."""

    def fixed(value: float) -> bytes:
        return round(value * 65536).to_bytes(4, "big", signed=True)

    def xyz(values: np.ndarray) -> bytes:
        return b"XYZ \0\0\0\0" + b"".join(fixed(float(value)) for value in values)

    curve = b"curv\0\0\0\0\0\0\0\x01" + round(gamma * 256).to_bytes(2, "big") + b"\0\0"
    name = b"Wide\0"
    text = b"desc\0\0\0\0" + len(name).to_bytes(4, "big") + name + bytes(78)
    tags = {
        b"desc": text + bytes(-len(text) % 4),
        b"cprt": b"text\0\0\0\0none",
        b"wtpt": xyz(np.array([0.9642, 1.0, 0.8249])),
    }
    tags |= {key: xyz(row) for key, row in zip((b"rXYZ", b"gXYZ", b"bXYZ"), colorants, strict=True)}
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    table, data = len(tags).to_bytes(4, "big"), b""
    for key, value in tags.items():
        table += key + (128 + 4 + 12 * len(tags) + len(data)).to_bytes(4, "big") + len(value).to_bytes(4, "big")
        data += value
    head = b"\0\0\0\0\x02\x10\0\0mntrRGB XYZ " + bytes(12) + b"acsp" + bytes(28)
    head += fixed(0.9642) + fixed(1.0) + fixed(0.8249)
    whole = head.ljust(128, b"\0") + table + data
    return len(whole).to_bytes(4, "big") + whole[4:]


@pytest.mark.parametrize("transfer", [ColorTrc.ARIB_STD_B67, ColorTrc.SMPTE2084])
def test_a_face_in_a_clip_of_high_range_should_keep_its_colour(tmp_path: Path, transfer: ColorTrc) -> None:
    frame = next(read_clip(write_wide(ASTRONAUT, tmp_path / "a.mp4", transfer), FileSettings()))
    assert mean_color(frame.rgb) == pytest.approx(mean_color(ASTRONAUT), rel=0.05)


@pytest.mark.parametrize("transfer", [ColorTrc.ARIB_STD_B67, ColorTrc.SMPTE2084])
def test_white_should_stay_bright_and_neutral(tmp_path: Path, transfer: ColorTrc) -> None:
    white = np.full((64, 64, 3), 255, np.uint8)
    frame = next(read_clip(write_wide(white, tmp_path / "a.mp4", transfer), FileSettings()))
    middle = frame.rgb[32, 32].astype(int)
    assert middle.min() > 238
    assert np.ptp(middle) < 4


@pytest.mark.parametrize("ending", ["png", "jpg"])
def test_a_photo_with_a_wide_profile_should_be_shown_in_srgb(tmp_path: Path, ending: str) -> None:
    wide = ((ASTRONAUT / 255.0) ** 2.2 @ SRGB_TO_P3.T).clip(0, 1) ** (1 / 2.2)
    stored = (wide * 255).round().astype(np.uint8)
    assert np.abs(mean_color(stored) - mean_color(ASTRONAUT)).max() > 4
    Image.fromarray(stored).save(tmp_path / f"a.{ending}", icc_profile=profile(DISPLAY_P3, 2.2), quality=95)
    assert mean_color(load_photo(tmp_path / f"a.{ending}", FileSettings())) == pytest.approx(
        mean_color(ASTRONAUT), rel=0.03
    )


def test_a_profile_that_changes_nothing_or_is_broken_should_be_passed_over() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for given in (None, srgb, b"no profile", profile(DISPLAY_P3, 2.2)[:150]):
        assert standard_photo_rgb(ASTRONAUT, given) is ASTRONAUT


def test_a_profile_of_other_inks_should_be_passed_over() -> None:
    target = BytesIO()
    Image.fromarray(ASTRONAUT).convert("L").save(
        target, "PNG", icc_profile=profile(DISPLAY_P3, 2.2).replace(b"RGB ", b"GRAY")
    )
    assert load_photo(target, FileSettings()).shape == ASTRONAUT.shape
