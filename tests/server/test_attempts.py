from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest

from core.flow.outcome import Ending, Outcome
from core.flow.snapshot import Phase, Reason, Restarted, Snapshot
from core.server.attempts import Attempts
from core.server.outlines import OutlineDesk
from core.settings import Settings, WebSettings
from core.stream.live import View
from core.stream.outlines import outlines
from core.vision.assets import AssetError
from tests.fakes import ScriptedProcessor, selfie, snapshot, video_frame

NOW = datetime(2026, 3, 1, tzinfo=timezone.utc)
CAPTURED = View(snapshot=snapshot(phase=Phase.CAPTURED), selfie=selfie())


class Entry:
    def __init__(self) -> None:
        self.closed: list[Outcome] = []

    def see(self, seen: Snapshot) -> None: ...

    def close(self, outcome: Outcome) -> None:
        self.closed.append(outcome)


def started(*script: Snapshot | Exception, entry: Entry | None = None) -> Attempts:
    """An attempt that runs and has had its frames."""
    processor = ScriptedProcessor(script or (snapshot(),))
    attempts = Attempts(
        open_processor=lambda settings, seed: processor,
        open_entry=(lambda strict: entry) if entry else None,
        now=lambda: NOW,
    )
    attempts.start()
    assert attempts.capture is not None
    for number in range(len(script)):
        attempts.capture.receive(video_frame(number / 10))
    return attempts


def ended(reason: Reason) -> View:
    return View(snapshot=snapshot(phase=Phase.ENDED, restart=reason))


def test_should_start_with_nothing_running() -> None:
    attempts = Attempts()

    assert not attempts.running
    assert attempts.view() is None
    assert not attempts.settle(CAPTURED)


def test_should_keep_the_selfie_and_let_the_camera_go() -> None:
    attempts = started()

    over = attempts.settle(CAPTURED)

    assert over and not attempts.running
    assert attempts.ending == Ending(Outcome.CAPTURED)
    assert len(attempts.photos) == 1


def test_should_keep_the_selfies_of_earlier_attempts() -> None:
    attempts = Attempts()
    for _ in range(3):
        attempts.start()
        attempts.settle(CAPTURED)

    assert len(attempts.photos) == 3


def test_should_say_why_an_attempt_ended() -> None:
    attempts = started()

    view = ended(Reason.TOO_MANY_TRIES)
    failed = (Restarted(1.0, Reason.FACE_LOST), Restarted(2.0, Reason.MISSED_CUE))

    assert attempts.settle(replace(view, events=failed))
    assert attempts.ending == Ending(Outcome.TOO_MANY_TRIES, last_try=Reason.MISSED_CUE)
    assert not attempts.running


def test_should_go_on_while_the_attempt_does() -> None:
    attempts = started()

    assert not attempts.settle(View(snapshot=snapshot()))
    assert attempts.running


def test_should_not_begin_a_second_attempt_beside_one_that_runs() -> None:
    attempts = started()
    first = attempts.capture

    attempts.start()

    assert attempts.capture is first


def test_should_say_what_is_wrong_with_the_models() -> None:
    attempts = started()

    error = AssetError("broken", file="models/eyes.onnx")
    assert attempts.settle(View(model_error=error))
    assert attempts.ending == Ending(Outcome.MODELS_BROKEN, error)


def test_should_forget_how_the_last_attempt_ended_when_a_new_one_starts() -> None:
    attempts = started()
    attempts.end(Outcome.CAMERA_DENIED)
    assert attempts.ending == Ending(Outcome.CAMERA_DENIED)

    attempts.start()

    assert attempts.running
    assert attempts.ending is None


def test_should_begin_each_attempt_with_a_processor_of_its_own() -> None:
    opened: list[tuple[bool, int]] = []

    def open_processor(settings: Settings, seed: int) -> ScriptedProcessor:
        opened.append((settings.challenge.strict, seed))
        return ScriptedProcessor()

    attempts = Attempts(open_processor=open_processor)
    for strict in (False, True):
        attempts.strict = strict
        attempts.start()
        assert attempts.capture is not None
        attempts.capture.receive(video_frame(0.0))
        attempts.end(Outcome.LEFT)

    assert [strict for strict, _ in opened] == [False, True]
    assert opened[0][1] != opened[1][1]


@pytest.mark.parametrize("outcome", [Outcome.LEFT, Outcome.CAMERA_DENIED, Outcome.LOST])
def test_should_tell_the_log_and_the_metrics_once_how_it_ended(outcome: Outcome) -> None:
    entry = Entry()
    told: list[Outcome] = []
    attempts = started(entry=entry)
    attempts.on_end = lambda outcome, signs: told.append(outcome)

    attempts.end(outcome)
    attempts.end(Outcome.IDLE)

    assert entry.closed == told == [outcome]


def test_should_log_broken_models_even_when_the_person_leaves_before_the_page_says_so() -> None:
    entry = Entry()
    attempts = started(AssetError("broken", file="models/eyes.onnx"), entry=entry)

    attempts.end(Outcome.LEFT)

    assert entry.closed == [Outcome.MODELS_BROKEN]


def test_should_keep_a_selfie_that_was_taken_in_the_moment_of_stopping() -> None:
    entry = Entry()
    attempts = started(snapshot(phase=Phase.CAPTURED, taken=selfie()), entry=entry)

    attempts.end(Outcome.LEFT)

    assert len(attempts.photos) == 1
    assert entry.closed == [Outcome.CAPTURED]


def test_should_process_no_frame_after_the_end() -> None:
    processor = ScriptedProcessor()
    attempts = Attempts(open_processor=lambda settings, seed: processor)
    attempts.start()
    capture = attempts.capture
    assert capture is not None

    attempts.end(Outcome.LEFT)
    capture.receive(video_frame(0.0))

    assert not processor.frames


class Wall(OutlineDesk):
    """Remembers what was shown under which name, and whose end was told."""

    def __init__(self) -> None:
        super().__init__(WebSettings())
        self.shown: list[tuple[str, bytes]] = []
        self.closed: list[str] = []

    def send(self, name: str, outlines: bytes) -> None:
        self.shown.append((name, outlines))

    def close(self, name: str) -> None:
        self.closed.append(name)


def test_should_show_each_attempts_outlines_under_a_name_of_its_own() -> None:
    wall, names = Wall(), []
    attempts = Attempts(outlines=wall, open_processor=lambda settings, seed: ScriptedProcessor())
    for _ in range(2):
        attempts.start()
        names.append(attempts.outline_name)
        assert attempts.capture is not None
        attempts.capture.receive(video_frame(0.0))
        attempts.end(Outcome.LEFT)

    assert wall.shown == [(name, outlines(snapshot(), 1)) for name in names]
    assert wall.closed == names and names[0] != names[1]
