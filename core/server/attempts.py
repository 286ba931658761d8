"""The attempts of one tab: which one runs, how the last one ended, and the selfies so far. Knows no Streamlit."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from core.files.handout import Photo, Witness, develop, model_versions
from core.flow.outcome import Ending, Outcome
from core.flow.snapshot import Restarted
from core.server.outlines import OutlineDesk
from core.server.pipeline import OpenProcessor, open_processor
from core.server.stills import StillDesk
from core.settings import Settings
from core.store.log import utc_now
from core.stream.live import Entry, LiveCapture, View
from core.stream.newest import Run
from core.vision import assets
from core.vision.assets import AssetError
from core.vision.reading import Sign


@dataclass
class Attempts:
    """One after another, each with a `LiveCapture` of its own; holds no picture but the selfies.

    on_frame: told after each processed frame how many seconds it took. on_end: told once how each attempt ended, and by
    which signs the face looked shown. on_photo: told of each selfie, before its attempt ends.
    open_entry: strict or not -> an entry in the attempt log. now: the time written on a selfie. witness: signs selfies.
    strict: of the next attempt. panel: the stakeholder's panel is shown. capture: of the attempt that runs.
    stills: where its page hands in stills, under `still_name`. outlines: where it gets its outlines, `outline_name`.
    run: has the work on a frame done.
    """

    settings: Settings = field(default_factory=Settings)
    open_processor: OpenProcessor = open_processor
    on_frame: Callable[[float], None] = lambda seconds: None
    on_end: Callable[[Outcome, Sequence[Sign]], None] = lambda outcome, signs: None
    on_photo: Callable[[Photo], None] = lambda photo: None
    open_entry: Callable[[bool], Entry] | None = None
    witness: Witness | None = None
    now: Callable[[], datetime] = utc_now
    strict: bool = False
    panel: bool = False
    capture: LiveCapture | None = None
    ending: Ending | None = None
    photos: list[Photo] = field(default_factory=list)
    stills: StillDesk | None = None
    still_name: str = ""
    outlines: OutlineDesk | None = None
    outline_name: str = ""
    run: Run = lambda work: work()
    _entry: Entry | None = None

    @property
    def running(self) -> bool:
        """An attempt runs: the camera is wanted."""
        return self.capture is not None

    def view(self) -> View | None:
        """The attempt that runs, at this moment; None while none does."""
        return self.capture.view() if self.capture else None

    def start(self) -> None:
        """Begin an attempt. Nothing happens while one runs."""
        if self.running:
            return
        settings = self.settings.in_strict_mode() if self.strict else self.settings
        seed = random.SystemRandom().randrange(2**32)
        self._entry = self.open_entry(self.strict) if self.open_entry else None
        desk, board = self.stills, self.outlines
        self.outline_name = name = board.open() if board else ""
        capture = LiveCapture(
            lambda: self.open_processor(settings, seed),
            settings.web,
            on_frame=self.on_frame,
            entry=self._entry,
            ask_still=lambda number: desk.ask(self.still_name, number) if desk else None,
            show=lambda outlines: board.send(name, outlines) if board else None,
            run=self.run,
        )
        self.still_name = desk.open(capture.take_still) if desk else ""
        self.capture = capture
        self.ending = None

    def settle(self, view: View) -> bool:
        """End the attempt when its frames say that it is over; True if so."""
        if self.capture is None or view.ending is None:
            return False
        if view.selfie is not None:
            photo = develop(view.selfie, self.now(), _models(), self.settings.web.jpeg_quality, self.witness)
            self.photos.append(photo)
            self.on_photo(photo)
        ending = view.ending
        if ending.outcome is Outcome.TOO_MANY_TRIES:
            failed = [event.reason for event in view.events if isinstance(event, Restarted)]
            ending = replace(ending, last_try=failed[-1] if failed else None)
        self._end(self.capture, ending)
        return True

    def end(self, outcome: Outcome) -> None:
        """End the attempt that runs, if one does. When its frames have ended it already, that counts."""
        if self.capture is not None and not self.settle(self.capture.view()):
            self._end(self.capture, Ending(outcome))

    def _end(self, capture: LiveCapture, ending: Ending) -> None:
        self.capture, self.ending = None, ending
        if self.stills is not None:
            self.stills.close(self.still_name)
        if self.outlines is not None:
            self.outlines.close(self.outline_name)
        capture.close()
        if self._entry is not None:
            self._entry.close(ending.outcome)
        snapshot = capture.view().snapshot
        self.on_end(ending.outcome, [found.sign for found in snapshot.suspicions] if snapshot else [])


def _models() -> dict[str, object]:
    try:
        return model_versions(assets.manifest())
    except AssetError:
        return {}
