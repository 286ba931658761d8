"""What one frame costs, beside what MediaPipe's FaceLandmarker alone costs in the same run.

    python -m benchmarks.frame [--clips FOLDER] [--fps 15] [--seconds 20] [--size 640x480]

Prints one JSON object. The parts are measured in turn on every frame, so that whatever else the machine does hits all
of them alike; the ratios are good, the milliseconds are this machine's. A frame's cost depends on what it shows, on who
moves and what changes around them: so the figures are means over a clip, and then over the clips. Without --clips the
footage is drawn from the astronaut, a calm person, who flatters whatever follows a face.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2
import mediapipe as mp
import numpy as np
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions, RunningMode

from core.files.clip import CLIP_SUFFIXES, read_clip, thinned
from core.flow.processor import CaptureProcessor
from core.regions import EYES
from core.settings import Settings
from core.vision import assets
from core.vision.alignment import FaceAligner
from core.vision.detector import StreamDetector
from core.vision.eyes import EyeModel
from core.vision.mesh import Mesh, detect
from core.vision.occlusion import OcclusionModel
from core.vision.others import OtherFaces
from core.vision.reading import Frame
from core.vision.stream_reader import StreamReader
from core.vision.tracker import FaceTracker
from tests.footage import Blink, Scene, astronaut

T = TypeVar("T")

_WARM_UP = 15  # frames of each clip
_PEER = "face_landmarker"


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

    def means(self) -> dict[str, dict[str, float]]:
        """Of each part the mean wall ("ms") and processor ("cpu_ms") time in ms, warm-up left out."""
        return {
            part: {"ms": _mean(self._wall[part]), "cpu_ms": _mean(self._cpu[part])}
            for part in self._wall
            if len(self._wall[part]) > _WARM_UP
        }


def _mean(seconds: Sequence[float]) -> float:
    return float(np.mean(seconds[_WARM_UP:])) * 1e3


def measure(name: str, frames: Sequence[Frame]) -> dict[str, Any]:
    """The costs over one clip, which must show a face. Raises ValueError when its frames are too few."""
    if len(frames) <= 2 * _WARM_UP:
        raise ValueError(f"{name}: at least {2 * _WARM_UP + 1} frames are needed")
    settings, watch = Settings(), Stopwatch()
    model = assets.ensure_face_model()
    aligner = FaceAligner(settings.alignment)
    detector = StreamDetector(model)
    others = OtherFaces(detector, settings.other_faces, live=False)
    eyes, occlusion = EyeModel(assets.model_path("eyes")), OcclusionModel(assets.model_path("occlusion"))
    tracker = FaceTracker(model, settings.landmarks)
    with landmarker(model, 1) as one, landmarker(model, 2) as two, StreamReader(settings) as reader:
        processor = CaptureProcessor(reader, settings)
        for frame in frames:
            watch.time(_PEER, landmarks, one, frame)
            watch.time("face_landmarker_two_faces", landmarks, two, frame)
            faces = watch.time("face_tracker", tracker.find, frame)
            snapshot = watch.time("whole_frame", processor.process, frame)
            if snapshot.phase.final:
                processor.restart()
            if not faces:
                continue
            aligned = watch.time("alignment", aligner.align, frame.rgb, faces[0].landmarks)
            crops = [aligner.eye(frame.rgb, aligned, eye) for eye in EYES]
            watch.time("eyes", eyes.read, crops)
            watch.time("occlusion", occlusion.read, aligned)
            # Not each frame of a live stream is looked at for others; this one's price is that of a look.
            watch.time("other_faces", others.find, frame, faces[0])
    return {
        "clip": name,
        "frames": len(frames) - _WARM_UP,
        "size": "{}x{}".format(*frames[0].size),
        "parts": rows(watch.means()),
    }


def landmarker(model: Path, faces: int) -> FaceLandmarker:
    """What a user would take instead, with all that a frame needs of it."""
    return FaceLandmarker.create_from_options(
        FaceLandmarkerOptions(
            base_options=BaseOptions(model_asset_path=str(model)),
            running_mode=RunningMode.VIDEO,
            num_faces=faces,
            output_face_blendshapes=True,
            output_facial_transformation_matrixes=True,
        )
    )


def landmarks(landmarker: FaceLandmarker, frame: Frame) -> list[Mesh]:
    """Its answer for one frame, read as arrays, which is less dear than by its public classes."""
    image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(frame.rgb))
    return detect(landmarker, image, round(frame.t * 1000))


def rows(means: Mapping[str, Mapping[str, float]]) -> dict[str, dict[str, float]]:
    """For each part its times in ms, and their ratios to FaceLandmarker's that looks for one face."""
    peer = means[_PEER]
    return {
        part: {
            "ms": round(row["ms"], 2),
            "ratio": round(row["ms"] / peer["ms"], 2),
            "cpu_ms": round(row["cpu_ms"], 2),
            "cpu_ratio": round(row["cpu_ms"] / peer["cpu_ms"], 2),
        }
        for part, row in means.items()
    }


def over_clips(clips: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    """The rows of all clips together, each clip as heavy as the others, however long."""
    parts = [clip["parts"] for clip in clips]
    return rows(
        {
            part: {time: float(np.mean([one[part][time] for one in parts])) for time in ("ms", "cpu_ms")}
            for part in parts[0]
            if all(part in one for one in parts)
        }
    )


def footage(folder: Path, fps: float, seconds: float, size: tuple[int, int]) -> Iterator[tuple[str, list[Frame]]]:
    """The clips of a folder by their names: at most `fps` frames a second, the first `seconds`, fitted into `size`."""
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in CLIP_SUFFIXES:
            yield path.stem, list(_fitted(read_clip(path, Settings().files), fps, seconds, size))


def _fitted(frames: Iterator[Frame], fps: float, seconds: float, size: tuple[int, int]) -> Iterator[Frame]:
    for frame in thinned(frames, fps):
        if frame.t > seconds:
            return
        scale = min(size[0] / frame.size[0], size[1] / frame.size[1])
        fitted = (round(frame.size[0] * scale), round(frame.size[1] * scale))
        mode = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        yield Frame(np.ascontiguousarray(cv2.resize(frame.rgb, fitted, interpolation=mode)), frame.t)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.frame", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clips", type=Path, help="folder of clips of people before a camera (default: drawn footage)")
    parser.add_argument("--fps", type=float, default=15.0, help="frames a second (default 15)")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each clip (default 20)")
    parser.add_argument("--size", default="640x480", help="WIDTHxHEIGHT that the frames are fitted into")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    width, height = (int(side) for side in options.size.split("x"))
    if options.clips:
        streams = footage(options.clips, options.fps, options.seconds, (width, height))
    else:
        blinks = [Blink(at) for at in np.arange(1.0, options.seconds, 4.0)]
        scene = Scene(astronaut(), size=(width, height), fps=options.fps)
        streams = iter([("drawn", list(scene.play(options.seconds, *blinks)))])
    clips = [measure(name, frames) for name, frames in streams if options.clips is None or len(frames) > 2 * _WARM_UP]
    result = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "parts": over_clips(clips),
        "clips": clips,
    }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
