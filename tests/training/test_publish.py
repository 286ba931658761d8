"""The command that makes the app's models. Needs torch and onnx, which the app does without."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from core.vision import assets

pytest.importorskip("torch", reason="needs torch: pip install -r training/requirements.txt")
pytest.importorskip("onnx", reason="needs onnx: pip install -r training/requirements.txt")

from training.faces.datasets import EyeCrops
from training.faces.synthetic import astronaut_samples
from training.networks import manifest
from training.publish import WEIGHTS, main, publish


def test_should_say_so_when_nobody_knows_how_the_networks_were_trained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path), "--out", str(tmp_path)]) == 2

    said = capsys.readouterr().err
    assert "Nothing was written" in said and "manifest.toml" in said
    assert not list(tmp_path.iterdir())


def test_should_keep_a_model_byte_for_byte_with_its_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    samples = astronaut_samples(12)
    monkeypatch.setattr("training.publish.astronaut_samples", lambda: samples)
    models = Path(__file__).parents[2] / "models"
    for name in (manifest.OCCLUSION, manifest.EYES, manifest.MANIFEST):
        shutil.copyfile(models / name, tmp_path / name)
    before = assets.manifest(models)
    clips = EyeCrops(samples.eyes[:, 0], np.zeros(len(samples), np.int64), samples.source)

    publish(WEIGHTS, tmp_path, samples, samples, clips, {"occlusion": "anew", "eyes": "as it was"}, keep="eyes")

    after = assets.manifest(tmp_path)
    assert (tmp_path / manifest.EYES).read_bytes() == (models / manifest.EYES).read_bytes()
    assert (after["eyes"]["sha256"], after["eyes"]["date"]) == (before["eyes"]["sha256"], before["eyes"]["date"])
    assert after["occlusion"]["sha256"] != before["occlusion"]["sha256"]
    assert after["eyes"]["thresholds"]["closed"] == before["eyes"]["thresholds"]["closed"]
    assert after["occlusion"]["training"] == "anew"
    assert list(after) == list(before)
