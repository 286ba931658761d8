"""The app in a process of its own, and what it uses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from types import TracebackType

from tests.browser.harness import free_port

ROOT = Path(__file__).resolve().parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")


class App:
    """The app in a process of its own."""

    def __init__(self, folder: Path, *, address: str = "localhost", **env: str) -> None:
        """address: that it listens on. env: added to the environment."""
        self.port = free_port()
        self._address = address
        self.url = f"http://{address}:{self.port}"
        self.notes = folder / "notes"
        self.log = folder / "log"
        self._env = os.environ | {"OMP_NUM_THREADS": "1"} | env

    def __enter__(self) -> App:
        options = {"port": self.port, "address": self._address, "headless": "true", "fileWatcherType": "none"}
        command = [sys.executable, "-m", "benchmarks.sessions.watched_app", str(self.notes)]
        command += [f"--server.{name}={value}" for name, value in options.items()]
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=self._env, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not self.answers_in():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError(f"the app did not start:\n{self.log.read_text()}")
            time.sleep(0.2)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def answers_in(self) -> float | None:
        """Seconds until the health page answers; None when it does not."""
        started = time.monotonic()
        try:
            with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=5):
                return time.monotonic() - started
        except OSError:
            return None

    def use(self) -> dict[str, float]:
        """cpu: seconds since its start. memory_mb: its own, without what it shares. threads, files: open now."""
        process = Path(f"/proc/{self._process.pid}")
        fields = (process / "stat").read_text().rpartition(") ")[2].split()
        return {
            "cpu": (int(fields[11]) + int(fields[12])) / _TICKS,
            "memory_mb": private_mb(self._process.pid),
            "threads": int(fields[17]),
            "files": len(list((process / "fd").iterdir())),
        }

    def snapshots(self) -> dict[int, float]:
        """Number of each frame so far -> when its snapshot was there."""
        return {int(number): float(t) for number, t, *_ in self._rows() if number != "None"}

    def frames(self) -> list[tuple[float, int, int]]:
        """(time.monotonic() of its snapshot, width, height) of each frame so far."""
        return [(float(t), int(width), int(height)) for _, t, width, height in self._rows()]

    def _rows(self) -> list[list[str]]:
        rows = (line.split() for line in self.notes.read_text().splitlines())
        return [row for row in rows if len(row) == 4]  # the last line may be half written


def private_mb(pid: int) -> float:
    """Megabytes of memory that a process shares with no other."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in rollup if line.startswith("Private_")) / 1024
