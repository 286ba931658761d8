"""Stills: how the page learns that one is wanted, and what becomes of the bytes it hands in.

    GET  /still/{name}?after=N    answers when a still with a number above N is wanted, and how many seconds its way may
                                  take, or after a while that none is
    POST /still/{name}/{number}?at=A&size=S
                                  the picture, or the part of its S bytes that begins at byte A

The name is drawn at random for each attempt and known to its page only.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
from collections.abc import Callable
from functools import cache
from io import BytesIO

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from core.files.error import FileError
from core.files.photo import load_photo
from core.flow.still import Refusal, Still
from core.server.pipeline import StillReader
from core.settings import Settings
from core.vision.reading import Image

logger = logging.getLogger(__name__)

Take = Callable[[Still], Refusal | None]
MakeStill = Callable[[int, Image], Still]

_POLL_S = 20.0  # seconds until the page asks anew: proxies close silent connections after 30 to 60


class StillDesk:
    """The attempts that take stills. `open`, `ask` and `close` may be called from any thread."""

    def __init__(self, make_still: MakeStill, settings: Settings) -> None:
        """make_still: reads a picture (H, W, 3) uint8 RGB; called on worker threads, one at a time."""
        self._make_still = make_still
        self._settings = settings
        self._reading = threading.Lock()
        self._lock = threading.Lock()
        self._takers: dict[str, Take] = {}
        self._wanted: dict[str, int] = {}
        self._parts: dict[str, bytearray] = {}
        self._waiting: dict[str, list[tuple[asyncio.AbstractEventLoop, asyncio.Event]]] = {}

    def open(self, take: Take) -> str:
        """An attempt begins; what its page hands in goes to `take`. The answer is the name for the page."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._takers[name] = take
        return name

    def close(self, name: str) -> None:
        """The attempt is over: nothing more is taken."""
        with self._lock:
            self._takers.pop(name, None)
            self._wanted.pop(name, None)
            self._parts.pop(name, None)
        self._wake(name)

    def ask(self, name: str, number: int) -> None:
        """Have the page take a picture now."""
        with self._lock:
            if name in self._takers:
                self._wanted[name] = number
        self._wake(name)

    @property
    def waiting(self) -> int:
        """Pages that wait for a request now."""
        return sum(map(len, self._waiting.values()))

    def routes(self) -> list[BaseRoute]:
        """What the page talks to."""
        return [
            Route("/still/{name}", self._wait, methods=["GET"]),
            Route("/still/{name}/{number:int}", self._receive, methods=["POST"]),
        ]

    def _wake(self, name: str) -> None:
        with self._lock:
            waiting = self._waiting.pop(name, [])
        for loop, event in waiting:
            loop.call_soon_threadsafe(event.set)

    def _forget(self, name: str, event: asyncio.Event) -> None:
        with self._lock:
            left = [one for one in self._waiting.pop(name, []) if one[1] is not event]
            if left:
                self._waiting[name] = left

    async def _wait(self, request: Request) -> Response:
        name, after = request.path_params["name"], request.query_params.get("after", "0")
        if name not in self._takers or not after.isdecimal() or len(after) > 9:
            return Response(status_code=404)
        event = asyncio.Event()
        with self._lock:
            wanted = self._wanted.get(name, 0)
            if wanted <= int(after):
                self._waiting.setdefault(name, []).append((asyncio.get_running_loop(), event))
        if wanted <= int(after):
            try:
                await asyncio.wait_for(event.wait(), _POLL_S)
            except asyncio.TimeoutError:
                return Response(status_code=204)
            finally:
                self._forget(name, event)
            if name not in self._takers:  # the attempt ended meanwhile
                return Response(status_code=404)
            wanted = self._wanted.get(name, 0)
        answer = {"number": wanted, "seconds": self._settings.still.upload_s}
        return JSONResponse(answer, headers={"Cache-Control": "no-store"})

    async def _receive(self, request: Request) -> Response:
        name, number = request.path_params["name"], request.path_params["number"]
        at, size = request.query_params.get("at", "0"), request.query_params.get("size", "0")
        take = self._takers.get(name)
        if take is None or number != self._wanted.get(name):
            return Response(status_code=404)
        before = bytes(self._parts.pop(name, b"")) if at != "0" else b""
        if not size.isdecimal() or len(size) > 9 or at != str(len(before)):
            return Response(status_code=400)
        data = bytearray(before)
        try:
            async for chunk in request.stream():
                data += chunk
                if len(data) > self._settings.still.most_bytes:
                    logger.info("still refused: too many bytes")
                    return Response(status_code=413)
        except ClientDisconnect:
            return Response(status_code=400)
        if len(data) < int(size):
            with self._lock:
                if name in self._takers:
                    self._parts[name] = data
            return Response(status_code=202)
        await run_in_threadpool(self._hand_on, take, number, bytes(data))
        return Response(status_code=204)

    def _hand_on(self, take: Take, number: int, data: bytes) -> None:
        try:
            rgb = load_photo(BytesIO(data), self._settings.files)
            with self._reading:
                still = self._make_still(number, rgb)
            refusal = take(still)
        except FileError as error:
            logger.info("still refused: %s", error)
            return
        except Exception:  # the stream's frame is the selfie
            logger.exception("A still could not be read")
            return
        if refusal is not None:
            logger.info("still refused: %s", refusal.value)


@cache
def still_desk() -> StillDesk:
    """The process's own; there before its first tab, since the routes are."""
    settings = Settings()
    return StillDesk(StillReader(settings), settings)
