"""Requests with bodies that are too large are refused before anything reads them whole."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """ASGI middleware: 413 for a body of more bytes than `most`, whether its length is told or not."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        told = Request(scope).headers.get("content-length", "0")
        if not told.isdecimal() or int(told[:20]) > self._most:
            return await self._refuse(scope, receive, send)
        # So little that it can be kept, and the app is told all of it at once.
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            body, more = body + message.get("body", b""), message.get("more_body", False)
            if len(body) > self._most:
                return await self._refuse(scope, receive, send)
        told_body = iter((body,))

        async def replay() -> Message:
            for whole in told_body:
                return {"type": "http.request", "body": whole, "more_body": False}
            return await receive()

        await self._app(scope, replay, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        await JSONResponse({"detail": "too large a body"}, 413)(scope, receive, send)
