"""Word of news: when a page that shows an attempt must be drawn anew, and when it need not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.flow.snapshot import Advice, Hint, Phase, Reason, Snapshot
from core.regions import Region
from core.settings import WebSettings
from core.stream.live import LiveCapture
from core.vision.reading import State
from tests.fakes import CLEAR, ScriptedProcessor, selfie, snapshot, video_frame


def changes(*script: Snapshot | Exception, width: int = 64) -> list[int]:
    """What the page is told after each frame; the last one is as wide as said."""
    told: list[bytes] = []
    capture = LiveCapture(lambda: ScriptedProcessor(script), WebSettings(), show=told.append)
    for number in range(len(script)):
        capture.receive(video_frame(number / 10, width if number == len(script) - 1 else 64))
    counts = [int(np.frombuffer(message, "<i2")[4]) for message in told]
    assert counts[-1] == capture.view().changes
    return counts


def test_should_not_call_the_page_while_what_it_shows_stays() -> None:
    seen = snapshot(phase=Phase.BLINK)
    assert changes(*(replace(seen, t=number / 10) for number in range(5))) == [1] * 5


def test_should_not_call_the_page_for_progress_which_it_is_told_of() -> None:
    assert changes(*(snapshot(t, progress=t) for t in (0.0, 0.3, 0.6))) == [1] * 3


@pytest.mark.parametrize(
    "news",
    [
        snapshot(1.0, Phase.BLINK),
        snapshot(1.0, advice=Advice(Hint.OPEN_EYES)),
        snapshot(1.0, badges={**CLEAR, Region.MOUTH: State.BLOCKED}),
        snapshot(1.0, badges={}),
        snapshot(1.0, restart=Reason.FACE_CHANGED),
        snapshot(1.0, Phase.CAPTURED, taken=selfie()),
        replace(snapshot(1.0), tries_left=2),
    ],
)
def test_should_call_the_page_with_the_very_frame_that_brings_news(news: Snapshot) -> None:
    assert changes(snapshot(), snapshot(0.9), news) == [1, 1, 2]


def test_should_call_the_page_when_the_picture_has_another_size() -> None:
    assert changes(snapshot(), snapshot(1.0), width=80) == [1, 2]


def test_should_call_the_page_when_frames_can_be_processed_again() -> None:
    assert changes(snapshot(), ValueError("bad frame"), snapshot(1.0)) == [1, 2]
