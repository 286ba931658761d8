"""On a Ray of this machine; skipped where requirements-cluster.txt is not installed."""

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.screening import load

pytest.importorskip("ray")

from core.screen.cluster import LOCAL, screen


def screened(addresses: Sequence[str]) -> list[tuple[str, str]]:
    return sorted((row["path"], row["error"]) for rows in screen(addresses, LOCAL, 2, load) for row in rows)


def test_every_file_should_come_once_though_actors_die(tmp_path: Path) -> None:
    addresses = [f"{number}.jpg" for number in range(200)]
    for place in (0, 100):
        addresses[place] = f"once:{tmp_path / str(place)}"
    assert screened([*addresses, "kill"]) == sorted(
        [*((address, "none") for address in addresses), ("kill", "The file could not be judged.")]
    )


def test_a_wrong_address_should_be_called_so_at_once() -> None:
    with pytest.raises(ConnectionError):
        list(screen(["a.jpg"], "127.0.0.1:1", 1, load))


def test_a_name_that_is_no_text_should_come_back_escaped() -> None:
    assert screened([os.fsdecode(b"odd\xff.jpg"), "plain.jpg"]) == [("odd\\udcff.jpg", "none"), ("plain.jpg", "none")]
