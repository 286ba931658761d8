"""One live attempt between two worlds: frames come in on the stream's thread, the page looks at it from its own."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import av
import cv2
import numpy as np
from av.video.reformatter import VideoReformatter

from core.flow.hint_hold import HintHold
from core.flow.snapshot import Advice, Event, Phase, Selfie, Signals, Snapshot
from core.memory import give_back
from core.settings import WebSettings
from core.stream.overlay import Overlay
from core.vision.assets import AssetError
from core.vision.reading import Frame, Image

logger = logging.getLogger(__name__)


class Processor(Protocol):
    """What a frame goes through; `core.flow.processor.CaptureProcessor`."""

    def process(self, frame: Frame) -> Snapshot: ...

    def close(self) -> None: ...


class Entry(Protocol):
    """What is kept of an attempt in the log; `core.server.log_entry.AttemptEntry`. Cheap, and never raises.

    The visit closes it: a stream that ends may be started once more, within the same attempt.
    """

    def see(self, snapshot: Snapshot) -> None: ...

    def close(self, *, no_camera: bool = False) -> None: ...


@dataclass(frozen=True)
class Sample:
    """One frame's figures for the stakeholder's panel."""

    t: float
    phase: Phase
    signals: Signals


@dataclass(frozen=True)
class View:
    """What the page shows: a picture of a `LiveCapture` at one moment, safe to keep.

    advice: the hint, held long enough to be read. frames: seen so far. fps: over the last two seconds.
    frame_ms: time a frame took, averaged. size: (width, height) of the camera's frames.
    failing: frames can't be processed. model_error: why the models could not be opened.
    selfie: kept from the frame that took it.
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
    samples: tuple[Sample, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def over(self) -> bool:
        """The attempt has come to its end: captured or given up."""
        return self.snapshot is not None and self.snapshot.phase.final


@dataclass
class _Record:
    """What a `View` is made of; guarded by LiveCapture's lock."""

    snapshot: Snapshot | None = None
    advice: Advice | None = None
    frames: int = 0
    failed_in_a_row: int = 0
    frame_ms: float = 0.0
    size: tuple[int, int] | None = None
    model_error: AssetError | None = None
    selfie: Selfie | None = None
    arrivals: deque[float] = field(default_factory=deque)
    samples: deque[Sample] = field(default_factory=deque)
    events: deque[Event] = field(default_factory=lambda: deque(maxlen=100))


class LiveCapture:
    """Takes the camera's frames through a processor and gives the preview back.

    `receive` and `end` are called by the stream, `view` by the page. The processor is opened on the first frame and
    closed when the stream ends, so that a page nobody starts costs no memory.
    """

    def __init__(
        self,
        open_processor: Callable[[], Processor],
        settings: WebSettings,
        clock: Callable[[], float] = time.perf_counter,
        on_frame: Callable[[float], None] = lambda seconds: None,
        entry: Entry | None = None,
    ) -> None:
        """open_processor may raise AssetError. clock: seconds, for the figures of speed only.

        on_frame: told after each frame how many seconds it took, on the stream's thread. entry: sees every snapshot.
        """
        self._open_processor = open_processor
        self._settings = settings
        self._clock = clock
        self._on_frame = on_frame
        self._entry = entry
        self._to_rgb = VideoReformatter()
        self._overlay = Overlay(settings.preview_px)
        self._hold = HintHold(settings.hint_s)
        self._processor: Processor | None = None
        self._time = FrameTime()
        self._logged = False
        self._working = threading.Lock()
        self._lock = threading.Lock()
        self._record = _Record()

    def receive(self, frame: av.VideoFrame) -> av.VideoFrame:
        """The preview of one frame; the frame itself when something goes wrong, for the stream must go on."""
        started = self._clock()
        with self._working:
            try:
                preview = self._process(frame)
            except Exception as error:
                preview = frame
                self._failed(error)
        with self._lock:
            self._count(started)
        self._on_frame(self._clock() - started)
        return preview

    def end(self) -> None:
        """The stream is over: free the processor. Returns at once, for it is called on the server's event loop."""
        processor, self._processor = self._processor, None
        threading.Thread(target=self._close, args=(processor,), name="close-live-capture", daemon=True).start()

    def view(self) -> View:
        """The state of things now."""
        with self._lock:
            record = self._record
            arrivals = record.arrivals
            span = arrivals[-1] - arrivals[0] if len(arrivals) > 1 else 0.0
            return View(
                snapshot=record.snapshot,
                advice=record.advice,
                frames=record.frames,
                fps=(len(arrivals) - 1) / span if span else 0.0,
                frame_ms=record.frame_ms,
                size=record.size,
                failing=record.failed_in_a_row >= self._settings.give_up_frames,
                model_error=record.model_error,
                selfie=record.selfie,
                samples=tuple(record.samples),
                events=tuple(record.events),
            )

    def _process(self, frame: av.VideoFrame) -> av.VideoFrame:
        if self._record.model_error or (self._record.snapshot and self._record.snapshot.phase.final):
            return frame
        processor = self._processor = self._processor or self._open_processor()
        # The frame's own to_ndarray prepares the change of colours anew for each frame.
        width, height = fitting(frame.width, frame.height, self._settings.max_frame_megapixels)
        rgb = self._to_rgb.reformat(frame, width, height, "rgb24").to_ndarray()
        snapshot = processor.process(Frame(rgb, self._time.of(frame.time)))
        if self._entry is not None:
            self._entry.see(snapshot)
        advice = self._hold.update(snapshot)
        with self._lock:
            self._note(snapshot, advice, (rgb.shape[1], rgb.shape[0]))
        return to_video(self._overlay.draw(rgb, snapshot))

    def _note(self, snapshot: Snapshot, advice: Advice, size: tuple[int, int]) -> None:
        record = self._record
        record.snapshot, record.advice, record.size, record.failed_in_a_row = snapshot, advice, size, 0
        record.selfie = snapshot.selfie or record.selfie
        record.events.extend(snapshot.events)
        record.samples.append(Sample(snapshot.t, snapshot.phase, snapshot.signals))
        while record.samples[0].t < snapshot.t - self._settings.history_s:
            record.samples.popleft()

    def _count(self, started: float) -> None:
        record, now = self._record, self._clock()
        took = (now - started) * 1000
        record.frame_ms = took if not record.frames else 0.9 * record.frame_ms + 0.1 * took
        record.frames += 1
        record.arrivals.append(started)
        while record.arrivals[0] < started - 2.0:
            record.arrivals.popleft()

    def _failed(self, error: Exception) -> None:
        if not self._logged:
            logger.error("A frame could not be processed; later failures are not logged", exc_info=error)
            self._logged = True
        with self._lock:
            self._record.failed_in_a_row += 1
            if isinstance(error, AssetError):
                self._record.model_error = error

    def _close(self, processor: Processor | None) -> None:
        with self._working:  # never while a frame is in it
            if processor is not None:
                processor.close()
                give_back()


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


def fitting(width: int, height: int, megapixels: float) -> tuple[int, int]:
    """The size itself, or one of the same shape with at most so many megapixels and even sides."""
    scale = (megapixels * 1e6 / (width * height)) ** 0.5
    return (width, height) if scale >= 1 else (max(2, int(width * scale) & ~1), max(2, int(height * scale) & ~1))


def to_video(rgb: Image) -> av.VideoFrame:
    """A picture (H, W, 3) uint8 RGB with even sides, in the colours that video codecs take."""
    # OpenCV turns colours five times as fast as the encoder would.
    planes = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420), np.uint8)
    return av.VideoFrame.from_numpy_buffer(planes, format="yuv420p")  # not copied
