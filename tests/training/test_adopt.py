"""A trained network made into weights. Needs torch and onnx, which the app does without."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pytest

torch = pytest.importorskip("torch", reason="needs torch: pip install -r training/requirements.txt")
pytest.importorskip("onnx", reason="needs onnx: pip install -r training/requirements.txt")

from training.adopt import main  # noqa: E402
from training.networks.manifest import OCCLUSION  # noqa: E402
from training.networks.nets import MaskNet, RegionNet  # noqa: E402


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    torch.manual_seed(1)
    torch.save({"regions": RegionNet().state_dict(), "mask": MaskNet().state_dict()}, tmp_path / "masks.pt")
    return tmp_path


def answer(weights: Path) -> np.ndarray:
    rgb = np.random.default_rng(5).integers(0, 255, (2, 160, 160, 3), dtype=np.uint8)
    return np.asarray(onnxruntime.InferenceSession(str(weights / OCCLUSION)).run(None, {"rgb": rgb})[0])


def test_should_write_the_mask_of_a_network_with_outputs_beside_it(trained: Path) -> None:
    assert main([str(trained), "occlusion", "regions", "--weights", str(trained / "weights")]) == 0

    net = RegionNet().eval()
    net.load_state_dict(torch.load(trained / "masks.pt")["regions"])
    rgb = np.random.default_rng(5).integers(0, 255, (2, 160, 160, 3), dtype=np.uint8)
    with torch.no_grad():
        assert np.allclose(answer(trained / "weights"), torch.sigmoid(net(torch.from_numpy(rgb))), atol=1e-4)


def test_should_go_only_a_share_of_the_way(trained: Path) -> None:
    weights = trained / "weights"
    main([str(trained), "occlusion", "regions", "--weights", str(weights)])
    regions = answer(weights)
    main([str(trained), "occlusion", "mask", "--weights", str(weights), "--share", "0"])
    assert np.allclose(answer(weights), regions, atol=1e-5)
    main([str(trained), "occlusion", "mask", "--weights", str(weights), "--share", "0.5"])
    half = answer(weights)
    main([str(trained), "occlusion", "mask", "--weights", str(weights)])
    assert not np.allclose(half, regions, atol=1e-3) and not np.allclose(half, answer(weights), atol=1e-3)


def test_should_name_the_networks_that_there_are(trained: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(trained), "occlusion", "onward", "--weights", str(trained / "weights")]) == 2
    assert "regions, mask" in capsys.readouterr().err
    assert not (trained / "weights").exists()
