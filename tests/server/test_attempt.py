from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from core.flow.snapshot import Phase, Reason, Snapshot
from core.server.attempt import Ending, Visit
from core.settings import Settings
from core.stream.live import View
from core.vision.assets import AssetError
from tests.fakes import ScriptedProcessor, selfie, snapshot, video_frame

NOW = datetime(2026, 3, 1, tzinfo=timezone.utc)


class Entry:
    def __init__(self) -> None:
        self.closed: list[bool] = []

    def see(self, seen: Snapshot) -> None: ...

    def close(self, *, no_camera: bool = False) -> None:
        self.closed.append(no_camera)


def ended(reason: Reason) -> View:
    return View(snapshot=snapshot(phase=Phase.ENDED, restart=reason))


def test_should_start_with_nothing_running() -> None:
    visit = Visit()

    assert not visit.running
    assert not visit.settle(View(), NOW)


def test_should_keep_the_selfie_and_let_the_camera_go() -> None:
    visit = Visit()
    visit.start()

    over = visit.settle(View(snapshot=snapshot(phase=Phase.CAPTURED), selfie=selfie()), NOW)

    assert over and not visit.running
    assert visit.ending is Ending.CAPTURED
    assert len(visit.photos) == 1


def test_should_keep_the_selfies_of_earlier_attempts() -> None:
    visit = Visit()
    for _ in range(3):
        visit.start()
        visit.settle(View(snapshot=snapshot(phase=Phase.CAPTURED), selfie=selfie()), NOW)

    assert len(visit.photos) == 3


def test_should_say_why_an_attempt_ended() -> None:
    visit = Visit()
    visit.start()

    assert visit.settle(ended(Reason.TOO_MANY_TRIES), NOW)
    assert (visit.ending, visit.reason) == (Ending.ENDED, Reason.TOO_MANY_TRIES)
    assert not visit.running


def test_should_go_on_while_the_attempt_does() -> None:
    visit = Visit()
    visit.start()

    assert not visit.settle(View(snapshot=snapshot()), NOW)
    assert visit.running


def test_should_say_what_is_wrong_with_the_models() -> None:
    visit = Visit()
    visit.start()

    error = AssetError("broken", file="models/eyes.onnx")
    assert visit.settle(View(model_error=error), NOW)
    assert (visit.ending, visit.model_error) == (Ending.MODELS, error)

    visit.start()
    assert visit.model_error is None


def test_should_forget_how_the_last_attempt_ended_when_a_new_one_starts() -> None:
    visit = Visit()
    visit.start()
    visit.refuse("denied")
    assert (visit.ending, visit.trouble) == (Ending.CAMERA, "denied")

    visit.start()

    assert visit.running
    assert visit.ending is visit.reason is visit.trouble is None


def test_should_begin_each_attempt_with_a_processor_of_its_own() -> None:
    opened: list[tuple[bool, int]] = []

    def open_processor(settings: Settings, seed: int) -> ScriptedProcessor:
        opened.append((settings.challenge.strict, seed))
        return ScriptedProcessor()

    visit = Visit(open_processor=open_processor)
    for strict in (False, True):
        visit = replace(visit, strict=strict)
        visit.start()
        assert visit.capture is not None
        visit.capture.receive(video_frame(0.0))

    assert [strict for strict, _ in opened] == [False, True]
    assert opened[0][1] != opened[1][1]


@pytest.mark.parametrize(("leave", "no_camera"), [("stop", False), ("refuse", True), ("settle", False)])
def test_should_close_the_entry_in_the_log_however_it_ends(leave: str, no_camera: bool) -> None:
    entry = Entry()
    visit = Visit(open_entry=lambda strict: entry)
    visit.start()

    if leave == "stop":
        visit.stop()
    elif leave == "refuse":
        visit.refuse("denied")
    else:
        visit.settle(ended(Reason.NO_PROGRESS), NOW)

    assert entry.closed == [no_camera]
