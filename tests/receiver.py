"""A back end that waits for webhooks and for people who come back."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType


@dataclass(frozen=True)
class Received:
    """One request."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class Receiver:
    """Listens on loopback while the `with` block does. status: what it answers to webhooks. page: what it shows."""

    def __init__(self, port: int = 0) -> None:
        self.status = 204
        self.page = b""
        self.requests: list[Received] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def _take(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                receiver.requests.append(Received(self.command, self.path, dict(self.headers.items()), body))
                shown = receiver.page if self.command == "GET" else b""
                self.send_response(receiver.status if self.command == "POST" else 200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(shown)))
                self.end_headers()
                self.wfile.write(shown)

            do_GET = do_POST = _take

            def log_message(self, format: str, *values: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Receiver:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def webhooks(self) -> list[Received]:
        return [request for request in self.requests if request.method == "POST"]

    def wait_for(self, true: Callable[[], bool], timeout_s: float = 30.0) -> None:
        """Until it is. Raises AssertionError when it does not come about."""
        deadline = time.monotonic() + timeout_s
        while not true():
            assert time.monotonic() < deadline, f"only {self.requests}"
            time.sleep(0.05)
