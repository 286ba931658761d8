"""One live attempt between two worlds: frames come in from the stream, the page looks at it from its own thread."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import av

from core.flow.hint_hold import HintHold
from core.flow.outcome import Ending, Outcome, outcome_of
from core.flow.snapshot import Advice, Event, Phase, Selfie, Signals, Snapshot
from core.flow.still import Refusal, Still
from core.memory import give_back
from core.settings import WebSettings
from core.stream.intake import Intake
from core.stream.newest import Newest, Run
from core.stream.outlines import outlines
from core.vision.assets import AssetError
from core.vision.reading import Frame

logger = logging.getLogger(__name__)


class Processor(Protocol):
    """What a frame goes through; `core.flow.processor.CaptureProcessor`."""

    def process(self, frame: Frame) -> Snapshot: ...

    def distrust_camera(self) -> None: ...

    def take_still(self, still: Still) -> Refusal | None: ...

    def close(self) -> None: ...


class Entry(Protocol):
    """What is kept of an attempt in the log; `core.server.log_entry.AttemptEntry`. Cheap, and never raises.

    It is closed with the attempt and not with the stream, which may be started once more within the same attempt.
    """

    def see(self, snapshot: Snapshot) -> None: ...

    def close(self, outcome: Outcome) -> None: ...


@dataclass(frozen=True)
class Sample:
    """One frame's figures for the stakeholder's panel."""

    t: float
    phase: Phase
    signals: Signals


@dataclass(frozen=True)
class View:
    """What the page shows: a picture of a `LiveCapture` at one moment, safe to keep.

    advice: the hint, held long enough to be read. frames: received so far. fps: over the last two seconds.
    frame_ms: time a frame took, averaged. size: (width, height) of the camera's frames.
    failing: none of the last frames could be processed. model_error: why the models could not be opened.
    selfie: kept from the frame that took it. changes: how often what the page shows of it has become another, the
    phase's progress aside, of which the page is told with each frame.
    """

    snapshot: Snapshot | None = None
    advice: Advice | None = None
    frames: int = 0
    fps: float = 0.0
    frame_ms: float = 0.0
    size: tuple[int, int] | None = None
    failing: bool = False
    model_error: AssetError | None = None
    selfie: Selfie | None = None
    changes: int = 0
    samples: tuple[Sample, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def ending(self) -> Ending | None:
        """How the frames say that the attempt ended; None while it goes on."""
        if self.model_error is not None:
            return Ending(Outcome.MODELS_BROKEN, self.model_error)
        outcome = outcome_of(self.snapshot) if self.snapshot else None
        return Ending(outcome) if outcome else None


class LiveCapture:
    """Takes the camera's frames through a processor.

    `receive` and `end` are called by the stream, `view` and `close` by the page. The processor is opened on the first
    frame and closed when the stream ends, so that a page nobody starts costs no memory.
    """

    def __init__(
        self,
        open_processor: Callable[[], Processor],
        settings: WebSettings,
        clock: Callable[[], float] = time.perf_counter,
        on_frame: Callable[[float], None] = lambda seconds: None,
        entry: Entry | None = None,
        ask_still: Callable[[int], None] = lambda number: None,
        show: Callable[[bytes], None] = lambda outlines: None,
        run: Run = lambda work: work(),
    ) -> None:
        """open_processor may raise AssetError. clock: seconds, for the figures of speed only.

        on_frame: told after each frame that was processed how many seconds it took, on the thread that did; not after
        one that failed. entry: sees every snapshot. ask_still: told the number of each still that the page shall take.
        show: told what the page gets of each frame, `core.stream.outlines`. run: has the work on a frame done.
        """
        self._open_processor = open_processor
        self._settings = settings
        self._clock = clock
        self._on_frame = on_frame
        self._entry = entry
        self._ask_still = ask_still
        self._show = show
        self._newest = Newest(self._take, run)
        self._still_asked = 0
        self._intake = Intake(settings)
        self._hold = HintHold(settings.hint_s)
        self._processor: Processor | None = None
        self._time = FrameTime()
        self._virtual_camera = False
        self._logged = False
        self._closed = False
        self._stream = self._opened_for = 0  # numbers of the stream, counted up when one ends
        self._working = threading.Lock()  # held while the processor is opened, used or freed
        self._lock = threading.Lock()  # guards all below
        self._view = View()
        self._failed_in_a_row = 0
        self._arrivals: deque[float] = deque()
        self._samples: deque[Sample] = deque()
        self._events: deque[Event] = deque(maxlen=100)

    def receive(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The frame itself, whatever becomes of it: the stream goes on when it fails or the attempt is over.

        It is processed when `run` comes to it, unless a newer one has come by then.
        """
        self._newest.put((frame, self._stream))
        return frame

    def distrust_camera(self) -> None:
        """The camera calls itself a virtual one. Called by the page, before or after the first frame."""
        self._virtual_camera = True

    def take_still(self, still: Still) -> Refusal | None:
        """A picture that the page took when it was asked to; why it can't become the selfie, if it can't."""
        with self._working:
            over = self._closed or self._processor is None or self._view.ending is not None
            return Refusal.LATE if over or self._processor is None else self._processor.take_still(still)

    def end(self) -> None:
        """The stream is over: free the processor. Returns at once, for it is called on the server's event loop."""
        self._stream += 1
        threading.Thread(target=self._free, name="free-live-capture", daemon=True).start()

    def close(self) -> None:
        """The attempt is over: process no more frames, though the stream may bring some. Returns at once."""
        self._closed = True
        self.end()

    def view(self) -> View:
        """The state of things now."""
        with self._lock:
            arrivals = self._arrivals
            span = arrivals[-1] - arrivals[0] if len(arrivals) > 1 else 0.0
            return replace(
                self._view,
                fps=(len(arrivals) - 1) / span if span else 0.0,
                failing=self._failed_in_a_row >= self._settings.give_up_frames,
                samples=tuple(self._samples),
                events=tuple(self._events),
            )

    def _take(self, came: tuple[av.VideoFrame, int]) -> None:
        """came: a frame and the stream that it came with; nothing happens when that has ended meanwhile."""
        frame, stream = came
        started = self._clock()
        with self._working:
            if stream != self._stream:
                return
            try:
                processed = self._process(frame, stream)
            except Exception as error:
                processed = False
                self._failed(error)
        with self._lock:
            self._count(started)
        if processed:
            self._on_frame(self._clock() - started)

    def _process(self, frame: av.VideoFrame, stream: int) -> bool:
        """False once the attempt is over."""
        if self._closed or self._view.ending:
            return False
        processor = self._opened(stream)
        if self._virtual_camera:
            processor.distrust_camera()
        taken = self._intake.take(frame, self._time.of(frame.time))
        snapshot = processor.process(taken)
        advice = self._hold.update(snapshot)
        with self._lock:
            changes = self._note(snapshot, advice, self._intake.size(frame))
        self._show(outlines(snapshot, changes))
        if snapshot.still_wanted > self._still_asked:
            self._still_asked = snapshot.still_wanted
            self._ask_still(self._still_asked)
        if self._entry is not None:
            self._entry.see(snapshot)
        return True

    def _opened(self, stream: int) -> Processor:
        """The processor of a stream, which may end while it opens."""
        if self._processor is not None and self._opened_for != stream:
            self._let_go()
        if self._processor is None:
            self._opened_for = stream
            self._processor = self._open_processor()
        return self._processor

    def _note(self, snapshot: Snapshot, advice: Advice, size: tuple[int, int]) -> int:
        """The number of changes so far."""
        before, selfie = self._view, snapshot.selfie or self._view.selfie
        after = replace(before, snapshot=snapshot, advice=advice, size=size, selfie=selfie)
        if self._failed_in_a_row or _shown(after) != _shown(before):
            after = replace(after, changes=before.changes + 1)
        self._view = after
        self._failed_in_a_row = 0
        self._events.extend(snapshot.events)
        self._samples.append(Sample(snapshot.t, snapshot.phase, snapshot.signals))
        while self._samples[0].t < snapshot.t - self._settings.history_s:
            self._samples.popleft()
        return after.changes

    def _count(self, started: float) -> None:
        view, took = self._view, (self._clock() - started) * 1000
        frame_ms = took if not view.frames else 0.9 * view.frame_ms + 0.1 * took
        self._view = replace(view, frames=view.frames + 1, frame_ms=frame_ms)
        self._arrivals.append(started)
        while self._arrivals[0] < started - 2.0:
            self._arrivals.popleft()

    def _failed(self, error: Exception) -> None:
        if not self._logged:
            logger.error("A frame could not be processed; later failures are not logged", exc_info=error)
            self._logged = True
        with self._lock:
            self._failed_in_a_row += 1
            if isinstance(error, AssetError):
                self._view = replace(self._view, model_error=error)

    def _free(self) -> None:
        """Close the processor of a stream that has ended, never while a frame is in it."""
        with self._working:
            if self._closed or self._opened_for != self._stream:
                self._let_go()

    def _let_go(self) -> None:
        processor, self._processor = self._processor, None
        if processor is not None:
            processor.close()
            give_back()


def _shown(view: View) -> object:
    """What the page shows of it, the phase's progress aside."""
    seen = view.snapshot
    return seen and (seen.phase, seen.badges, seen.restart, seen.tries_left, view.advice, view.size)


class FrameTime:
    """The stream's own time, made to grow: a camera that starts again begins at zero, and some frames carry no time."""

    def __init__(self, step_s: float = 1 / 30) -> None:
        """step_s: seconds between two frames where the stream does not say."""
        self._step_s = step_s
        self._offset = 0.0
        self._last: float | None = None

    def of(self, time_s: float | None) -> float:
        """Time of the next frame in seconds, later than all before."""
        if self._last is None:
            self._last = time_s or 0.0
        elif time_s is None:
            self._last += self._step_s
        else:
            if time_s + self._offset <= self._last:
                self._offset = self._last + self._step_s - time_s
            self._last = time_s + self._offset
        return self._last
