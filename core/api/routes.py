"""The HTTP API under /api/v1, its documentation under /api/docs."""

# No postponed annotations here: FastAPI could not look up `Caller`, which belongs to one gateway.

import hashlib
import json
import math
from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi_offline import FastAPIOffline
from sqlalchemy.exc import SQLAlchemyError
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route

from core.api.address import AddressRefused
from core.api.body_limit import BodyLimit
from core.api.gateway import Gateway
from core.api.keys import ApiKey
from core.api.messages import Made, NewSession, Problem, SessionList, SessionView, view
from core.api.sealing import SealBroken
from core.settings import SessionSettings
from core.store.log import utc_now
from core.store.session_record import CaptureSession, Order, Status
from core.store.sessions import BadCursor, OrderConflict

_DESCRIPTION = "Links for one person each, and a signed result that only your server gets. See docs/api.md."
_LIMITS = SessionSettings()
_PRINTABLE = r"^[\x21-\x7e]+$"

SessionId = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{22}$", description="of a session")]
Answers = dict[int | str, dict[str, Any]]


def api_routes(gateway: Gateway) -> list[BaseRoute]:
    """What is served beside the pages."""
    return [
        Route("/.well-known/jwks.json", _public_keys(gateway)),
        Mount("/api", create_api(gateway)),
    ]


