import io
import json
import zipfile
from dataclasses import replace
from datetime import datetime, timezone

import numpy as np
from PIL import Image

from core.files.handout import archive, develop, model_versions
from core.regions import Region
from core.vision.components import Component, Measured
from tests.fakes import COMPONENTS, selfie

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


def test_should_report_the_quality_by_the_standards_names_raw_and_mapped() -> None:
    components = {Component.HEAD_POSE_YAW: Measured(-12.34567, 95), Component.SHARPNESS: Measured(41.25)}
    taken = replace(selfie(), components={**COMPONENTS, **components}, small_face=True)
    report = json.loads(develop(taken, NOW, MODELS, 95).report)

    assert report["quality"]["head_pose_yaw"] == {"raw": -12.3457, "score": 95}
    assert report["quality"]["sharpness"] == {"raw": 41.25, "score": None}
    assert report["scores"] == {"sharpness": 41.2, "inter_eye_px": 90.0}
    assert report["small_face"] is True


def test_should_report_which_picture_it_is_and_what_was_refused() -> None:
    frame = develop(replace(selfie(), refused_why="other_room", refused_px=(1920, 1080)), NOW, MODELS, 95)
    still = develop(replace(selfie(), still=True, frame_px=(32, 24)), NOW, MODELS, 95)

    assert json.loads(frame.report)["picture"] == {
        "from": "stream",
        "stream": {"width": 64, "height": 48},
        "still_refused": "other_room",
        "still_refused_size": {"width": 1920, "height": 1080},
    }
    assert json.loads(still.report)["picture"] == {
        "from": "still",
        "stream": {"width": 32, "height": 24},
        "still_refused": None,
        "still_refused_size": None,
    }


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
