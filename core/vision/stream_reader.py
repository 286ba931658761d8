"""A stream's frames in, readings out: every frame in which something changes is read, of the others a few a second."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from types import TracebackType

from core.settings import Settings
from core.vision.key_frame import KeyFrame
from core.vision.reader import FaceReader
from core.vision.reading import Frame, Reading

Read = tuple[Frame, Reading]


@dataclass(frozen=True)
class _Held:
    """A frame that looks like the key frame. lids: as in `Compared`."""

    frame: Frame
    reading: Reading
    lids: float


class StreamReader:
    """Reads one live session's frames; not to be shared by threads.

    Frames that look like the last one read are held back for a moment, and its reading is theirs. Only where lids begin
    to move just then they are read after all, so that a blink is seen from its beginning.
    """

    def __init__(self, settings: Settings, reader: FaceReader | None = None) -> None:
        """reader: of single frames, for a test. Raises AssetError when a model file is missing or broken."""
        self.settings = settings.key_frames
        self._reader = reader or FaceReader(settings, live=True)
        self._last: Read | None = None  # that was read, and that later frames can be compared with
        self._key: KeyFrame | None = None
        self._held: deque[_Held] = deque()
        self._last_t = float("-inf")

    def take(self, frame: Frame, *, settled: bool) -> list[Read]:
        """The frames that are certain now, in their order, with what was read from them or carried over to them.

        Those that are not yet follow with a later frame. settled: nothing is under way that needs every frame.
        """
        step, self._last_t = frame.t - self._last_t, frame.t
        last, limits = self._last, self.settings
        if last is None or not settled or frame.size != last[0].size or not 0 < frame.t - last[0].t <= limits.every_s:
            return [*self._released(), self._read(frame)]
        self._key = self._key or KeyFrame(*last, limits)
        compared = self._key.compare(frame)
        if compared.reading is None:
            return [*self._released(compared.lids), self._read(frame)]
        if frame.t + step - last[0].t > limits.every_s:  # the next one would be too late
            return [*self._released(), self._read(frame)]
        self._held.append(_Held(frame, compared.reading, compared.lids))
        certain = []
        while frame.t - self._held[0].frame.t >= limits.hold_s:
            one = self._held.popleft()
            certain.append((one.frame, one.reading))
        return certain

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

    def _released(self, lids: float = 0.0) -> list[Read]:
        """What is held back. lids: by how much they have moved in the frame after it."""
        held, limits = list(self._held), self.settings
        self._held.clear()
        begun = lids > limits.max_lid_change
        return [
            self._read(one.frame) if begun and one.lids > limits.still_lids else (one.frame, one.reading)
            for one in held
        ]

    def _read(self, frame: Frame) -> Read:
        self._last = self._key = None
        reading = self._reader.read(frame)
        face = reading.face
        if face is not None and not reading.others and face.inter_eye_px >= self.settings.min_inter_eye_px:
            self._last = frame, reading
        return frame, reading
