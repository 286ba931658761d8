"""A stream's frames in, readings out: a mesh is laid a few times a second, and where lids or regions change."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from types import TracebackType

from core.regions import Region
from core.settings import Settings
from core.vision.key_frame import KeyFrame
from core.vision.reader import FaceReader
from core.vision.reading import EyeScores, Face, Frame, Need, Reading

Read = tuple[Frame, Reading]


@dataclass(frozen=True)
class _Held:
    """A frame that shows nothing new. face: where its head is; reading: what may be taken for read from it."""

    frame: Frame
    face: Face
    reading: Reading


class StreamReader:
    """Reads one live session's frames; not to be shared by threads.

    Between two meshes the face is followed: of a frame that shows nothing new nothing is read, of others all but the
    mesh. Such frames are held back for a moment: where the eyes begin to shut just then, the mesh is laid after all, so
    that a blink is seen from its beginning.
    """

    def __init__(self, settings: Settings, reader: FaceReader | None = None) -> None:
        """reader: of single frames, for a test. Raises AssetError when a model file is missing or broken."""
        self.settings = settings.key_frames
        self._reader = reader or FaceReader(settings, live=True)
        self._last: Read | None = None  # that was read, and that later frames can be compared with
        self._key: KeyFrame | None = None
        self._held: deque[_Held] = deque()
        self._last_t = float("-inf")

    def take(self, frame: Frame, *, needed: Need) -> list[Read]:
        """The frames that are certain now, in their order, with what was read from them or carried over to them.

        Those that are not yet follow with a later frame. needed: what must be read anew, whatever the frame shows.
        """
        following, self._last_t = 2 * frame.t - self._last_t, frame.t  # when the next one is to be expected
        last, limits = self._last, self.settings
        if last is None or frame.size != last[0].size or not 0 < frame.t - last[0].t <= limits.every_s:
            return [*self._released(), self._read(frame)]
        self._key = self._key or KeyFrame(last[1], limits)
        compared = self._key.compare(frame)
        if compared.face is None:
            return [*self._released(again=True), self._read(frame)]
        due = Need.MESH if following - last[0].t > limits.every_s else Need.NOTHING
        need = max(needed, compared.need, due)
        if need is Need.MESH and not self._held:
            return [self._read(frame, compared.face)]
        glance = self._reader.glance(frame, compared.face) if need is not Need.NOTHING else None
        shutting = glance is not None and _shut(glance.eyes) - _shut(self._key.eyes) > limits.max_shutting
        if need is Need.MESH or shutting:
            return [*self._released(again=shutting), self._read(frame, compared.face)]
        regions = need is Need.REGIONS
        reading = self._reader.follow(frame, compared.face, self._key.reading, glance, regions=regions)
        if _changed(self._key.reading, reading):
            return [*self._released(), self._read(frame, compared.face)]
        self._held.append(_Held(frame, compared.face, reading))
        return self._released(until=frame.t - (0.0 if needed is not Need.NOTHING else limits.hold_s))

    def rest(self) -> list[Read]:
        """Those that were to follow with a later frame, when there is none."""
        return self._released()

    def now(self, last: Reading) -> Reading:
        """The reading to show: of the latest frame, where it is held back, or else `last`."""
        return self._held[-1].reading if self._held else last

    def close(self) -> None:
        """Free the reader."""
        self._reader.close()

    def __enter__(self) -> StreamReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _released(self, *, until: float = inf, again: bool = False) -> list[Read]:
        """What is held back of the frames up to `until`. again: it must be read."""
        released = []
        while self._held and self._held[0].frame.t <= until:
            one = self._held.popleft()
            released.append(self._read(one.frame, one.face) if again else (one.frame, one.reading))
        return released

    def _read(self, frame: Frame, expected: Face | None = None) -> Read:
        self._last = self._key = None
        reading = self._reader.read(frame, expected)
        if reading.face is not None and not reading.others:
            self._last = frame, reading
        return frame, reading


def _changed(before: Reading, now: Reading) -> bool:
    """Whether a region's state is another, or somebody else is there."""
    states = [{region: found.state for region, found in reading.regions.items()} for reading in (before, now)]
    return states[0] != states[1] or bool(now.others)


def _shut(eyes: Mapping[Region, EyeScores]) -> float:
    """How shut they look, 0..1."""
    return sum(scores.shut for scores in eyes.values()) / len(eyes)
