"""The still: asked for in a good moment of the check, and taken only when it shows that moment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from core.flow.processor import CaptureProcessor
from core.flow.snapshot import Phase, Selfie, Snapshot
from core.flow.still import Refusal, Still
from core.regions import Region
from core.settings import Settings
from core.vision.components import Component
from core.vision.reading import Frame, Match, Reading, Sign
from tests.flow.script import Script, blink, during, frame_of, processor

SETTINGS = Settings()
SAME = Match(moved=0.02, grown=0.01, face=0.9, room=0.95)


def still(number: int, reading: Reading, match: Match | None = SAME, shape: tuple[int, ...] | None = None) -> Still:
    """A picture of what was read, three times as large."""
    size = shape or (reading.size[1] * 3, reading.size[0] * 3, 3)
    return Still(number, np.full(size, 9, np.uint8), replace(reading, t=0.0), lambda frame, other: match)


class Run:
    """A capture in which the page answers, `after` so many seconds; the last of the answers comes again and again."""

    def __init__(self, *answers: dict[str, object], after: float = 0.1) -> None:
        self.after = after
        self.answers = answers or ({},)
        self.requests: list[float] = []
        self.refusals: list[Refusal | None] = []
        self.on: CaptureProcessor = processor()

    def play(self, script: Script, answered: Script | None = None) -> Snapshot:
        """answered: what the stills show instead."""
        due: list[tuple[float, int]] = []
        others = list((answered or script).readings(8.0))
        wanted = 0
        for index, reading in enumerate(script.readings(8.0)):
            while due and reading.t >= due[0][0]:
                answer = self.answers[min(len(self.refusals), len(self.answers) - 1)]
                self.refusals.append(self.on.take_still(still(due.pop(0)[1], others[index], **answer)))  # type: ignore[arg-type]
            snapshot = self.on.advance(frame_of(reading), reading)
            if snapshot.still_wanted > wanted:
                wanted = snapshot.still_wanted
                self.requests.append(reading.t)
                due.append((reading.t + self.after, wanted))
            if snapshot.phase is Phase.CAPTURED:
                break
        return snapshot


def selfie(snapshot: Snapshot) -> Selfie:
    assert snapshot.selfie is not None
    return snapshot.selfie


def test_should_become_the_selfie_when_it_shows_the_moment_it_was_asked_for() -> None:
    run = Run()
    taken = selfie(run.play(Script().then(blink(1.0))))

    assert run.refusals == [None]
    assert taken.still
    assert taken.t == run.requests[0]
    assert (taken.rgb == 9).all()
    assert taken.frame_px == (taken.rgb.shape[1] // 3, taken.rgb.shape[0] // 3)


def test_should_count_the_eyes_distance_in_its_own_pixels() -> None:
    with_still, without = (selfie(Run(after=after).play(Script().then(blink(1.0)))) for after in (0.1, 99.0))
    eyes, fewer = (taken.components[Component.INTER_EYE_DISTANCE].raw for taken in (with_still, without))
    assert eyes == pytest.approx(3 * fewer, rel=0.01)
    assert without.small_face and not with_still.small_face


def test_a_still_that_never_comes_should_hold_nothing_up() -> None:
    answered, unanswered = Run(), Run(after=99.0)
    first, second = (run.play(Script().then(blink(1.0))) for run in (answered, unanswered))

    assert second.t == first.t
    assert not selfie(second).still
    assert len(unanswered.requests) == len(SETTINGS.still.ask_at)


@pytest.mark.parametrize(
    ("run", "refusal"),
    [
        (Run(after=SETTINGS.still.answer_s + 0.1), Refusal.LATE),
        (Run({"shape": (1920, 1080, 3)}), Refusal.SHAPE),
    ],
)
def test_should_be_refused_when_it_is_late_or_of_another_shape(run: Run, refusal: Refusal) -> None:
    taken = selfie(run.play(Script().then(blink(1.0))))

    assert set(run.refusals) == {refusal}
    assert not taken.still
    assert taken.refused_why == refusal.value
    assert taken.refused_px == ((1080, 1920) if refusal is Refusal.SHAPE else (960, 720))
    assert not taken.suspicions


def test_another_face_should_be_a_sign_of_injection() -> None:
    run = Run({"match": replace(SAME, face=0.2)})
    seen = run.play(Script().then(blink(1.0)))

    assert run.refusals == [Refusal.OTHER_FACE]
    assert [found.sign for found in seen.suspicions] == [Sign.CAMERA]
    assert seen.phase is Phase.BLINK


@pytest.mark.parametrize(
    ("match", "refusal"),
    [
        (None, Refusal.OTHER_MOMENT),
        (replace(SAME, moved=0.4), Refusal.OTHER_MOMENT),
        (replace(SAME, grown=0.2), Refusal.OTHER_MOMENT),
        (replace(SAME, room=0.1), Refusal.OTHER_ROOM),
    ],
)
def test_another_moment_or_room_should_be_a_sign_when_it_comes_twice(match: Match | None, refusal: Refusal) -> None:
    twice, once = Run({"match": match}), Run({"match": match}, {})
    seen, forgiven = (run.play(Script().then(blink(1.0))) for run in (twice, once))

    assert twice.refusals == [refusal] * 2
    assert [found.sign for found in seen.suspicions] == [Sign.CAMERA]
    assert once.refusals == [refusal, None]
    assert not forgiven.suspicions
    assert selfie(forgiven).still


@pytest.mark.parametrize("fields", [{"blocked": {Region.MOUTH}}, {"shut": (1.0, 1.0)}])
def test_should_be_refused_when_something_is_covered_or_shut(fields: dict[str, object]) -> None:
    script = Script().then(blink(1.0))
    run = Run()
    taken = selfie(run.play(script, Script().then(blink(1.0), during(1.0, 9.0, **fields))))

    assert set(run.refusals) == {Refusal.BLOCKED}
    assert not taken.still


def test_a_room_that_can_not_be_seen_should_not_count() -> None:
    assert selfie(Run({"match": replace(SAME, room=None)}).play(Script().then(blink(1.0)))).still


def test_an_answer_to_another_request_should_be_refused() -> None:
    on = processor()
    for reading in Script().then(blink(1.0)).readings(8.0):
        snapshot = on.advance(frame_of(reading), reading)
        if snapshot.still_wanted:
            break
    assert on.take_still(still(snapshot.still_wanted + 1, reading)) is Refusal.LATE


def test_should_be_compared_with_the_frames_of_its_moment_only() -> None:
    seen: list[float] = []

    def match(frame: Frame, other: Reading) -> Match:
        seen.append(other.t)
        return SAME

    on, asked = processor(), 0.0
    for reading in Script().then(blink(1.0)).readings(8.0):
        snapshot = on.advance(frame_of(reading), reading)
        if snapshot.still_wanted and not asked:
            asked = reading.t
        if asked and reading.t > asked + 0.6:
            break
    on.take_still(replace(still(1, reading), match=match))
    assert seen
    assert asked <= min(seen) and max(seen) <= asked + SETTINGS.still.moment_s
