"""A slow or lossy link between browser and app: a network namespace for the browser. Linux, as root, with tc and nft.

The rate is held by tbf in both directions, with a queue of 0.4 s, as a phone's; packets are lost on the browser's way
out, each by chance, by a rule of nftables: netem, which does both, is missing in many kernels.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import TracebackType

_SPACE = "selfie-phone"
_ENDS = ("selfie-app", "selfie-eth")  # of the link, at most 15 letters each
_TABLE = "selfie_loss"
APP, _PHONE = "10.77.0.1", "10.77.0.2"
_DOWN_MBIT = 8.0  # megabits a second towards the browser, at the least: of the two ways the one out is narrow


class Link:
    """Stands while the `with` block does."""

    def __init__(self, folder: Path, mbit_s: float, loss: float) -> None:
        """folder: for the browser's starter. mbit_s: megabits a second from the browser; 0: as fast as it goes.

        loss: share of the packets, 0..1. Raises subprocess.CalledProcessError where a command is missing or refused.
        """
        self._mbit_s = mbit_s
        self._loss = loss
        self._browser = folder / "chromium-behind-the-link"

    def browser(self, executable: str) -> Path:
        """A starter for that browser behind the link."""
        self._browser.write_text(f'#!/bin/sh\nexec ip netns exec {_SPACE} {executable} "$@"\n')
        self._browser.chmod(0o755)
        return self._browser

    def received(self) -> int:
        """Bytes that have come from the browser, of the video and of the page."""
        return int(Path(f"/sys/class/net/{_ENDS[0]}/statistics/rx_bytes").read_text())

    def __enter__(self) -> Link:
        here, there = _ENDS
        self._take_down()
        _run(f"ip netns add {_SPACE}")
        _run(f"ip link add {here} type veth peer name {there}")
        _run(f"ip link set {there} netns {_SPACE}")
        _run(f"ip addr add {APP}/24 dev {here}")
        _run(f"ip link set {here} up")
        _run(f"ip addr add {_PHONE}/24 dev {there}", inside=True)
        _run(f"ip link set {there} up", inside=True)
        _run("ip link set lo up", inside=True)
        if self._mbit_s:
            _run(f"tc qdisc add dev {there} root tbf rate {self._mbit_s}mbit burst 4kb latency 400ms", inside=True)
            down = max(_DOWN_MBIT, self._mbit_s)
            _run(f"tc qdisc add dev {here} root tbf rate {down}mbit burst 8kb latency 400ms")
        if self._loss:
            _run(f"nft add table netdev {_TABLE}")
            _run(f"nft add chain netdev {_TABLE} in {{ type filter hook ingress device {here} priority 0 ; }}")
            lost = round(self._loss * 1000)
            _run(f"nft add rule netdev {_TABLE} in meta l4proto udp numgen random mod 1000 < {lost} drop")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._take_down()

    def _take_down(self) -> None:
        for command in (f"ip netns del {_SPACE}", f"ip link del {_ENDS[0]}", f"nft delete table netdev {_TABLE}"):
            subprocess.run(command.split(), stderr=subprocess.DEVNULL, check=False)


def _run(command: str, *, inside: bool = False) -> None:
    within = ["ip", "netns", "exec", _SPACE] if inside else []
    subprocess.run([*within, *command.split()], check=True, env=os.environ | {"LC_ALL": "C"})
