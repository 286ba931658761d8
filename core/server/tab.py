"""One browser tab: its seat, its way through the network, the watch over its stream, its attempts. Draws nothing."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

import streamlit as st

from core.files.handout import Photo
from core.flow.outcome import Outcome
from core.server.access import is_local
from core.server.admission import Place
from core.server.attempts import Attempts
from core.server.log_entry import open_entry
from core.server.outlines import outline_desk
from core.server.process import ServerProcess, forget_when_closed, server_process, tab_id
from core.server.stills import still_desk
from core.stream.camera import forget_camera
from core.stream.connection import Connection, ConnectionWatch
from core.stream.ice import Ice
from core.stream.live import LiveCapture, View
from core.vision.reading import Sign

if TYPE_CHECKING:
    from core.files.check import PhotoResult


class Stage(Enum):
    """What the capture page shows where the video is."""

    WELCOME = "welcome"
    WAITING = "waiting"
    LIVE = "live"
    SELFIE = "selfie"
    ENDED = "ended"
    PHOTO = "photo"


@dataclass
class Tab:
    """What START, Stop and the page's refreshes do to seat, stream and attempt.

    name: Streamlit's for this tab. id: drawn at random, for logs and credentials. local: browser and server are one
    machine. place: where the tab stands in line, None when it does not wait. photo: the check of a single photo is
    asked for instead of the camera. started: START was pressed on this page, so the camera is placed on it.
    camera_open: the browser offers a stream. camera_fps: frames a second to ask of the browser, fewer when more than
    half of the seats are taken. offers_photo: a photo may be checked where the live capture fails.
    """

    attempts: Attempts
    process: ServerProcess
    name: str
    local: bool = False
    clock: Callable[[], float] = time.monotonic
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    place: Place | None = None
    photo: bool = False
    started: bool = False
    camera_open: bool = False
    ice: Ice = field(default_factory=Ice)
    camera_fps: int = 0
    offers_photo: bool = True
    _watch: ConnectionWatch | None = None
    _watched: LiveCapture | None = None
    _judged: tuple[str, PhotoResult] | None = None

    def __post_init__(self) -> None:
        self.attempts.on_frame = self._frame
        self.attempts.stills = still_desk()
        self.attempts.outlines = outline_desk()
        self.attempts.run = self.process.frames.submit
        self.attempts.on_end = self._ended
        self.camera_fps = self.process.settings.web.camera_fps

    @property
    def stage(self) -> Stage:
        """What there is to show now."""
        ending = self.attempts.ending
        if self.attempts.running:
            return Stage.LIVE
        if self.place is not None:
            return Stage.WAITING
        if self.photo:
            return Stage.PHOTO
        if ending is None or ending.outcome is Outcome.LEFT:
            return Stage.WELCOME
        return Stage.SELFIE if ending.outcome is Outcome.CAPTURED else Stage.ENDED

    @property
    def earlier_photos(self) -> list[Photo]:
        """Selfies to show below the stage: all, but none while an attempt runs or the only one is on the stage."""
        photos = self.attempts.photos
        on_stage = 1 if self.stage is Stage.SELFIE else 0
        return photos if self.stage is not Stage.LIVE and len(photos) > on_stage else []

    @property
    def playing(self) -> bool:
        """The stream is wanted now."""
        return self.attempts.running and self.connection is not Connection.PAUSED

    @property
    def connection(self) -> Connection:
        """How the stream was doing at the last look."""
        return self._watch.state if self._watch else Connection.STARTING

    def start(self) -> None:
        """Begin an attempt, or wait for a seat; called again while waiting."""
        if self.attempts.running:
            return
        self.photo = False
        self.place = self.process.admission.ask(self.name)
        if self.place.admitted:
            self.place = None
            # Once for each attempt: what the browser is told must not change while it is connected.
            self.ice = self.process.ice.ice(self.id, local=self.local)
            self.camera_fps = self._camera_fps()
            self.started = True
            self.attempts.start()

    def stop(self) -> None:
        """End what runs and give the seat back, or leave the line."""
        self.place = None
        self.attempts.end(Outcome.LEFT)
        self.settle()

    def forget(self) -> None:
        """The tab is closed for good: end what runs and let the pictures go."""
        self.stop()
        self.attempts.photos.clear()
        self._judged = None

    def leave_page(self) -> None:
        """Another page is shown, so the camera is off: end the attempt or leave the line."""
        self.started = False
        if self.attempts.running or self.place:
            self.stop()

    def take_photo(self) -> None:
        """Give up the live capture for the check of a photo."""
        self.stop()
        self.photo = True

    def judge_photo(self, name: str, data: bytes) -> PhotoResult:
        """What the check says of a photo, which is judged once. name: Streamlit's for these bytes.

        Raises FileError when it is none, AssetError when the models can't be read.
        """
        # Imported late: MediaPipe takes seconds to load, and the page should stand before that.
        from core.files.batch import check_photo

        if self._judged is None or self._judged[0] != name:
            self._judged = name, check_photo(data, self.process.settings)
        return self._judged[1]

    def settle(self) -> None:
        """Bring attempt and seat in line; the page calls it first on every run.

        The seat of an attempt that is over goes to the next in line. An attempt whose seat is gone, because the page
        was left or sent nothing of use for long, ends.
        """
        if view := self.attempts.view():
            self._check(view)
        if not self.attempts.running and self.place is None:
            self._watch = self._watched = None
            self.process.admission.leave(self.name)

    def look(self, view: View, camera_error: Outcome | None = None) -> bool:
        """Look at the attempt and its stream; True when the page must be drawn anew.

        camera_error: why the browser gave no camera just now.
        """
        if self._watch is None or self._watched is not self.attempts.capture:
            self._watch = ConnectionWatch(self.process.settings.connection, self.clock)
            self._watched = self.attempts.capture
        before = self._watch.state
        state = self._watch.update(view.frames, camera_open=self.camera_open)
        if camera_error is not None:
            self.attempts.end(camera_error)
        elif state is Connection.LOST:
            self.attempts.end(Outcome.LOST)
        else:
            self._check(view)
        return state is not before or not self.attempts.running

    def stream_failed(self) -> None:
        """Browser and server could not agree on a stream."""
        self.attempts.end(Outcome.LOST)

    def _check(self, view: View) -> None:
        """End the attempt that its frames have ended, or that has no seat any more."""
        if not self.attempts.settle(view) and not self._seated(view):
            self.attempts.end(Outcome.FRAMES_FAILING if view.failing else Outcome.IDLE)

    def _seated(self, view: View) -> bool:
        """The tab has a seat. One that was gone for a moment gets it back, if it is still free."""
        admission = self.process.admission
        if admission.holds(self.name):
            return True
        if self.connection is Connection.LIVE and not view.failing and admission.ask(self.name).admitted:
            return True
        admission.leave(self.name)
        return False

    def _frame(self, seconds: float) -> None:
        """Called on a thread of `ServerProcess.frames`."""
        self.process.admission.busy(self.name)
        self.process.metrics.frame(seconds)

    def _ended(self, outcome: Outcome, signs: Sequence[Sign]) -> None:
        self.process.metrics.outcome(self.id, outcome, signs)

    def _camera_fps(self) -> int:
        admission, settings = self.process.admission, self.process.settings
        crowded = admission.live * 2 > admission.capacity and admission.capacity > 1
        return round(settings.admission.min_fps) if crowded else settings.web.camera_fps


def current_tab() -> Tab:
    """The tab that the page is drawn for."""
    if "tab" not in st.session_state:
        process = server_process()
        attempts = st.session_state.setdefault("attempts", Attempts(process.settings, open_entry=open_entry))
        own = Tab(attempts, process, tab_id(), local=is_local(st.context.url or ""))
        st.session_state["tab"] = own
        forget_when_closed(own.forget)
    found: Tab = st.session_state["tab"]
    return found


def leave_capture() -> None:
    """Another page than the live capture is shown in this tab."""
    found: Tab | None = st.session_state.get("tab")
    if found is not None:
        forget_camera()
        found.leave_page()
