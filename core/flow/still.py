"""A still: the picture that the page takes of the camera's own track, at the moment that is chosen here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from core.flow.selfie import Measure, Shot
from core.flow.senses import Sense
from core.settings import Settings
from core.vision.problems import QualityJudge
from core.vision.reading import Frame, Image, Match, Reading, State


@dataclass(frozen=True)
class Still:
    """What the page handed in.

    number: of the request it answers. rgb: (H, W, 3) uint8, unmirrored. reading: of it, maybe reduced. match: compares
    it with a frame of the stream; None where a face is missing.
    """

    number: int
    rgb: Image
    reading: Reading
    match: Callable[[Frame, Reading], Match | None]


class Refusal(str, Enum):
    """Why a still is not taken; the value is the name in the report."""

    LATE = "late"
    SHAPE = "shape"
    QUALITY = "quality"
    BLOCKED = "blocked"
    OTHER_MOMENT = "other_moment"
    OTHER_FACE = "other_face"
    OTHER_ROOM = "other_room"


_ELSEWHERE = (Refusal.OTHER_MOMENT, Refusal.OTHER_ROOM)


@dataclass(frozen=True)
class Refused:
    """A still that was not taken. size: (width, height) in pixels."""

    why: Refusal
    size: tuple[int, int]


class StillRequests:
    """Asks for stills during one check and judges them by the stream's own frames of the same moment."""

    def __init__(self, settings: Settings, measure: Measure, first: int) -> None:
        """first: number of the first request."""
        self._measure = measure
        self._settings = settings
        self._judge = QualityJudge(settings.quality)
        self._first = first
        self._asked: float | None = None
        self._moment: list[Sense] = []  # the frames from the request on
        self.number = 0
        """Of the latest request; 0 before there is one."""
        self.refused: Refused | None = None
        """The latest still that was judged, where it was not taken."""
        self.injected = False
        """The stills show another face than the stream, or twice another moment or room: one is not the camera's."""

    def follow(self, sense: Sense, *, good: bool, progress: float, taken: bool) -> None:
        """Take the next frame. good: it could be a selfie. progress: of the window. taken: there is a still already."""
        limits = self._settings.still
        if self._asked is not None and sense.t - self._asked <= limits.moment_s:
            self._moment.append(sense)
        asked = 0 if self.number == 0 else self.number - self._first + 1
        if good and not taken and asked < len(limits.ask_at) and progress >= limits.ask_at[asked]:
            self.number = self._first + asked
            self._asked = sense.t
            self._moment = [sense]

    def judge(self, still: Still, t: float) -> Shot | None:
        """The still as a shot that may become the selfie; None, and `refused` set, where it is not taken. t: now."""
        why = self._refusal(still, t)
        before = self.refused.why if self.refused else None
        self.injected = why is Refusal.OTHER_FACE or (why in _ELSEWHERE and before in _ELSEWHERE)
        self.refused = Refused(why, (still.rgb.shape[1], still.rgb.shape[0])) if why is not None else None
        if why is not None or self._asked is None:
            return None
        reading = replace(still.reading, t=self._asked)
        return Shot(still.rgb, reading, 0.0, self._measure(still.rgb, reading))

    def _refusal(self, still: Still, t: float) -> Refusal | None:
        limits, reading = self._settings.still, still.reading
        if still.number != self.number or self._asked is None or t - self._asked > limits.answer_s:
            return Refusal.LATE
        if not self._same_shape(still):
            return Refusal.SHAPE
        if self._judge.judge(reading):
            return Refusal.QUALITY
        states = [reading.regions[region].state for region in self._settings.window.required]
        if any(state not in (State.OPEN, State.CLEAR) for state in states):
            return Refusal.BLOCKED
        found = [still.match(sense.frame, sense.reading) for sense in self._moment]
        return self._mismatch([one for one in found if one is not None])

    def _same_shape(self, still: Still) -> bool:
        height, width = still.rgb.shape[:2]
        sent_width, sent_height = self._moment[0].reading.size
        return abs(width * sent_height / (height * sent_width) - 1) <= self._settings.still.shape

    def _mismatch(self, matches: list[Match]) -> Refusal | None:
        """What even the best of the frames does not match in."""
        limits = self._settings.still
        near = [one for one in matches if one.moved <= limits.moved and one.grown <= limits.grown]
        if not near:
            return Refusal.OTHER_MOMENT
        if max(one.face for one in near) < limits.same_face:
            return Refusal.OTHER_FACE
        rooms = [one.room for one in near if one.room is not None]
        return Refusal.OTHER_ROOM if rooms and max(rooms) < limits.same_room else None
