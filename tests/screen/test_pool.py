from pathlib import Path

from core.screen.pool import screen
from tests.screening import load


def screened(addresses: list[str]) -> list[tuple[str, str]]:
    found = [(row["path"], row["error"]) for rows in screen(addresses, 2, load) for row in rows]
    return sorted(found)


def test_every_file_should_come_once() -> None:
    addresses = [f"{number}.jpg" for number in range(100)]
    assert screened(addresses) == sorted((address, "none") for address in addresses)


def test_the_files_of_a_process_that_was_killed_should_be_done_again(tmp_path: Path) -> None:
    addresses = [f"{number}.jpg" for number in range(100)]
    for place in (0, 50, 99):
        addresses[place] = f"once:{tmp_path / str(place)}"
    assert screened(addresses) == sorted((address, "none") for address in addresses)


def test_a_file_that_always_ends_its_process_should_become_a_row_with_an_error() -> None:
    found = dict(screened(["a.jpg", "kill", "b.jpg"]))
    assert found["kill"] == "The file could not be judged."
    assert set(found) == {"a.jpg", "kill", "b.jpg"}
