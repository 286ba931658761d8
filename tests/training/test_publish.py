"""The command that makes the app's models. Needs torch and onnx, which the app does without."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs torch: pip install -r training/requirements.txt")
pytest.importorskip("onnx", reason="needs onnx: pip install -r training/requirements.txt")

from training.publish import main


def test_should_say_so_when_nobody_knows_how_the_networks_were_trained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--data", str(tmp_path), "--out", str(tmp_path)]) == 2

    said = capsys.readouterr().err
    assert "Nothing was written" in said and "manifest.toml" in said
    assert not list(tmp_path.iterdir())
