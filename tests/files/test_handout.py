import io
import json
import zipfile
from datetime import datetime, timezone

import numpy as np
from PIL import Image

from core.files.handout import archive, develop, model_versions
from core.regions import Region
from tests.fakes import selfie

NOW = datetime(2026, 3, 1, 12, 30, 15, tzinfo=timezone.utc)
MODELS = {"eyes": {"version": "1", "sha256": "ab"}}


def opened(data: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(data)))


def test_should_hand_out_the_very_pixels_as_png() -> None:
    taken = selfie()

    assert (opened(develop(taken, NOW, MODELS, 95).png) == taken.rgb).all()


def test_should_hand_out_an_unmirrored_jpeg_of_the_same_size() -> None:
    taken = selfie()
    jpeg = opened(develop(taken, NOW, MODELS, 95).jpeg).astype(int)

    assert jpeg.shape == taken.rgb.shape
    assert np.abs(jpeg - taken.rgb).mean() < 4


def test_should_report_what_is_known() -> None:
    report = json.loads(develop(selfie(strict=True), NOW, MODELS, 95).report)

    assert report["taken_at"] == "2026-03-01T12:30:15+00:00"
    assert report["size"] == {"width": 64, "height": 48}
    assert report["seconds"] == 5.5
    assert report["mode"] == "strict"
    assert report["blinks"] == [{"t": 2.0, "seconds": 0.2}]
    assert report["continuity"] == {"similarity": 0.91}
    assert report["models"] == MODELS
    assert list(report["regions"]) == [region.value for region in Region]
    assert report["regions"]["left_eye"] == {"state": "open", "covered": 0.02}


def test_should_name_models_with_a_hash_only() -> None:
    manifest = {"eyes": {"file": "eyes.onnx", "sha256": "ab", "figures": {}}, "note": "text", "other": {"x": 1}}

    assert model_versions(manifest) == {"eyes": {"file": "eyes.onnx", "sha256": "ab"}}


def test_should_pack_all_photos_even_of_the_same_second() -> None:
    photo = develop(selfie(), NOW, MODELS, 95)

    with zipfile.ZipFile(io.BytesIO(archive([photo, photo]))) as packed:
        names = packed.namelist()
        assert packed.testzip() is None

    assert len(names) == len(set(names)) == 6
    assert {name.rsplit(".")[-1] for name in names} == {"png", "jpg", "json"}
