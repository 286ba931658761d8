"""Networks to ONNX files."""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import nn

from training.networks.manifest import EYES, OCCLUSION
from training.networks.nets import EyeNet, MaskNet, PresentationNet, Served


def export(net: nn.Module, last: nn.Module, side: int, path: Path) -> None:
    """One network with uint8 (N, side, side, 3) input `rgb`; N is free."""
    _write(net, last, torch.randint(0, 255, (2, side, side, 3), dtype=torch.uint8), "rgb", path)


def _write(net: nn.Module, last: nn.Module, example: torch.Tensor, name: str, path: Path) -> None:
    served = Served(net, last).cpu().eval().to(memory_format=torch.contiguous_format)
    torch.onnx.export(
        served,
        (example,),
        str(path),
        input_names=[name],
        output_names=["out"],
        dynamic_axes={name: {0: "n"}, "out": {0: "n"}},
        opset_version=17,
        dynamo=False,
    )


def export_views(net: PresentationNet, side: int, path: Path) -> None:
    """The network for screens and prints, with uint8 (N, 3, side, side, 3) input `views`; N is free."""
    path.parent.mkdir(parents=True, exist_ok=True)
    _write(net, nn.Softmax(dim=2), torch.randint(0, 255, (2, 3, side, side, 3), dtype=torch.uint8), "views", path)


def export_both(mask: MaskNet, eyes: EyeNet, folder: Path, face_px: int, eye_px: int) -> None:
    """Both models into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    export(mask, nn.Sigmoid(), face_px, folder / OCCLUSION)
    export(eyes, nn.Softmax(dim=1), eye_px, folder / EYES)


def mix(old: Path, new: Path, share: float) -> None:
    """Put the weights of `new` back towards those of `old`, which it was trained from: `share` of the way is new's.

    What was learned lately stays, and less of what was known before is lost (Wortsman et al., "Robust fine-tuning of
    zero-shot models", 2022). Both files must come from `export`, of one design.
    """
    before, after = onnx.load(str(old)), onnx.load(str(new))
    for was, now in zip(before.graph.initializer, after.graph.initializer, strict=True):
        value = (1 - share) * numpy_helper.to_array(was) + share * numpy_helper.to_array(now)
        now.CopyFrom(numpy_helper.from_array(value.astype("float32"), now.name))
    onnx.save(after, str(new))
