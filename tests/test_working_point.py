"""The blink's working point on drawn footage: read once, and thinned as slower cameras would see it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks.attacks.camera import Camera
from benchmarks.attacks.people import Person
from benchmarks.attacks.sources import SIZE, Sources
from benchmarks.attacks.species import TwoPrints
from benchmarks.blinks import blinks, slowed
from core.flow.snapshot import Snapshot
from core.settings import Settings
from core.vision.reader import FaceReader
from core.vision.reading import Frame, Image, Reading
from tests.footage import Blink, Scene, astronaut

CAMERA = Camera(fps=30.0, noise=1.5, quality=90)
RATES = (12.0, 15.0, 24.0, 30.0)


@dataclass
class Blinker:
    """A person who blinks once a second."""

    scene: Scene

    def look(self, t: float, seen: Snapshot | None) -> Image:
        return self.scene.frame(t, 12.0, Blink(1.0, 0.4), Blink(2.13, 0.4)).rgb


def read(person: Person, seconds: float) -> list[Reading]:
    settings, rng = Settings(), np.random.default_rng(5)
    with FaceReader(settings, live=True) as reader:
        times = [index / 30 for index in range(round(seconds * 30))]
        return [reader.read(Frame(CAMERA.take(person.look(t, None), rng, t), t)) for t in times]


@pytest.fixture(scope="module")
def blinking() -> list[Reading]:
    return read(Blinker(Scene(astronaut(), size=SIZE, inter_eye=0.24, noise=0.0)), 3.0)


@pytest.fixture(scope="module")
def exchanged() -> list[Reading]:
    prints = TwoPrints(Sources(None, None), np.random.default_rng(2))
    prints._change_s, prints._shut_s, prints._open_s = 0.0, 0.3, 0.8
    return read(prints, 3.0)


@pytest.mark.parametrize("fps", RATES)
def test_should_count_drawn_blinks(fps: float, blinking: list[Reading]) -> None:
    found = blinks(slowed(blinking, fps, 0.0), Settings())
    assert len(found) == 2
    assert any(blink.counts for blink in found)


@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize("start", [0.0, 0.04])
def test_should_not_count_two_prints_in_turn(fps: float, start: float, exchanged: list[Reading]) -> None:
    found = blinks(slowed(exchanged, fps, start), Settings())
    assert found
    assert not any(blink.counts for blink in found)
