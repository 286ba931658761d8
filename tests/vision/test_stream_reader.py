from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import cv2
import numpy as np
import pytest

from core.flow.senses import Sense, Senses
from core.regions import EYES, Region
from core.settings import KeyFrameSettings, Settings
from core.vision.reading import Frame, Need, Reading, State
from core.vision.stream_reader import StreamReader
from tests.actions import Action, Blink, Cover, SecondFace
from tests.drawing import Thing
from tests.footage import Scene, astronaut, stranger

STILL = Scene(astronaut(), size=(480, 360), sway=0.0)
MOUTH = (238, 220)  # the middle of its mouth, px


def frames(fps: float, seconds: float, *actions: Action) -> list[Frame]:
    return [STILL.frame(number / fps, seconds, *actions) for number in range(round(seconds * fps))]


def taken(stream: Iterable[Frame], *, needed: Need = Need.NOTHING) -> list[Reading]:
    with StreamReader(Settings()) as reader:
        return [reading for frame in stream for _, reading in reader.take(frame, needed=needed)]


@pytest.mark.parametrize("fps", [12.0, 15.0, 24.0, 30.0])
def test_a_face_that_stays_as_it_is_should_be_read_a_few_times_a_second(fps: float) -> None:
    stream, limits = frames(fps, 1.8), KeyFrameSettings()
    read = taken(stream)
    times = [reading.t for reading in read]
    assert times == [frame.t for frame in stream][: len(times)]  # each frame once, and in order
    assert len(stream) - len(read) <= 2  # which wait for the next one
    meshes = [reading.t for reading in read if not reading.carried]
    assert len(meshes) <= 0.25 * len(read)
    assert all(later - earlier <= limits.every_s for earlier, later in pairwise(meshes))


def test_signs_of_a_screen_should_be_looked_for_as_often_as_if_every_frame_were_read() -> None:
    some, every = (
        [reading.t for reading in taken(frames(15.0, 1.4), needed=needed) if reading.presentation is not None]
        for needed in (Need.NOTHING, Need.MESH)
    )
    assert some == every[: len(some)] and len(every) - len(some) <= 1 and len(some) >= 4


def test_every_frame_should_be_read_while_something_is_under_way() -> None:
    assert not any(reading.carried for reading in taken(frames(15.0, 0.6), needed=Need.MESH))


def sensed(stream: Iterable[Frame], *, spare: bool = True) -> list[Sense]:
    """What the flow makes of it, which says what is under way. spare: not every frame is read."""
    senses, seen, needed = Senses(Settings()), list[Sense](), Need.MESH
    with StreamReader(Settings()) as reader:
        for frame in stream:
            for one, reading in reader.take(frame, needed=needed):
                seen.append(senses.update(one, reading))
                needed = seen[-1].needed if spare else Need.MESH
    return seen


@pytest.mark.parametrize("fps", [15.0, 30.0])
def test_the_mesh_should_be_laid_from_the_beginning_of_a_blink_to_its_end(fps: float) -> None:
    start = 0.55  # between two frames in which it is laid anyway
    read = [sense.reading for sense in sensed(frames(fps, 1.4, Blink(start, 0.4)))]
    shape = {reading.t: sum(reading.face.blink[eye] for eye in EYES) / 2 for reading in read if reading.face}
    moving = [reading for reading in read if start + 0.05 < reading.t < start + 0.35]
    assert max(shape.values()) > 0.35
    assert not any(reading.carried for reading in moving)


@pytest.mark.parametrize("fps", [15.0, 30.0])
def test_a_blink_should_be_the_same_as_if_the_mesh_were_laid_on_every_frame(fps: float) -> None:
    stream = frames(fps, 2.2, Blink(0.93, 0.3))
    some, every = ([sense.blink for sense in sensed(stream, spare=spare) if sense.blink] for spare in (True, False))
    assert len(some) == len(every) == 1
    assert (some[0].start, some[0].end, some[0].counts) == (every[0].start, every[0].end, every[0].counts)


def test_a_face_that_speaks_should_be_followed_and_its_regions_read() -> None:
    stream = [_speaking(frame) for frame in frames(15.0, 1.0)]
    read = taken(stream)
    anew = [later for earlier, later in pairwise(read) if later.carried and later.aligned is not earlier.aligned]
    assert len(anew) >= 0.3 * len(read)


def _speaking(frame: Frame) -> Frame:
    """Its mouth's shade is another in every other frame."""
    shade = np.zeros(frame.rgb.shape[:2], np.float32)
    cv2.ellipse(shade, MOUTH, (22, 14), 0, 0, 360, 0.5 * (round(frame.t * 15) % 2), -1)
    darker = frame.rgb * (1 - cv2.GaussianBlur(shade, (0, 0), 4))[..., None]
    return Frame(darker.astype(np.uint8), frame.t)


def test_a_covered_region_should_be_named_as_soon_as_if_every_frame_were_read() -> None:
    stream = frames(15.0, 1.4, Cover(Thing.HAND, Region.MOUTH, 0.5, 1.4))
    some, every = (
        [sense.t for sense in sensed(stream, spare=spare) if sense.states[Region.MOUTH] is State.BLOCKED]
        for spare in (True, False)
    )
    assert some and some[0] <= every[0] + 1 / 15 + 1e-6


def test_a_second_face_should_be_seen_as_soon_as_if_every_frame_were_read() -> None:
    stream = frames(15.0, 1.2, SecondFace(stranger(), 0.6, 1.8))
    some, every = (
        [sense.t for sense in sensed(stream, spare=spare) if sense.reading.others] for spare in (True, False)
    )
    assert some and some[0] <= every[0] + 1 / 15 + 1e-6


def test_a_stream_of_another_size_should_be_read_at_once() -> None:
    first, second = frames(15.0, 0.14)
    half = Frame(cv2.resize(second.rgb, (240, 180), interpolation=cv2.INTER_AREA), second.t)
    assert [reading.carried for reading in taken([first, half])] == [False, False]


def test_a_stream_that_begins_anew_should_be_read_at_once() -> None:
    first, second = frames(15.0, 0.14)
    assert [reading.carried for reading in taken([second, first])] == [False, False]


def test_what_is_shown_should_be_of_the_latest_frame() -> None:
    with StreamReader(Settings()) as reader:
        first, second = frames(15.0, 0.14)
        ((_, reading),) = reader.take(first, needed=Need.NOTHING)
        assert reader.now(reading) is reading
        assert reader.take(second, needed=Need.NOTHING) == []
        assert reader.now(reading).t == second.t
