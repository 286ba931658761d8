"""From a network's own weights to the file that the app loads: the wide convolutions in eight bits.

They are more than half of the work and take a third of the time so, on a processor that has instructions for it (ONNX
Runtime's own profile). The rest stays in floating point: in eight bits it was slower there. Weights take seven of the
eight bits, because older processors add up pairs of products in sixteen.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

_KINDS = ["Conv", "Add", "Relu"]
_WIDE = re.compile(r"/encoder/(quarter|eighth|sixteenth)/")


class _Pictures(CalibrationDataReader):
    def __init__(self, name: str, pictures: NDArray[np.uint8]) -> None:
        self._feeds: Iterator[dict[str, Any]] = ({name: picture[None]} for picture in pictures)

    def get_next(self) -> dict[str, Any] | None:
        return next(self._feeds, None)


def quantize(source: Path, out: Path, pictures: NDArray[np.uint8]) -> None:
    """Write `source`, as `training.networks.export` made it, to `out`.

    pictures (N, S, S, 3) uint8: what it will see; the range of each layer is taken from them.
    """
    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / source.name
        quant_pre_process(str(source), str(ready), skip_symbolic_shape=True)
        graph = onnx.load(str(ready)).graph
        quantize_static(
            str(ready),
            str(out),
            _Pictures(graph.input[0].name, pictures),
            per_channel=True,
            reduce_range=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=_KINDS,
            nodes_to_quantize=[n.name for n in graph.node if n.op_type in _KINDS and _WIDE.search(n.name)],
        )
