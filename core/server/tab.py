"""One tab's use of the server: a seat, a way through the network, a watch over the stream. Draws nothing."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from core.server.access import is_local
from core.server.admission import Place
from core.server.attempt import Ending, Visit
from core.server.service import Service, forget_when_left, service, session_name
from core.stream.camera import forget_camera
from core.stream.connection import Connection, ConnectionWatch
from core.stream.ice import Ice
from core.stream.live import LiveCapture, View

if TYPE_CHECKING:
    from core.files.check import PhotoResult


@dataclass
class Session:
    """What START, Stop and the page's refreshes do to the seat and the stream; the attempt itself is the visit's.

    name: Streamlit's for this tab. local: browser and server are one machine. place: where the visitor stands in line,
    None when not waiting. photo: the check of a single photo is asked for instead of the camera. camera_fps: frames a
    second to ask of the browser, fewer when more than half of the seats are taken.
    """

    visit: Visit
    service: Service
    name: str
    local: bool = False
    clock: Callable[[], float] = time.monotonic
    id: str = field(default_factory=lambda: secrets.token_hex(4))
    place: Place | None = None
    photo: bool = False
    summoned: bool = False
    camera_open: bool = False
    ice: Ice = field(default_factory=Ice)
    camera_fps: int = 0
    _watch: ConnectionWatch | None = None
    _watched: LiveCapture | None = None
    _judged: tuple[str, PhotoResult] | None = None

    def __post_init__(self) -> None:
        self.visit.on_frame = self.frame
        self.camera_fps = self.service.settings.web.camera_fps

    def start(self) -> None:
        """Begin an attempt, or wait for a seat; called again while waiting."""
        self.photo = False
        self.place = self.service.admission.ask(self.name)
        if self.place.admitted:
            self.place = None
            # Once for each attempt: what the browser is told must not change while it is connected.
            self.ice = self.service.ice.ice(self.id, local=self.local)
            self.camera_fps = self._camera_fps()
            self.summoned = True
            self.visit.start()

    def stop(self) -> None:
        """Let the camera go and give the seat back, or leave the line."""
        self.place = None
        self.visit.stop()
        self.settle()

    def forget(self) -> None:
        """The tab is gone for good: end what runs and let the selfies go."""
        self.stop()
        self.visit.photos.clear()
        self._judged = None

    def take_photo(self) -> None:
        """Give up the live capture for the check of a photo."""
        self.stop()
        self.visit.ending = None
        self.photo = True

    def judge_photo(self, name: str, data: bytes) -> PhotoResult:
        """What the check says of a photo, which is judged once. name: Streamlit's for these bytes.

        Raises FileError when it is none, AssetError when the models can't be read.
        """
        # Imported late: MediaPipe takes seconds to load, and the page should stand before that.
        from core.files.batch import check_photo

        if self._judged is None or self._judged[0] != name:
            self._judged = name, check_photo(data, self.service.settings)
        return self._judged[1]

    def settle(self) -> None:
        """Bring the seat in line with the visit; the page calls it first on every run.

        The seat of an attempt that is over goes to the next visitor. An attempt whose seat is gone, because the page
        was left or sent no frames for long, ends.
        """
        if self.visit.running and not self._seated():
            self.visit.refuse("idle")
        if not self.visit.running and self.place is None:
            if self._watched is not None:
                self.service.metrics.outcome(self.id, self._outcome())
            self._watch = self._watched = None
            self.service.admission.leave(self.name)

    @property
    def playing(self) -> bool:
        """The stream is wanted now."""
        return self.visit.running and self.connection is not Connection.PAUSED

    @property
    def connection(self) -> Connection:
        """How the stream was doing at the last look."""
        return self._watch.state if self._watch else Connection.STARTING

    def watch(self, view: View) -> bool:
        """Look at the stream; True when the page must be drawn anew."""
        if self._watch is None or self._watched is not self.visit.capture:
            self._watch = ConnectionWatch(self.service.settings.connection, self.clock)
            self._watched = self.visit.capture
        before = self._watch.state
        state = self._watch.update(view.frames, camera_open=self.camera_open)
        if state is Connection.LOST:
            self.visit.refuse("lost")
        elif not self._seated():
            self.visit.refuse("idle")
        return state is not before or not self.visit.running

    def frame(self, seconds: float) -> None:
        """A frame was processed in so many seconds; called on the stream's thread."""
        self.service.admission.busy(self.name)
        self.service.metrics.frame(seconds)

    def _camera_fps(self) -> int:
        admission, settings = self.service.admission, self.service.settings
        crowded = admission.live * 2 > admission.capacity and admission.capacity > 1
        return round(settings.admission.min_fps) if crowded else settings.web.camera_fps

    def _outcome(self) -> str:
        visit = self.visit
        if visit.ending is Ending.CAMERA:
            return f"camera_{visit.trouble}"
        return visit.ending.value if visit.ending else "stopped"

    def _seated(self) -> bool:
        """The visitor has a seat. A tab that was lost for a moment gets it back, if it is still free."""
        admission = self.service.admission
        if admission.holds(self.name):
            return True
        if self.connection is Connection.LIVE and admission.ask(self.name).admitted:
            return True
        admission.leave(self.name)
        return False


def current_session(visit: Visit) -> Session:
    """The session of the tab that the page is drawn for."""
    if "session" not in st.session_state:
        local = is_local(st.context.url or "")
        st.session_state["session"] = own = Session(visit, service(), session_name(), local=local)
        forget_when_left(own.forget)
    found: Session = st.session_state["session"]
    return found


def leave_page() -> None:
    """Another page than the live capture is shown, so the camera is off: end the attempt or leave the line."""
    found: Session | None = st.session_state.get("session")
    if found is None:
        return
    found.summoned = False
    forget_camera()
    if found.visit.running or found.place:
        found.stop()
