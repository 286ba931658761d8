"""The person's side of a session: one tab that opened the link."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from enum import Enum

from sqlalchemy.exc import SQLAlchemyError

from core.api.gateway import Gateway
from core.files.handout import Photo
from core.flow.outcome import Outcome
from core.regions import Region
from core.settings import Settings
from core.store.log import utc_now
from core.store.record import AttemptRecord
from core.store.session_record import CaptureSession, Handover, Status

logger = logging.getLogger(__name__)


class LinkState(str, Enum):
    """What the link is good for. DONE: captured in this very tab. AWAY: the database can't be reached just now."""

    OPEN = "open"
    DONE = "done"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    AWAY = "away"


class Link:
    """Hands what this tab captures over to the session, once. Safe to use from the page's thread and the stream's."""

    def __init__(self, gateway: Gateway, id_: str) -> None:
        """id_: what stands in the address; it may be anything."""
        self.id = id_
        self.session: CaptureSession | None = None
        self._gateway = gateway
        self._photo: Photo | None = None
        self._done = False

    def look(self) -> LinkState:
        """Where the link stands now. The first look at a link that works marks it as opened."""
        if self._done:
            return LinkState.DONE
        if not self.id.isascii() or not 0 < len(self.id) <= 32 or "\0" in self.id:
            return LinkState.UNKNOWN
        try:
            self.session = session = self._gateway.store.find(self.id)
            if session is None:
                return LinkState.UNKNOWN
            if session.status is Status.CAPTURED:
                return LinkState.USED
            if session.status is Status.EXPIRED or session.order.expires <= utc_now():
                return LinkState.EXPIRED
            if session.status is Status.CREATED:
                self._gateway.store.open(self.id)
        except SQLAlchemyError as error:
            logger.warning("A link could not be looked up (%s)", type(error).__name__)
            return LinkState.AWAY
        return LinkState.OPEN

    def required(self, settings: Settings) -> Settings:
        """The settings, with the regions that the session wants free besides the usual ones."""
        if self.session is None:
            return settings
        wanted = {*settings.window.required, *self.session.order.required}
        window = replace(settings.window, required=tuple(region for region in Region if region in wanted))
        return replace(settings, window=window)

    def keep(self, photo: Photo) -> None:
        """The attempt's selfie; it is handed over when the attempt ends, together with how it went."""
        self._photo = photo

    def add(self, record: AttemptRecord) -> None:
        """An attempt has ended. Never raises: what can't be handed over leaves the link as it was."""
        photo, self._photo = self._photo, None
        store = self._gateway.store
        try:
            if record.outcome is Outcome.CAPTURED and photo is not None and photo.signature is not None:
                sealed = self._gateway.sealer.seal(photo.png, self.id)
                handover = Handover(photo.report.decode(), photo.signature, sealed)
                self._done = store.capture(self.id, record, handover)
            else:
                store.note(self.id, record)
        except SQLAlchemyError as error:
            logger.error("What came of a session could not be kept (%s)", type(error).__name__)

    def answer(self, answers: Mapping[str, str]) -> None:
        """The person's feedback. Never raises."""
        try:
            self._gateway.store.answer(self.id, answers)
        except SQLAlchemyError as error:
            logger.warning("Feedback could not be kept (%s)", type(error).__name__)
