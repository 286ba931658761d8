"""What one frame costs, beside what MediaPipe's FaceLandmarker alone costs in the same run.

    python -m benchmarks.frame [--seconds 20] [--size 640x480]

Prints one JSON object. The parts are measured in turn on every frame, so that whatever else the machine does hits all
of them alike; the ratios are good, the milliseconds are this machine's. The footage is drawn from the astronaut.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import numpy as np

from core.flow.processor import CaptureProcessor
from core.regions import EYES
from core.settings import Settings
from core.vision import assets
from core.vision.alignment import FaceAligner
from core.vision.detector import SquareDetector
from core.vision.eyes import EyeModel
from core.vision.landmarks import FaceFinder
from core.vision.occlusion import OcclusionModel
from core.vision.others import OtherFaces
from core.vision.reader import FaceReader
from core.vision.reading import Frame
from tests.footage import Blink, Scene, astronaut

T = TypeVar("T")

_WARM_UP = 30  # frames


class Stopwatch:
    """Wall and processor time of each part, frame by frame."""

    def __init__(self) -> None:
        self._wall: dict[str, list[float]] = {}
        self._cpu: dict[str, list[float]] = {}

    def time(self, part: str, act: Callable[..., T], *given: Any) -> T:
        """What `act` returns for what is given; how long it took is written down."""
        wall, cpu = time.perf_counter(), time.process_time()
        result = act(*given)
        self._cpu.setdefault(part, []).append(time.process_time() - cpu)
        self._wall.setdefault(part, []).append(time.perf_counter() - wall)
        return result

    def rows(self, peer: str) -> dict[str, dict[str, float]]:
        """For each part the medians in ms and their ratios to the part named `peer`, warm-up left out."""

        def median(times: dict[str, list[float]], part: str) -> float:
            return float(np.median(times[part][_WARM_UP:])) * 1e3

        return {
            part: {
                "ms": round(median(self._wall, part), 2),
                "ratio": round(median(self._wall, part) / median(self._wall, peer), 2),
                "cpu_ms": round(median(self._cpu, part), 2),
                "cpu_ratio": round(median(self._cpu, part) / median(self._cpu, peer), 2),
            }
            for part in self._wall
        }


def measure(frames: Sequence[Frame]) -> dict[str, Any]:
    """The costs over `frames`, which must show one face each. Raises ValueError when they are too few."""
    if len(frames) <= _WARM_UP:
        raise ValueError(f"at least {_WARM_UP + 1} frames are needed")
    settings, watch = Settings(), Stopwatch()
    model = assets.ensure_face_model()
    aligner = FaceAligner(settings.alignment)
    detector = SquareDetector(model)
    others = OtherFaces(detector, settings.other_faces, live=False)
    eyes, occlusion = EyeModel(assets.model_path("eyes")), OcclusionModel(assets.model_path("occlusion"))
    with (
        FaceFinder(model, settings.landmarks, live=True) as finder,
        FaceReader(settings, live=True) as reader,
    ):
        processor = CaptureProcessor(reader, settings)
        for frame in frames:
            faces = watch.time("face_landmarker", finder.find, frame)
            aligned = watch.time("alignment", aligner.align, frame.rgb, faces[0].landmarks)
            crops = [aligner.eye(frame.rgb, aligned, eye) for eye in EYES]
            watch.time("eyes", eyes.read, crops)
            watch.time("occlusion", occlusion.read, aligned)
            # Not each frame of a live stream is looked at for others; this one's price is that of a look.
            watch.time("other_faces", others.find, frame, faces[0])
            watch.time("whole_frame", processor.process, frame)
    detector.close()
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "frames": len(frames) - _WARM_UP,
        "size": "{}x{}".format(*frames[0].size),
        "parts": watch.rows("face_landmarker"),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.frame", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0, help="of footage at 30 frames a second")
    parser.add_argument("--size", default="640x480", help="WIDTHxHEIGHT of the frames")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    width, height = (int(side) for side in options.size.split("x"))
    blinks = [Blink(at) for at in np.arange(1.0, options.seconds, 4.0)]
    frames = list(Scene(astronaut(), size=(width, height)).play(options.seconds, *blinks))
    print(json.dumps(measure(frames), indent=2))


if __name__ == "__main__":
    main()
