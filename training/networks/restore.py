"""An exported model back into a network, so that training goes on from it instead of beginning anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor, nn

_BATCH = 48


def restore(net: nn.Module, path: Path, pictures: Tensor) -> None:
    """Load what `training.networks.export` wrote to `path` into `net`, a new network of the same design.

    Export folds batch norm into the convolutions. Here each norm gets the mean and spread that its convolution has on
    `pictures` (N, H, W, 3) uint8 and undoes them, so that the network answers as before and can be trained as before.
    Raises ValueError when the file holds another design.
    """
    graph = onnx.load(str(path)).graph
    values = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    named = {name.removeprefix("net."): value for name, value in values.items() if name.startswith("net.")}
    folded = [node.input for node in graph.node if node.op_type == "Conv" and not node.input[1].startswith("net.")]
    pairs = list(_in_order(net, pictures[:1]))
    if len(pairs) != len(folded):
        raise ValueError(f"{path.name} has {len(folded)} convolutions where the network has {len(pairs)}")
    with torch.no_grad():
        for (conv, norm), (_, weight, bias) in zip(pairs, folded, strict=True):
            _copy(conv.weight, values[weight])
            norm.running_mean.zero_()
            norm.running_var.fill_(1.0 - norm.eps)
            norm.weight.fill_(1.0)
            _copy(norm.bias, values[bias])
        for name, parameter in net.named_parameters():
            if name in named:
                _copy(parameter, named[name])
        for conv, norm in pairs:
            mean, spread = _measured(net, conv, pictures)
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(spread)
            norm.weight.copy_(torch.sqrt(spread + norm.eps))
            norm.bias.add_(mean)


def _in_order(net: nn.Module, picture: Tensor) -> Iterator[tuple[nn.Conv2d, nn.BatchNorm2d]]:
    """Each convolution that a batch norm follows, with it, in the order in which they work."""
    norms = {}
    for block in net.modules():
        if isinstance(block, nn.Sequential) and len(block) > 1 and isinstance(block[1], nn.BatchNorm2d):
            norms[block[0]] = block[1]
    order: list[nn.Module] = []
    hooks = [conv.register_forward_hook(lambda module, *_: order.append(module)) for conv in norms]
    with torch.no_grad():
        net.eval()(picture)
    for hook in hooks:
        hook.remove()
    return ((conv, norms[conv]) for conv in order)


def _measured(net: nn.Module, conv: nn.Module, pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and variance of each channel that a convolution gives."""
    seen: list[Tensor] = []
    hook = conv.register_forward_hook(lambda module, inputs, output: seen.append(output.flatten(2)))
    net.eval()(pictures[:_BATCH])
    hook.remove()
    found = seen[0].transpose(0, 1).flatten(1)
    return found.mean(dim=1), found.var(dim=1)


def _copy(parameter: Tensor, value: NDArray) -> None:
    if tuple(parameter.shape) != value.shape:
        raise ValueError(
            f"the file holds a weight of shape {value.shape} where the network has {tuple(parameter.shape)}"
        )
    parameter.copy_(torch.from_numpy(value.copy()))
