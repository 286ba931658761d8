"""What the flow says after each frame: `Snapshot`. Data only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from core.regions import Region
from core.vision.components import Components
from core.vision.problems import Problem
from core.vision.reading import Image, Reading, RegionReading, Sign, State


class Phase(str, Enum):
    """Where an attempt stands."""

    POSITION = "position"
    BLINK = "blink"
    CHECK = "check"
    CAPTURED = "captured"
    ENDED = "ended"

    @property
    def final(self) -> bool:
        """The attempt is over, until a new one is asked for."""
        return self in (Phase.CAPTURED, Phase.ENDED)


class Hint(str, Enum):
    """The one thing to tell the person now; `core.languages` has the words."""

    NO_FACE = "no_face"
    CAMERA_OFF = "camera_off"
    UPSIDE_DOWN = "upside_down"
    SECOND_FACE = "second_face"
    MOVE_CLOSER = "move_closer"
    MOVE_BACK = "move_back"
    CENTER = "center"
    LOOK_STRAIGHT = "look_straight"
    LEVEL_HEAD = "level_head"
    MORE_LIGHT = "more_light"
    LESS_LIGHT = "less_light"
    BLURRED = "blurred"
    BLINK = "blink"
    HOLD_STILL = "hold_still"
    BLINK_SLOWER = "blink_slower"
    WAIT_FOR_CUE = "wait_for_cue"
    BLINK_NOW = "blink_now"
    ONE_MORE_CHECK = "one_more_check"
    REGION_BLOCKED = "region_blocked"
    GLARE = "glare"
    OPEN_EYES = "open_eyes"
    HOLD = "hold"
    CAPTURED = "captured"
    ENDED = "ended"


class Reason(str, Enum):
    """Why an attempt went back or ended."""

    FACE_CHANGED = "face_changed"
    FACE_LOST = "face_lost"
    SECOND_FACE = "second_face"
    JUMPED = "jumped"
    STALLED = "stalled"
    EYES_CLOSED = "eyes_closed"
    UNCUED_BLINK = "uncued_blink"
    MISSED_CUE = "missed_cue"
    SUSPECTED = "suspected"
    NO_PROGRESS = "no_progress"
    TOO_MANY_TRIES = "too_many_tries"


class Uncounted(str, Enum):
    """Why a blink may not answer a challenge. The value is the name in JSON."""

    MOVING = "moving"
    LIDS_NOT_SEEN = "lids_not_seen"
    EYES_COVERED = "eyes_covered"
    TOO_LONG = "too_long"
    CHANGED = "changed"


@dataclass(frozen=True)
class Advice:
    """A hint and, where it is about one, its region."""

    hint: Hint
    region: Region | None = None


@dataclass(frozen=True)
class PhaseChanged:
    t: float
    phase: Phase


@dataclass(frozen=True)
class Blinked:
    """`t`: when the eyes were open again; `seconds`: how long they were not; `why` it does not count."""

    t: float
    seconds: float
    why: Uncounted | None = None


@dataclass(frozen=True)
class RegionChanged:
    t: float
    region: Region
    state: State


@dataclass(frozen=True)
class Restarted:
    t: float
    reason: Reason


@dataclass(frozen=True)
class Captured:
    t: float
    width: int
    height: int


@dataclass(frozen=True)
class Cued:
    """A blink was asked for, in strict mode or of a face that is suspected."""

    t: float


@dataclass(frozen=True)
class Suspected:
    """A sign that the face is shown to the camera has lasted. score: mean probability 0..1 of what bore it out."""

    t: float
    sign: Sign
    score: float


Event = PhaseChanged | Blinked | RegionChanged | Restarted | Captured | Cued | Suspected


@dataclass(frozen=True)
class Signals:
    """Figures for the stakeholder's panel; None where there is nothing to measure.

    closure: how shut the eyes are, 0..1, as the blink detector sees it; closed_above, open_below: its thresholds now.
    similarity: of the aligned face to the one that blinked, 0..1, averaged since then; similarity_min: its threshold.
    shown: how much the face looks like a screen or a print, 0..1, averaged over the last looks.
    """

    closure: float | None = None
    closed_above: float | None = None
    open_below: float | None = None
    similarity: float | None = None
    similarity_min: float | None = None
    shown: float | None = None


@dataclass(frozen=True)
class Selfie:
    """The best frame of the check window, or the still that the page took at one moment of it.

    rgb: (H, W, 3) uint8, full size, unmirrored, nothing drawn on it. t: its time in seconds.
    still: it is the page's. frame_px: (width, height) of the stream's best frame. refused_why, refused_px: of a still
    that was not taken.
    components: its quality, as ISO/IEC 29794-5 names it. small_face: fewer pixels between the eyes than is good.
    started: time of the attempt's first frame. blinks: (time, seconds) of each blink of the challenge.
    regions: the regions' readings in that very frame. similarity: continuity score at the capture.
    suspicions: signs of a screen or a print, which the person has answered by blinking when asked.
    """

    rgb: Image
    t: float
    started: float
    strict: bool
    blinks: tuple[tuple[float, float], ...]
    regions: Mapping[Region, RegionReading]
    similarity: float
    components: Components
    small_face: bool = False
    suspicions: tuple[Suspected, ...] = ()
    still: bool = False
    frame_px: tuple[int, int] | None = None
    refused_why: str | None = None
    refused_px: tuple[int, int] | None = None


@dataclass(frozen=True)
class Snapshot:
    """What the flow says after one frame.

    badges: state of each region, smoothed; empty without a face. problem: of the position, the one that stands.
    progress: of the present phase, 0..1. tries_left: how many failed tries the attempt can still take.
    restart: why the attempt last went back, kept until the next phase change; reason of the end when ENDED.
    suspicions: of this attempt, so far; from the first one on cues are asked for.
    events: what happened in this very frame.
    still_wanted: number of the still that the page was last asked for in this check, 0 before it is asked.
    """

    t: float
    phase: Phase
    advice: Advice
    reading: Reading
    badges: Mapping[Region, State] = field(default_factory=dict)
    problem: Problem | None = None
    progress: float = 0.0
    tries_left: int = 0
    restart: Reason | None = None
    signals: Signals = field(default_factory=Signals)
    suspicions: tuple[Suspected, ...] = ()
    events: tuple[Event, ...] = ()
    selfie: Selfie | None = None
    still_wanted: int = 0
