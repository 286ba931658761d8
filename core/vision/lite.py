"""The networks inside FaceLandmarker's file, run by LiteRT (TensorFlow Lite) on one core.

MediaPipe wraps each in a graph of its own, with threads of its own, for every session. LiteRT runs the same weights
with the same kernels (XNNPACK) where they are asked for, without Python's lock.
"""

from __future__ import annotations

import os
import threading
import zipfile
from functools import lru_cache
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

DETECTOR, MESH, BLENDSHAPES = "face_detector.tflite", "face_landmarks_detector.tflite", "face_blendshapes.tflite"


class LiteNet:
    """One network, for all sessions: any thread may run it.

    An interpreter serves one thread at a time, and the mesh's takes 16 MB. More than there are cores would not be
    faster, so there are no more: who finds none idle waits.
    """

    def __init__(self, content: bytes) -> None:
        """content: of a .tflite file. Raises ValueError when it is none."""
        self._content = content
        self._turns = threading.BoundedSemaphore(os.cpu_count() or 1)
        self._idle = [_Runner(content)]

    def run(self, given: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        """What it says to its one input, each output as an array of its own, in the file's order."""
        with self._turns:
            one = self._idle.pop() if self._idle else _Runner(self._content)
            said = one.run(given)
            self._idle.append(one)
            return said


class _Runner:
    """One interpreter; asking it for its tensors' places in every run would take longer than a small network."""

    def __init__(self, content: bytes) -> None:
        self._interpreter = Interpreter(model_content=content, num_threads=1)
        self._interpreter.allocate_tensors()
        (given,) = self._interpreter.get_input_details()
        self._given = given["index"]
        self._said = [output["index"] for output in self._interpreter.get_output_details()]

    def run(self, given: NDArray[np.float32]) -> list[NDArray[np.float32]]:
        self._interpreter.set_tensor(self._given, given)
        self._interpreter.invoke()
        return [self._interpreter.get_tensor(place) for place in self._said]


@lru_cache(maxsize=6)
def bundled(bundle: Path, name: str) -> LiteNet:
    """One of the networks in FaceLandmarker's file, the same for whoever asks. Raises KeyError when it is not there."""
    with zipfile.ZipFile(bundle) as archive:
        return LiteNet(archive.read(name))