def create_api(gateway: Gateway) -> FastAPI:
    """The API as an ASGI app, to be mounted at /api."""
    api = FastAPIOffline(
        title="Real Selfie",
        version="1",
        description=_DESCRIPTION,
        docs_url="/docs",
        redoc_url=None,
        openapi_url="/openapi.json",
        static_url="/docs-static",
        middleware=[Middleware(BodyLimit, most=gateway.settings.session.body_kb * 1024)],
        responses=_answers(401, 413, 422, 429, 503),
    )
    bearer = HTTPBearer(auto_error=False, description="the key; its hash is in API_KEYS")

    def caller(
        response: Response, given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)] = None
    ) -> ApiKey:
        key = gateway.keyring.caller(given.credentials) if given else None
        if key is None:
            raise HTTPException(401, "no such key", {"WWW-Authenticate": "Bearer", "Cache-Control": "no-store"})
        if wait_s := gateway.limiter.wait_s(key.name):
            raise HTTPException(429, "too many calls a minute", {"Retry-After": str(math.ceil(wait_s))})
        response.headers["Cache-Control"] = "no-store"
        return key

    Caller = Annotated[ApiKey, Depends(caller)]

    def own(id_: str, key: ApiKey) -> CaptureSession:
        session = gateway.store.find(id_, key.name)
        if session is None:
            raise HTTPException(404, "no such session")
        return session

    @api.post("/v1/sessions", status_code=201, responses=_answers(400, 409), tags=["sessions"])
    def create_session(
        wanted: NewSession,
        request: Request,
        key: Caller,
        idempotency_key: Annotated[str | None, Header(max_length=255, pattern=_PRINTABLE)] = None,
    ) -> Made:
        """Make a link for one person. With an Idempotency-Key, the same call made again answers the same session."""
        if wanted.webhook_url is not None:
            try:
                gateway.check_webhook(wanted.webhook_url, key)
            except AddressRefused as error:
                raise HTTPException(422, f"webhook_url: {error}") from None
        body = json.dumps(wanted.model_dump(mode="json"), sort_keys=True).encode()
        order = Order(
            owner=key.name,
            expires=utc_now() + timedelta(seconds=wanted.ttl),
            mode=wanted.mode,
            language=wanted.language,
            reference=wanted.reference,
            return_url=wanted.return_url,
            webhook_url=wanted.webhook_url,
            required=tuple(dict.fromkeys(wanted.required_regions)),
            selfie=wanted.selfie,
            round=wanted.round,
            request=idempotency_key,
            digest=hashlib.sha256(body).hexdigest() if idempotency_key else None,
        )
        try:
            session = gateway.store.create(order)
        except OrderConflict:
            raise HTTPException(409, "this Idempotency-Key was used for another call") from None
        base = str(request.base_url).removesuffix("/").removesuffix("/api")
        return Made(id=session.id, url=gateway.link(base, session.id), expires_at=session.order.expires)

    @api.get("/v1/sessions", tags=["sessions"])
    def list_sessions(
        key: Caller,
        limit: Annotated[int, Query(ge=1, le=_LIMITS.max_page)] = _LIMITS.page,
        cursor: Annotated[str | None, Query(max_length=200)] = None,
        round: Annotated[str | None, Query(max_length=64, pattern=r"^[^\x00-\x1f\x7f-\x9f]+$")] = None,
        status: Status | None = None,
    ) -> SessionList:
        """Your sessions, newest first."""
        try:
            page = gateway.store.page(key.name, limit, cursor, round, status)
        except BadCursor:
            raise HTTPException(422, "cursor: not one that was given out") from None
        return SessionList(sessions=[view(session) for session in page.sessions], next=page.next)

    @api.get("/v1/sessions/{id}", responses=_answers(404), tags=["sessions"])
    def get_session(id: SessionId, key: Caller) -> SessionView:
        """A session and what came of it."""
        return view(own(id, key))

    @api.get(
        "/v1/sessions/{id}/selfie",
        responses={200: {"content": {"image/png": {}}}, **_answers(404, 409, 410)},
        response_class=Response,
        tags=["sessions"],
    )
    def get_selfie(id: SessionId, key: Caller) -> Response:
        """The selfie, as PNG with content credentials: once, unless the session says otherwise."""
        session = own(id, key)
        if session.status is not Status.CAPTURED:
            raise HTTPException(409, f"there is no selfie: the session is {session.status.value}")
        sealed = gateway.store.take_selfie(id, key.name)
        if sealed is None:
            raise HTTPException(410, "the selfie is gone: fetched before, or expired")
        try:
            png = gateway.sealer.open(sealed, id)
        except SealBroken:
            raise HTTPException(410, "the selfie was sealed with a key that is no longer there") from None
        return Response(png, media_type="image/png", headers={"Cache-Control": "no-store"})

    @api.get(
        "/v1/sessions/{id}/report",
        responses={200: {"content": {"application/json": {}}}, **_answers(404, 409)},
        response_class=Response,
        tags=["sessions"],
    )
    def get_report(id: SessionId, key: Caller) -> Response:
        """The selfie's report: the very bytes that its signature is over."""
        session = own(id, key)
        if session.report is None:
            raise HTTPException(409, f"there is no report: the session is {session.status.value}")
        headers = {"Cache-Control": "no-store", "Report-Signature": session.signature or ""}
        return Response(session.report.encode(), media_type="application/json", headers=headers)

    @api.delete("/v1/sessions/{id}", status_code=204, responses=_answers(404), tags=["sessions"])
    def delete_session(id: SessionId, key: Caller) -> None:
        """Delete a session with all that belongs to it; its link stops to work, its webhook is not sent any more."""
        if not gateway.store.remove(id, key.name):
            raise HTTPException(404, "no such session")

    @api.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> JSONResponse:
        # Without the input, which may be anything: FastAPI's own answer fails on some of it.
        told = "; ".join(f"{'.'.join(map(str, entry['loc']))}: {entry['msg']}" for entry in error.errors())
        return JSONResponse({"detail": told.encode("utf-8", "replace").decode()}, 422)

    @api.exception_handler(SQLAlchemyError)
    def away(request: Request, error: SQLAlchemyError) -> JSONResponse:
        return JSONResponse({"detail": "the database is away, try again"}, 503, {"Retry-After": "5"})

    return api


def _answers(*codes: int) -> Answers:
    return {code: {"model": Problem} for code in codes}


def _public_keys(gateway: Gateway) -> Any:
    async def jwks(request: Request) -> JSONResponse:
        return JSONResponse(gateway.evidence.public(), headers={"Cache-Control": "max-age=300"})

    return jwks
