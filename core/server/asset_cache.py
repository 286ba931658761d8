"""How long browsers keep the scripts of the camera's frame."""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HASHED = re.compile(r"/component/[^/]+/assets/[^/]+-[\w-]{8}\.(js|css)$")
_LONG = "public, max-age=31536000, immutable"  # a year


class AssetCache:
    """ASGI middleware: a component's files whose names carry a hash of their contents are kept for good.

    Streamlit says nothing of their age, so a browser fetches them with each START anew: 166 kB, which the server packs
    each time.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def tell(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                MutableHeaders(scope=message)["cache-control"] = _LONG
            await send(message)

        hashed = scope["type"] == "http" and _HASHED.search(scope["path"])
        await self._app(scope, receive, tell if hashed else send)
