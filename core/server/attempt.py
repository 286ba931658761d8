"""One person's visit: what runs now, how the last attempt came out, and the selfies so far. Knows no Streamlit."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from core.files.handout import Photo, develop, model_versions
from core.flow.snapshot import Phase, Reason
from core.server.pipeline import OpenProcessor, open_processor
from core.settings import Settings
from core.stream.live import Entry, LiveCapture, View
from core.vision import assets
from core.vision.assets import AssetError


class Ending(str, Enum):
    """How the last attempt came out."""

    CAPTURED = "captured"
    ENDED = "ended"
    CAMERA = "camera"
    MODELS = "models"


@dataclass
class Visit:
    """Started, stopped and settled by the page; holds no picture but the selfies.

    on_frame: told after each frame how many seconds it took. open_entry: strict or not -> an entry in the attempt log.
    """

    settings: Settings = field(default_factory=Settings)
    open_processor: OpenProcessor = open_processor
    on_frame: Callable[[float], None] = lambda seconds: None
    open_entry: Callable[[bool], Entry] | None = None
    strict: bool = False
    panel: bool = False
    capture: LiveCapture | None = None
    ending: Ending | None = None
    reason: Reason | None = None
    trouble: str | None = None
    model_error: AssetError | None = None
    photos: list[Photo] = field(default_factory=list)
    _entry: Entry | None = None

    @property
    def running(self) -> bool:
        """The camera is wanted."""
        return self.capture is not None

    def start(self) -> None:
        """Begin a new attempt."""
        settings = self.settings.in_strict_mode() if self.strict else self.settings
        seed = random.SystemRandom().randrange(2**32)
        self._entry = self.open_entry(self.strict) if self.open_entry else None
        self.capture = LiveCapture(
            lambda: self.open_processor(settings, seed), settings.web, on_frame=self.on_frame, entry=self._entry
        )
        self.ending = self.reason = self.trouble = self.model_error = None

    def stop(self) -> None:
        """Let the camera go, with nothing to show for it."""
        self._leave()

    def refuse(self, trouble: str) -> None:
        """The attempt ends for want of pictures.

        trouble: "denied", "missing", "busy", "insecure" or "failed" where the browser gave no camera, "idle" or "lost"
        where the pictures stopped.
        """
        self._leave(no_camera=True)
        self.ending, self.trouble = Ending.CAMERA, trouble

    def settle(self, view: View, now: datetime) -> bool:
        """End the attempt when the view says that it is over; True if so. now: the time written on the selfie."""
        if self.capture is None:
            return False
        if view.model_error:
            self.ending, self.model_error = Ending.MODELS, view.model_error
        elif view.selfie is not None:
            self.photos.append(develop(view.selfie, now, _models(), self.settings.web.jpeg_quality))
            self.ending = Ending.CAPTURED
        elif view.snapshot and view.snapshot.phase is Phase.ENDED:
            self.ending, self.reason = Ending.ENDED, view.snapshot.restart
        else:
            return False
        self._leave()
        return True

    def _leave(self, *, no_camera: bool = False) -> None:
        self.capture = None
        if self._entry is not None:
            self._entry.close(no_camera=no_camera)


def _models() -> dict[str, object]:
    try:
        return model_versions(assets.manifest())
    except AssetError:
        return {}
