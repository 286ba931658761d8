"""What looks shown to the camera must answer cues, and a person who answers them is captured."""

from __future__ import annotations

import pytest

from core.flow.snapshot import Cued, Hint, Phase, Reason, Restarted, Snapshot, Suspected
from core.settings import Settings
from core.vision.reading import Presentation, Sign
from tests.flow.script import Script, blink, during, frame_of, play, processor

SCREEN = Presentation(0.95, 0.02, 0.3, (Sign.SCREEN,))
PERSON = Presentation(0.01, 0.01, 0.02)


def answer_every_cue(script: Script, seconds: float) -> list[Snapshot]:
    """A person who blinks half a second after each cue."""
    machine, seen, blinks = processor(), [], list(script.changes)
    for index in range(round(seconds * script.fps)):
        t = index / script.fps
        (now,) = Script(script.fps, blinks).readings(1 / script.fps, t)
        seen.append(machine.advance(frame_of(now), now))
        if any(isinstance(event, Cued) for event in seen[-1].events):
            blinks.append(blink(t + 0.5))
        if seen[-1].phase.final:
            break
    return seen


def suspicions(seen: list[Snapshot]) -> list[Suspected]:
    return [event for snapshot in seen for event in snapshot.events if isinstance(event, Suspected)]


def test_should_ask_a_face_that_looks_shown_for_cues_in_standard_mode() -> None:
    script = Script().then(during(0, 60, shown=SCREEN), blink(2.0), blink(4.5))
    seen = play(script, 6.0)
    assert [found.sign for found in suspicions(seen)] == [Sign.SCREEN]
    assert Phase.CHECK not in {snapshot.phase for snapshot in seen}
    assert Hint.ONE_MORE_CHECK in {snapshot.advice.hint for snapshot in seen}
    assert any(isinstance(event, Cued) for snapshot in seen for event in snapshot.events)


def test_should_never_capture_a_replay_that_answers_no_cue() -> None:
    blinks = [blink(1.0 + 3.1 * number) for number in range(20)]
    seen = play(Script().then(during(0, 90, shown=SCREEN), *blinks), 60.0)
    assert Phase.CAPTURED not in {snapshot.phase for snapshot in seen}


def test_should_capture_a_suspected_person_who_answers_and_say_so() -> None:
    seen = answer_every_cue(Script().then(during(0, 60, shown=SCREEN)), 30.0)
    assert seen[-1].phase is Phase.CAPTURED
    assert seen[-1].t < 20.0
    selfie = seen[-1].selfie
    assert selfie is not None
    assert [found.sign for found in selfie.suspicions] == [Sign.SCREEN]
    assert not selfie.strict


def test_should_go_back_from_the_check_without_counting_a_try() -> None:
    seen = play(Script().then(blink(1.0), during(0, 1.5, shown=PERSON), during(1.5, 9, shown=SCREEN)), 4.0)
    reasons = [event.reason for snapshot in seen for event in snapshot.events if isinstance(event, Restarted)]
    assert reasons == [Reason.SUSPECTED]
    assert seen[-1].phase is Phase.BLINK
    assert seen[-1].restart is Reason.SUSPECTED
    assert seen[-1].tries_left == 3


@pytest.mark.parametrize("shown", [None, PERSON])
def test_should_leave_a_person_alone(shown: Presentation | None) -> None:
    seen = play(Script().then(blink(1.0), during(0, 9, shown=shown)), 5.0)
    assert seen[-1].phase is Phase.CAPTURED
    assert seen[-1].selfie is not None
    assert seen[-1].selfie.suspicions == ()
    assert not suspicions(seen)


def test_should_suspect_nobody_any_more_in_a_new_attempt() -> None:
    machine = processor()
    play(Script().then(during(0, 3, shown=SCREEN)), 3.0, machine)
    machine.restart()
    seen = play(Script().then(during(3, 30, shown=PERSON), blink(4.5)), 6.0, machine, start=3.0)
    assert seen[-1].phase is Phase.CAPTURED
    assert seen[-1].suspicions == ()


def test_should_ask_for_cues_behind_a_virtual_camera_even_when_its_clock_goes_back() -> None:
    machine = processor()
    play(Script().then(during(0, 9, shown=PERSON)), 1.0, machine, start=5.0)
    machine.distrust_camera()
    for start in (6.0, 0.0):
        seen = play(Script().then(during(0, 9, shown=PERSON)), 1.5, machine, start=start)
        assert [suspicion.sign for suspicion in seen[-1].suspicions] == [Sign.CAMERA]
        assert Hint.ONE_MORE_CHECK in {snapshot.advice.hint for snapshot in seen}


def test_should_not_begin_the_cues_of_strict_mode_anew() -> None:
    settings = Settings().in_strict_mode()
    calm = play(Script(), 8.0, processor(settings))
    shown = play(Script().then(during(3.0, 9.0, shown=SCREEN)), 8.0, processor(settings))
    assert [found.sign for found in suspicions(shown)] == [Sign.SCREEN]
    assert [snapshot.advice.hint for snapshot in shown] == [snapshot.advice.hint for snapshot in calm]
