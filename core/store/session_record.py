"""What is kept of a capture session: a link for one person, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from core.regions import Region
from core.store.record import AttemptRecord, Mode
from core.store.table import to_row


class Status(str, Enum):
    """Where a session stands. The last two are ends; until then its link works."""

    CREATED = "created"
    OPENED = "opened"
    CAPTURED = "captured"
    EXPIRED = "expired"

    @property
    def final(self) -> bool:
        """Nothing more can happen to the session."""
        return self in (Status.CAPTURED, Status.EXPIRED)


class SelfieRule(str, Enum):
    """How often the selfie can be fetched. Either way it is gone once the session expires."""

    ONCE = "once"
    UNTIL_EXPIRY = "until_expiry"


class Hook(str, Enum):
    """Where the webhook stands."""

    NONE = "none"
    PENDING = "pending"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class Order:
    """What a session is asked to be.

    owner: name of the key it was made with; nobody else sees it. round: name of a round of testers, if it is part of
    one. language: code, or None for the browser's. required: regions that must be free besides eyes, nose and mouth.
    request, digest: the idempotency key of the call that made it and the SHA-256 of the call's body.
    """

    owner: str
    expires: datetime
    mode: Mode = Mode.STANDARD
    language: str | None = None
    reference: str | None = None
    return_url: str | None = None
    webhook_url: str | None = None
    required: tuple[Region, ...] = ()
    selfie: SelfieRule = SelfieRule.ONCE
    round: str | None = None
    request: str | None = None
    digest: str | None = None


@dataclass(frozen=True)
class CaptureSession:
    """A session as it is in the database. All times have a zone.

    attempts: how many ended so far. attempt: the last one, by the attempt log's column names; empty before the first.
    report: the selfie's report, exactly as signed. signature: its detached JWS. feedback: question -> answer.
    """

    id: str
    order: Order
    status: Status
    created: datetime
    opened: datetime | None = None
    ended: datetime | None = None
    attempts: int = 0
    attempt: Mapping[str, Any] = field(default_factory=dict)
    report: str | None = None
    signature: str | None = None
    selfie_kept: bool = False
    hook: Hook = Hook.NONE
    feedback: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Handover:
    """A selfie on its way into the database. sealed: the encrypted PNG."""

    report: str
    signature: str
    sealed: bytes


@dataclass(frozen=True)
class Delivery:
    """A webhook on its way. id: the message's, the same at every try. tries: so far."""

    id: str
    session: str
    owner: str
    url: str
    body: str
    created: datetime
    tries: int = 0


def attempt_columns(record: AttemptRecord) -> dict[str, Any]:
    """An attempt as a session keeps it: its row in the log, without the time."""
    return {name: value for name, value in to_row(record).items() if name not in ("started", "round")}
