"""Outlines on their way to the page: what it draws over the camera's picture, as numbers.

    WS /outlines/{name}    one message a frame (core.stream.outlines); the page answers each with one of its own

The newest frame wins: where page or network are slow, those between are left out. The name is drawn at random for each
attempt and known to its page only. A websocket, since whatever carries Streamlit's own carries this one as well.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from contextlib import suppress
from functools import cache

from starlette.responses import Response
from starlette.routing import BaseRoute, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from core.settings import WebSettings


class OutlineDesk:
    """The attempts whose outlines are shown. `open`, `send` and `close` may be called from any thread."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self._channels: dict[str, _Channel] = {}

    def open(self) -> str:
        """An attempt begins. The answer is the name for its page."""
        name = secrets.token_urlsafe(16)
        self._channels[name] = _Channel(self._settings.outlines_ahead)
        return name

    def send(self, name: str, outlines: bytes) -> None:
        """Show them instead of what has not been sent yet. Returns at once."""
        if channel := self._channels.get(name):
            channel.put(outlines)

    def close(self, name: str) -> None:
        """The attempt is over: nothing more is shown."""
        if channel := self._channels.pop(name, None):
            channel.end()

    def routes(self) -> list[BaseRoute]:
        """What the page listens to."""
        return [WebSocketRoute("/outlines/{name}", self._serve)]

    async def _serve(self, socket: WebSocket) -> None:
        channel = self._channels.get(socket.path_params["name"])
        if channel is None:
            await socket.send_denial_response(Response(status_code=404))
            return
        await socket.accept()
        await channel.feed(socket)


class _Channel:
    """From the stream's thread to one page."""

    def __init__(self, ahead: int) -> None:
        """ahead: messages on their way, or not drawn yet, at most."""
        self._ahead = ahead
        self._lock = threading.Lock()
        self._newest: bytes | None = None
        self._over = False
        self._page: _Page | None = None

    def put(self, outlines: bytes) -> None:
        with self._lock:
            self._newest = outlines
            page = self._page
        if page is not None:
            page.wake()

    def end(self) -> None:
        with self._lock:
            self._over = True
            page = self._page
        if page is not None:
            page.wake()

    async def feed(self, socket: WebSocket) -> None:
        """Send until the attempt is over, the page is gone, or it comes anew, as after its network was away."""
        page = _Page(socket, self._ahead)
        with self._lock:
            former, self._page = self._page, page
        if former is not None:
            former.wake()
        hearing = asyncio.create_task(page.hear())
        try:
            while page.there and self._page is page and not self._over:
                await page.woken()
                if page.room and (outlines := self._take()) is not None:
                    await page.send(outlines)
        finally:
            hearing.cancel()
            await page.close()

    def _take(self) -> bytes | None:
        with self._lock:
            newest, self._newest = self._newest, None
        return newest


class _Page:
    """The page's end of a channel, on the server's loop; only `wake` may be called from other threads."""

    def __init__(self, socket: WebSocket, room: int) -> None:
        """room: messages that may be sent without an answer."""
        self._socket = socket
        self._loop = asyncio.get_running_loop()
        self._event = asyncio.Event()
        self._event.set()
        self.room = room
        self.there = True

    def wake(self) -> None:
        self._loop.call_soon_threadsafe(self._event.set)

    async def woken(self) -> None:
        """Until there may be something to do."""
        await self._event.wait()
        self._event.clear()

    async def send(self, outlines: bytes) -> None:
        self.room -= 1
        with suppress(WebSocketDisconnect):  # `hear` is told as well
            await self._socket.send_bytes(outlines)

    async def hear(self) -> None:
        """Take the page's answers until it is gone."""
        while (await self._socket.receive())["type"] == "websocket.receive":
            self.room += 1
            self._event.set()
        self.there = False
        self._event.set()

    async def close(self) -> None:
        if self.there:
            with suppress(WebSocketDisconnect):
                await self._socket.close()


@cache
def outline_desk() -> OutlineDesk:
    """The process's own; there before its first tab, since the routes are."""
    return OutlineDesk(WebSettings())
