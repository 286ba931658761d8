"""What calls of the API cost, with many sessions in the database, and whether a live capture beside them notices.

    python -m benchmarks.api [--sessions 10000] [--calls 200] [--seconds 10]

Prints one JSON object. The times are a caller's on the same machine, so they hold the server's and a little more.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import socket
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import insert

from benchmarks.sessions.app import App
from benchmarks.sessions.crowd import Crowd
from core.api.keys import new_key
from core.settings import SessionSettings, StoreSettings
from core.store.config import database_url
from core.store.log import utc_now
from core.store.session_record import Order
from core.store.session_table import new_row, sessions
from core.store.sessions import SessionStore
from core.store.table import open_engine

_SETTLE_S = 4.0  # until the pictures have come up to speed
_CALLS_A_SECOND = 20.0  # beside the live capture; twice what a key may make in the long run

_KEPT_S = 2.0  # after that the server may have closed a connection that nobody used


class Caller:
    """One connection that stays open."""

    def __init__(self, port: int, key: str) -> None:
        self._connection = http.client.HTTPConnection("localhost", port, timeout=10)
        self._used = time.monotonic()
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def call(self, method: str, path: str, body: str | None = None) -> tuple[float, Any]:
        """Milliseconds, and the answer. Raises RuntimeError for anything but 2xx."""
        if time.monotonic() - self._used > _KEPT_S:
            self._connection.close()  # it is opened again by itself
        self._used, started = time.monotonic(), time.perf_counter()
        self._connection.request(method, f"/api/v1/sessions{path}", body, self._headers)
        if hasattr(socket, "TCP_QUICKACK"):  # the server sends head and body apart and waits for word of the first
            self._connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        answer = self._connection.getresponse()
        content = answer.read()
        took = (time.perf_counter() - started) * 1000
        if answer.status >= 300:
            raise RuntimeError(f"{answer.status} {content!r}")
        return took, json.loads(content)


def fill(folder: Path, count: int) -> None:
    """Put so many sessions of "shop" into the database."""
    engine = open_engine(database_url({"ATTEMPT_LOG_DIR": str(folder)}, StoreSettings()), StoreSettings())
    store = SessionStore(engine, SessionSettings(), lambda session: "", utc_now)
    store.find("")  # makes the tables
    now = utc_now()
    order = Order("shop", now + timedelta(days=1), reference="benchmark", round="round")
    rows = [new_row(f"{number:022}", order, now - timedelta(seconds=count - number)) for number in range(count)]
    with engine.begin() as connection:
        connection.execute(insert(sessions), rows)
    engine.dispose()


def costs(caller: Caller, calls: int) -> dict[str, Any]:
    """Milliseconds of each kind of call."""
    _, page = caller.call("GET", "?limit=200")
    cursor = page["next"]
    kinds: dict[str, Callable[[], tuple[float, Any]]] = {
        "create": lambda: caller.call("POST", "", '{"reference": "benchmark"}'),
        "get": lambda: caller.call("GET", f"/{5:022}"),
        "first_page_of_50": lambda: caller.call("GET", "?limit=50"),
        "later_page_of_50": lambda: caller.call("GET", f"?limit=50&cursor={cursor}"),
        "page_of_200": lambda: caller.call("GET", "?limit=200"),
        "page_of_a_round": lambda: caller.call("GET", "?limit=50&round=round"),
    }
    found = {}
    for name, call in kinds.items():
        times = [call()[0] for _ in range(calls)]
        found[name] = {f"p{share}": round(float(np.percentile(times, share)), 1) for share in (50, 95)}
    return found


def live(app: App, caller: Caller, seconds: float) -> dict[str, Any]:
    """Frames a second of one live capture, alone and with calls beside it."""
    crowd = Crowd(app.url, 1, 2 * seconds + _SETTLE_S + 3)
    crowd.go()
    time.sleep(_SETTLE_S)

    def rate(beside: Callable[[], object]) -> float:
        before, started = len(app.snapshots()), time.monotonic()
        while time.monotonic() - started < seconds:
            beside()
        return round((len(app.snapshots()) - before) / (time.monotonic() - started), 1)

    count = 0

    def calls() -> None:
        nonlocal count
        for method, path, body in (("POST", "", "{}"), ("GET", "?limit=50", None)):
            caller.call(method, path, body)
            count += 1
            time.sleep(1 / _CALLS_A_SECOND)

    found = {"fps_alone": rate(lambda: time.sleep(0.05)), "fps_with_calls": rate(calls)}
    crowd.reports()
    return {**found, "calls_a_second": round(count / seconds, 1)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api", description=__doc__)
    parser.add_argument("--sessions", type=int, default=10_000)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=10.0)
    options = parser.parse_args()
    key, entry = new_key("shop")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        fill(folder, options.sessions)
        env = {"API_KEYS": entry, "API_LIMIT": "1000000", "ATTEMPT_LOG_DIR": place, "KEY_DIR": str(folder / "keys")}
        with App(folder, MAX_SESSIONS="1", **env) as app:
            caller = Caller(app.port, key)
            result = {
                "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
                "load_average": round(os.getloadavg()[0], 1),
                "sessions": options.sessions,
                "ms": costs(caller, options.calls),
                "live": live(app, caller, options.seconds),
            }
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
