"""What goes in and out of the API, as JSON."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from core.flow.outcome import Outcome
from core.regions import Region
from core.settings import SessionSettings
from core.store.record import Mode, Step
from core.store.session_record import CaptureSession, Hook, SelfieRule, Status
from core.texts import LANGUAGES

_LIMITS = SessionSettings()
_MAX_URL = 2000
_NO_CONTROL = r"^[^\x00-\x1f\x7f-\x9f]*$"


def _language(code: str) -> str:
    if code not in LANGUAGES:
        raise ValueError(f"one of {', '.join(LANGUAGES)}")
    return code


def _return_url(url: str) -> str:
    parts = urlsplit(url)
    local = parts.hostname in ("localhost", "127.0.0.1")
    if not parts.hostname or parts.username or not (parts.scheme == "https" or (parts.scheme == "http" and local)):
        raise ValueError("https:// and a host, without a user")
    return url


Label = Annotated[str, Field(min_length=1, max_length=64, pattern=_NO_CONTROL)]


class NewSession(BaseModel):
    """A link to make for one person."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"reference": "order-42"}]})

    mode: Mode = Field(Mode.STANDARD, description="strict asks for blinks at moments that nobody can know before")
    language: Annotated[str, AfterValidator(_language), Field(max_length=8)] | None = Field(
        None, description="of the person's pages; without it, the browser's"
    )
    reference: Annotated[str, Field(max_length=255, pattern=_NO_CONTROL)] | None = Field(
        None, description="your own name for it, given back as it is; no personal data, please"
    )
    return_url: Annotated[str, AfterValidator(_return_url), Field(max_length=_MAX_URL, pattern=_NO_CONTROL)] | None = (
        Field(None, description="where the person goes after the selfie; ?session=ID is added to it")
    )
    webhook_url: Annotated[str, Field(max_length=_MAX_URL, pattern=_NO_CONTROL)] | None = Field(
        None, description="is told once how the session ended"
    )
    ttl: int = Field(
        _LIMITS.ttl_s, ge=_LIMITS.min_ttl_s, le=_LIMITS.max_ttl_s, description="seconds until link and selfie are gone"
    )
    required_regions: list[Region] = Field(
        [], max_length=len(Region), description="that must be free besides both eyes, nose and mouth"
    )
    selfie: SelfieRule = Field(SelfieRule.ONCE, description="how often the selfie can be fetched")
    round: Label | None = Field(None, description="a round of testers, to filter by")


class Made(BaseModel):
    """A session that was made."""

    id: str
    url: str = Field(description="the person's link; it works once")
    expires_at: datetime


class SessionView(BaseModel):
    """A session and what came of it."""

    id: str
    status: Status
    mode: Mode
    language: str | None
    reference: str | None
    round: str | None
    required_regions: list[Region]
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    ended_at: datetime | None
    attempts: int = Field(description="that ended so far")
    reached: Step | None = Field(description="by the last attempt")
    outcome: Outcome | None = Field(description="of the last attempt")
    reasons: list[str] = Field(description="why the last attempt went back, most frequent first")
    restarts: dict[str, int] = Field(description="how often, by reason")
    blocked_seconds: dict[str, float] = Field(description="by region, in the last attempt")
    seconds: float | None = Field(description="from the first frame to the selfie")
    report: dict[str, Any] | None = Field(description="of the selfie; .../report gives the very bytes that are signed")
    signature: str | None = Field(description="of the report: a detached JWS")
    selfie_available: bool
    webhook: Hook
    feedback: dict[str, str]


class SessionList(BaseModel):
    """A page of sessions, newest first."""

    sessions: list[SessionView]
    next: str | None = Field(description="the cursor of the next page; null on the last")


class Problem(BaseModel):
    """Why a call was not answered."""

    detail: str


def view(session: CaptureSession) -> SessionView:
    """A session as its owner sees it."""
    order, attempt = session.order, session.attempt
    restarts: dict[str, int] = attempt.get("restarts", {})
    return SessionView(
        id=session.id,
        status=session.status,
        mode=order.mode,
        language=order.language,
        reference=order.reference,
        round=order.round,
        required_regions=list(order.required),
        created_at=session.created,
        expires_at=order.expires,
        opened_at=session.opened,
        ended_at=session.ended,
        attempts=session.attempts,
        reached=attempt.get("reached"),
        outcome=attempt.get("outcome"),
        reasons=sorted(restarts, key=lambda reason: -restarts[reason]),
        restarts=restarts,
        blocked_seconds=attempt.get("blocked_s", {}),
        seconds=attempt.get("seconds"),
        report=json.loads(session.report) if session.report else None,
        signature=session.signature,
        selfie_available=session.selfie_kept,
        webhook=session.hook,
        feedback=dict(session.feedback),
    )


def webhook_body(session: CaptureSession) -> str:
    """What the webhook says of a session that has ended: its kind, its time, and the session."""
    assert session.ended is not None
    data = view(session).model_dump(mode="json", exclude={"webhook", "feedback"})
    event = {"type": f"session.{session.status.value}", "timestamp": session.ended.isoformat(), "data": data}
    return json.dumps(event, separators=(",", ":"))
