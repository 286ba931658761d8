"""Networks out of their exported files. Needs torch and onnx, which the app does without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

torch = pytest.importorskip("torch", reason="needs torch: pip install -r training/requirements.txt")
pytest.importorskip("onnx", reason="needs onnx: pip install -r training/requirements.txt")

from training.networks.export import export, mix  # noqa: E402
from training.networks.nets import EyeNet, MaskNet  # noqa: E402
from training.networks.restore import restore  # noqa: E402


def pictures(side: int) -> Any:
    torch.manual_seed(3)
    return torch.randint(0, 255, (24, side, side, 3), dtype=torch.uint8)


@pytest.mark.parametrize(("design", "side"), [(MaskNet, 160), (EyeNet, 64)])
def test_should_answer_as_before_and_nearly_so_while_training(design: type, side: int, tmp_path: Path) -> None:
    rgb = pictures(side)
    old, new = design(), design()
    old.train()(rgb)  # gives the norms figures of their own
    export(old, torch.nn.Sigmoid(), side, tmp_path / "net.onnx")
    restore(new, tmp_path / "net.onnx", rgb)

    with torch.no_grad():
        expected = old.eval()(rgb)
        assert torch.allclose(new.eval()(rgb), expected, atol=1e-4)
        for dropout in (m for m in new.modules() if isinstance(m, torch.nn.Dropout)):
            dropout.p = 0.0
        assert torch.allclose(new.train()(rgb), expected, atol=0.1 * float(expected.std()) + 1e-3)


def test_should_mix_two_networks_of_one_origin(tmp_path: Path) -> None:
    rgb, net = pictures(64), EyeNet()
    net.train()(rgb)
    files = tmp_path / "old.onnx", tmp_path / "new.onnx"
    answers = []
    for file, bias in zip(files, (0.0, 4.0), strict=True):
        net.head[3].bias.data.fill_(0.0)[0] = bias
        export(net, torch.nn.Identity(), 64, file)
        answers.append(net.eval()(rgb).detach())
    mix(*files, 0.25)

    mixed = EyeNet()
    restore(mixed, files[1], rgb)
    assert torch.allclose(mixed.eval()(rgb), 0.75 * answers[0] + 0.25 * answers[1], atol=1e-4)


def test_should_refuse_another_design(tmp_path: Path) -> None:
    export(EyeNet(), torch.nn.Softmax(dim=1), 64, tmp_path / "net.onnx")
    with pytest.raises(ValueError, match="convolutions"):
        restore(MaskNet(), tmp_path / "net.onnx", pictures(160))
