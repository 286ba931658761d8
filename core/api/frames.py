"""Which other sites may show the pages in a frame."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


def read_origins(told: str) -> list[str]:
    """Origins between commas, such as "https://shop.example". Raises ValueError for anything else."""
    origins = [part.strip().rstrip("/").lower() for part in told.split(",") if part.strip()]
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.hostname or origin != f"{parts.scheme}://{parts.netloc}":
            raise ValueError("an origin is https:// and a host, and nothing more")
        if any(sign in origin for sign in " ;'\"*\n\r"):
            raise ValueError("an origin is https:// and a host, and nothing more")
    return origins


class FrameAncestors:
    """ASGI middleware: only the app itself and the origins named may frame what it answers (CSP, frame-ancestors)."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app = app
        self._policy = " ".join(["frame-ancestors 'self'", *origins])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if "content-security-policy" not in headers:
                    headers["content-security-policy"] = self._policy
            await send(message)

        await self._app(scope, receive, tell if scope["type"] == "http" else send)
