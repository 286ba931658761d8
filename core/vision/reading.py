"""What is handed on: `Frame` in, `Reading` out. Data only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.regions import Region
from core.vision.likeness import Likeness
from core.vision.roi import Roi

Image = NDArray[Any]
"""(H, W, 3) uint8, RGB. OpenCV's stubs don't tell uint8 from other numbers, so the type doesn't either."""


@dataclass(frozen=True)
class Frame:
    """One picture of the camera: `rgb` (H, W, 3) uint8, unmirrored; `t` in seconds from the stream's own clock.

    whole: makes the picture at full size, where `rgb` is a smaller one for the models to read; whole_size: its size.
    """

    rgb: Image
    t: float
    whole: Callable[[], Image] | None = None
    whole_size: tuple[int, int] | None = None

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.rgb.shape[1], self.rgb.shape[0]

    @property
    def full_size(self) -> tuple[int, int]:
        """(width, height) of the picture at full size."""
        return self.whole_size or self.size

    def full(self) -> Image:
        """The picture at full size, as a copy of its own."""
        return self.whole() if self.whole is not None else self.rgb.copy()


@dataclass(frozen=True)
class Pose:
    """Head pose in degrees; 0 looks into the camera.

    yaw > 0: turned to the subject's own left; pitch > 0: chin up; roll > 0: head tilted to the subject's own left.
    """

    yaw: float
    pitch: float
    roll: float


@dataclass(frozen=True)
class Face:
    """One face in one frame.

    landmarks: (478, 3) float32, pixels of the frame (z in the scale of x, smaller is nearer).
    blink: eyeBlink blendshape of each eye, 0 (open) to 1 (shut).
    inter_eye_px: distance between the eye centres in pixels (ISO/IEC 29794-5 inter-eye distance).
    roi: where the mesh's network looked, in a stream.
    """

    landmarks: NDArray[np.float32]
    pose: Pose
    blink: Mapping[Region, float]
    inter_eye_px: float
    roi: Roi | None = None


@dataclass(frozen=True)
class Box:
    """A face as the detector frames it, in pixels of the frame; it may reach beyond."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Aligned:
    """A face cut upright and at a fixed scale (see `core.vision.alignment`).

    rgb: (S, S, 3) uint8 RGB, eyes level.
    matrix: (2, 3) float64, frame pixels -> aligned pixels; a similarity, so angles are kept.
    landmarks: (478, 2) float32, the mesh in aligned pixels.
    scale: aligned pixels per frame pixel.
    """

    rgb: Image
    matrix: NDArray[np.float64]
    landmarks: NDArray[np.float32]
    scale: float


class State(str, Enum):
    """Eyes are open, closed or blocked; every other region is clear or blocked."""

    OPEN = "open"
    CLOSED = "closed"
    CLEAR = "clear"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class EyeScores:
    """Probabilities of the eye model for one eye; they add up to 1. `glare`: a reflection on a lens hides the eye."""

    open: float
    closed: float
    blocked: float
    glare: float

    @property
    def shut(self) -> float:
        """How shut the eye looks, 0..1, if it can be seen."""
        return self.closed / max(self.closed + self.open, 1e-6)


@dataclass(frozen=True)
class RegionReading:
    """State of one region in one frame.

    covered: share of the region's outline that a foreign thing covers, 0..1.
    eye: the eye model's scores; None for a region that is no eye.
    glare: the eye is blocked by a reflection and not by a thing.
    """

    state: State
    covered: float
    eye: EyeScores | None = None
    glare: bool = False


@dataclass(frozen=True)
class Quality:
    """Figures of the main face, raw; `core.vision.problems` says what is good enough.

    eye_share: inter-eye distance as a share of the frame's shorter side.
    center: of the face, as shares of width and height.
    inside: share of the face outline's points that lie within the frame.
    brightness: mean luma of the face, 0..255; highlight: its 95th percentile; clipped: share of it at 250 or more.
    sharpness: variance of the Laplacian of the aligned face's luma.
    """

    eye_share: float
    center: tuple[float, float]
    inside: float
    brightness: float
    highlight: float
    clipped: float
    sharpness: float


class Sign(str, Enum):
    """What makes a face look shown to the camera (ISO/IEC 30107-3: an attack presentation).

    The value is the name in JSON.
    """

    SCREEN = "screen"
    PRINT = "print"
    EDGE = "edge"
    PLANE = "plane"
    CAMERA = "camera"


@dataclass(frozen=True)
class Presentation:
    """How much one picture of a face looks like a screen or a print that is held to the camera.

    screen, print: probability of either by all views; with that of a person before the camera they add up to 1.
    edge: probability of either by the surroundings alone: something frames the face.
    signs: which of them are beyond what people reach.
    plane: share of the face's turn that no flat thing could make, 0..1; None where it has hardly turned, and in photos.
    """

    screen: float
    print: float
    edge: float
    signs: tuple[Sign, ...] = ()
    plane: float | None = None

    @property
    def score(self) -> float:
        """Probability of an attack presentation, by all views."""
        return min(self.screen + self.print, 1.0)


@dataclass(frozen=True)
class Reading:
    """Everything read from one frame. Without a face, `regions` is empty and `quality`, `aligned` are None.

    face: the main (largest) one. others: where further faces are.
    aligned: the main face, cut out. likeness: what is kept of it for comparison.
    frame_brightness: mean luma of the whole frame, 0..255.
    presentation: whether the main face looks shown; None where nobody looked, which is so in most frames of a stream.
    turns: quarters, counter-clockwise, by which a photo was turned the right way up before it was read; 2 without a
    face: the live camera is upside down.
    carried: the mesh was not laid on this frame: the face is that of an earlier one, moved with the head, and its lids
    stand as they did.
    """

    t: float
    size: tuple[int, int]
    frame_brightness: float
    face: Face | None = None
    others: tuple[Box, ...] = ()
    regions: Mapping[Region, RegionReading] = field(default_factory=dict)
    quality: Quality | None = None
    aligned: Aligned | None = None
    likeness: Likeness | None = None
    presentation: Presentation | None = None
    turns: int = 0
    carried: bool = False


class Need(IntEnum):
    """What must be read anew of a frame that follows one on which the mesh was laid; each includes those before it."""

    NOTHING = 0
    EYES = 1
    REGIONS = 2  # and all else that needs no mesh
    MESH = 3


@dataclass(frozen=True)
class Match:
    """How well two pictures match that are to show one moment (core.vision.moment).

    moved: of the eyes, in inter-eye distances. grown: natural logarithm of the ratio of the heads' sizes, 0 or more.
    face: mean correlation of the faces' blocks, -1..1 (core.vision.likeness). room: correlation of what is around the
    person, -1..1; None where too little of it can be seen.
    """

    moved: float
    grown: float
    face: float
    room: float | None
