"""Networks to ONNX files."""

from __future__ import annotations

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import nn

from training.manifest import EYES, OCCLUSION
from training.nets import EyeNet, MaskNet, Served


def export(net: nn.Module, last: nn.Module, side: int, path: Path) -> None:
    """One network with uint8 (N, side, side, 3) input `rgb`; N is free."""
    served = Served(net, last).cpu().eval().to(memory_format=torch.contiguous_format)
    example = torch.randint(0, 255, (2, side, side, 3), dtype=torch.uint8)
    torch.onnx.export(
        served,
        (example,),
        str(path),
        input_names=["rgb"],
        output_names=["out"],
        dynamic_axes={"rgb": {0: "n"}, "out": {0: "n"}},
        opset_version=17,
        dynamo=False,
    )


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
