"""The app's models out of the trained networks. Needs torch and onnx, which the app does without."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs torch: pip install -r training/requirements.txt")
pytest.importorskip("onnx", reason="needs onnx: pip install -r training/requirements.txt")

from core.vision.occlusion import one_thread_session  # noqa: E402
from training.networks.export import export  # noqa: E402
from training.networks.nets import EyeNet, MaskNet  # noqa: E402
from training.networks.quantize import quantize  # noqa: E402


@pytest.mark.parametrize(("design", "side"), [(MaskNet, 160), (EyeNet, 64)])
def test_should_answer_nearly_as_before_from_half_the_bytes(design: type, side: int, tmp_path: Path) -> None:
    torch.manual_seed(3)
    net, full, small = design(), tmp_path / "full.onnx", tmp_path / "small.onnx"
    pictures = np.random.default_rng(3).integers(0, 255, (16, side, side, 3), dtype=np.uint8)
    net.train()(torch.from_numpy(pictures))  # gives the norms figures of their own
    export(net, torch.nn.Identity(), side, full)
    quantize(full, small, pictures)

    before, after = (one_thread_session(path).run(None, {"rgb": pictures})[0] for path in (full, small))
    assert small.stat().st_size < 0.6 * full.stat().st_size
    assert 0.0 < np.abs(after - before).mean() < 0.05 * before.std()
