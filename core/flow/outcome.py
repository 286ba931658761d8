"""How an attempt ends: the one list of it, for the page, the metrics and the log."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from core.flow.snapshot import Phase, Reason, Snapshot
from core.vision.assets import AssetError


class Outcome(str, Enum):
    """How an attempt ended. The values are those of the log's column and of the metrics' label.

    LEFT: stopped, or the page was closed. CAMERA_...: the browser gave no picture, FAILED for none of the other
    reasons. IDLE: no frame came for so long that the seat was passed on. LOST: the stream froze and did not come back.
    MODELS_BROKEN: the models could not be opened. FRAMES_FAILING: frames came and none could be processed.
    """

    CAPTURED = "captured"
    TOO_MANY_TRIES = "too_many_tries"
    NO_PROGRESS = "no_progress"
    LEFT = "left"
    CAMERA_DENIED = "camera_denied"
    CAMERA_MISSING = "camera_missing"
    CAMERA_BUSY = "camera_busy"
    CAMERA_INSECURE = "camera_insecure"
    CAMERA_FAILED = "camera_failed"
    IDLE = "idle"
    LOST = "lost"
    MODELS_BROKEN = "models_broken"
    FRAMES_FAILING = "frames_failing"


WITHOUT_PICTURES = frozenset(
    {
        Outcome.CAMERA_DENIED,
        Outcome.CAMERA_MISSING,
        Outcome.CAMERA_BUSY,
        Outcome.CAMERA_INSECURE,
        Outcome.CAMERA_FAILED,
        Outcome.IDLE,
        Outcome.LOST,
    }
)
"""No pictures came, or came no more: a single photo may still be had."""


@dataclass(frozen=True)
class Ending:
    """The end of one attempt.

    model_error: what is wrong with the models, where that ended it. last_try: why the last of too many tries failed.
    """

    outcome: Outcome
    model_error: AssetError | None = None
    last_try: Reason | None = None


def outcome_of(snapshot: Snapshot) -> Outcome | None:
    """How the flow says that the attempt ended; None while it goes on."""
    if snapshot.phase is Phase.CAPTURED:
        return Outcome.CAPTURED
    if snapshot.phase is Phase.ENDED:
        return Outcome.TOO_MANY_TRIES if snapshot.restart is Reason.TOO_MANY_TRIES else Outcome.NO_PROGRESS
    return None
