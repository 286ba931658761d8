"""Frames in, snapshots out: the capture from the first frame to the selfie."""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from core.flow.attempt import Attempt
from core.flow.badges import Badges
from core.flow.blink import Blink, BlinkDetector
from core.flow.challenge import Challenge, Outcome
from core.flow.continuity import ContinuityGuard
from core.flow.position import HINTS, PositionGate
from core.flow.selfie import BestShot
from core.flow.snapshot import (
    Advice,
    Blinked,
    Captured,
    Cued,
    Event,
    Hint,
    Phase,
    PhaseChanged,
    Reason,
    RegionChanged,
    Restarted,
    Selfie,
    Signals,
    Snapshot,
)
from core.flow.window import CheckWindow, blocked_advice
from core.regions import EYES, Region
from core.settings import Settings
from core.vision.quality import Problem, QualityJudge
from core.vision.reading import Frame, Reading, State


class Reader(Protocol):
    """What turns frames into readings: `core.vision.reader.FaceReader`, or a stand-in."""

    def read(self, frame: Frame) -> Reading: ...

    def close(self) -> None: ...


class CaptureProcessor:
    """One person's way to a selfie. One per live session; not to be shared by threads.

    Blinks and regions are reported in `Snapshot.events` in every phase, also once an attempt is over.
    """

    def __init__(self, reader: Reader, settings: Settings, seed: int = 0) -> None:
        """seed: of the moments of strict mode's cues; a live session must pass one that nobody can know."""
        self.settings = settings
        self._reader = reader
        self._judge = QualityJudge(settings.quality)
        self._badges = Badges(settings.badges)
        self._blinks = BlinkDetector(settings.blink)
        self._position = PositionGate(settings.position)
        self._guard = ContinuityGuard(settings.continuity)
        self._challenge = Challenge(settings.challenge, random.Random(seed))
        self._window = CheckWindow(settings.window)
        self._best = BestShot(settings.window)
        self._attempt = Attempt(settings.attempt)
        self._t = float("-inf")
        self._phase = Phase.POSITION
        self._announce = False
        self._events: list[Event] = []
        self._problems: tuple[Problem, ...] = ()
        self._hint: Hint | None = None
        self._broken: Reason | None = None
        self._restart: Reason | None = None
        self._selfie: Selfie | None = None
        self._new_attempt()

    def process(self, frame: Frame) -> Snapshot:
        """Read one frame and advance by it. Raises what the reader raises; the next frame may be tried."""
        return self.advance(frame, self._reader.read(frame))

    def restart(self) -> None:
        """A new attempt, from the next frame on."""
        self._announce = self._phase is not Phase.POSITION
        self._phase = Phase.POSITION
        self._position.forget()
        self._new_attempt()

    def close(self) -> None:
        """Free the reader."""
        self._reader.close()

    def advance(self, frame: Frame, reading: Reading) -> Snapshot:
        """One frame further; `reading` is what was read from `frame`."""
        if reading.t < self._t:
            self._new_stream()
        self._t = reading.t
        self._events = []
        if self._announce:
            self._events.append(PhaseChanged(reading.t, self._phase))
            self._announce = False
        self._attempt.begin(reading.t)
        blink = self._sense(reading)
        advice = self._step(frame, reading, blink)
        if not self._phase.final and self._attempt.idle(reading.t):
            advice = self._end(reading.t, Reason.NO_PROGRESS)
        return self._snapshot(reading, advice)

    # The steps of the phases; each gives the advice for this frame.

    def _step(self, frame: Frame, reading: Reading, blink: Blink | None) -> Advice:
        if self._phase is Phase.CAPTURED:
            return Advice(Hint.CAPTURED)
        if self._phase is Phase.ENDED:
            return Advice(Hint.ENDED)
        if self._broken is not None:
            return self._fail(reading, self._broken)
        if self._phase is Phase.POSITION:
            return self._step_position(reading)
        if self._phase is Phase.BLINK:
            return self._step_blink(reading, blink)
        return self._step_check(frame, reading)

    def _step_position(self, reading: Reading) -> Advice:
        if self._hint is not None:
            return Advice(self._hint)
        if self._position.good_s < self.settings.position.hold_s:
            return Advice(Hint.HOLD)
        self._enter(reading.t, Phase.BLINK)
        return self._blink_advice(reading)

    def _step_blink(self, reading: Reading, blink: Blink | None) -> Advice:
        if (
            self._hint is not None
            and self._position.bad_s >= self.settings.position.leave_s
            and not self._guard.watching
        ):
            self._challenge.restart(self._attempt.failed)
            self._enter(reading.t, Phase.POSITION)
            return Advice(self._hint)
        ready = self._hint is None and not self._blocked(self.settings.window.required) and not self._blinks.moving
        answer = blink if self._hint is None else None
        outcome = self._challenge.update(reading.t, answer, self._blinks.closing, ready=ready)
        if outcome is Outcome.CUED:
            self._events.append(Cued(reading.t))
        if outcome is Outcome.MISSED:
            return self._fail(reading, Reason.MISSED_CUE)
        if outcome is Outcome.UNCUED:
            return self._fail(reading, Reason.UNCUED_BLINK)
        if outcome in (Outcome.ANSWERED, Outcome.PASSED) and blink is not None:
            return self._take_blink(reading, blink, outcome)
        return self._blink_advice(reading)

    def _take_blink(self, reading: Reading, blink: Blink, outcome: Outcome) -> Advice:
        if not self._guard.watching:
            reason = self._guard.begin(blink.start)
            if reason is not None:
                return self._fail(reading, reason)
        self._attempt.mark(reading.t, len(self._challenge.blinks))
        if outcome is Outcome.PASSED:
            self._enter(reading.t, Phase.CHECK)
            return Advice(Hint.HOLD)
        return self._blink_advice(reading)

    def _step_check(self, frame: Frame, reading: Reading) -> Advice:
        if reading.face is None:
            return Advice(self._hint or Hint.NO_FACE)
        advice = self._window.update(reading, self._badges.states, self._hint)
        if self._window.closed_s > self.settings.window.give_up_closed_s:
            return self._fail(reading, Reason.EYES_CLOSED)
        if self._window.progress == 0.0:
            self._best.restart()
        self._best.confirm(reading.t)
        closure = self._blinks.closure
        if (
            self._window.good
            and not self._problems
            and closure is not None
            and closure < self.settings.blink.open_below
        ):
            self._best.offer(frame, reading, closure)
        if self._window.done and self._best.shot is not None:
            return self._capture(reading.t)
        return advice

    # What every frame goes through first.

    def _sense(self, reading: Reading) -> Blink | None:
        for region, state in self._badges.update(reading):
            self._events.append(RegionChanged(reading.t, region, state))
        self._broken = self._guard.update(reading)
        blink = self._blinks.update(reading)
        if blink is not None:
            follows = self._guard.steady(blink.start)
            counts = blink.counts and follows >= self.settings.blink.min_follows_to_count
            blink = replace(blink, counts=counts) if follows >= self.settings.blink.min_follows else None
        if blink is not None:
            self._events.append(Blinked(blink.end, blink.seconds))
        self._problems = self._judge.judge(reading)
        problem = self._position.update(reading, self._problems)
        self._hint = None if problem is None else HINTS[problem]
        return blink

    def _blink_advice(self, reading: Reading) -> Advice:
        if self._hint is not None:
            return Advice(self._hint)
        # A cue that stands is not talked over; only what hides the blink itself is.
        blocked = self._blocked(EYES if self._challenge.cued else self.settings.window.required)
        if blocked:
            return blocked_advice(reading, blocked[0])
        if not self.settings.challenge.strict:
            return Advice(Hint.BLINK)
        return Advice(Hint.BLINK_NOW if self._challenge.cued else Hint.WAIT_FOR_CUE)

    def _blocked(self, regions: Iterable[Region]) -> list[Region]:
        states = self._badges.states
        return [region for region in regions if states.get(region) is State.BLOCKED]

    # Changes of the attempt.

    def _new_stream(self) -> None:
        self._badges = Badges(self.settings.badges)
        self._blinks.forget()
        self._position.forget()
        self._guard.forget()
        if not self._phase.final:
            self.restart()

    def _new_attempt(self) -> None:
        self._attempt.restart()
        self._restart = None
        self._selfie = None
        self._hint = None
        self._broken = None
        self._new_try()

    def _new_try(self) -> None:
        self._guard.stop()
        self._challenge.restart(self._attempt.failed)
        self._window.restart()
        self._best.restart()

    def _enter(self, t: float, phase: Phase) -> None:
        self._phase = phase
        self._events.append(PhaseChanged(t, phase))
        if phase in (Phase.CHECK, Phase.CAPTURED):
            self._restart = None
        self._attempt.mark(t, {Phase.POSITION: -1, Phase.BLINK: 0, Phase.CHECK: 100}.get(phase, 101))

    def _fail(self, reading: Reading, reason: Reason) -> Advice:
        """A failed try: back to the blink, or the end."""
        t = reading.t
        self._attempt.fail(t)
        self._broken = None
        self._restart = reason
        self._events.append(Restarted(t, reason))
        self._new_try()
        if not self._attempt.tries_left:
            return self._end(t, Reason.TOO_MANY_TRIES)
        if self._phase is not Phase.BLINK:
            self._enter(t, Phase.BLINK)
        return self._blink_advice(reading)

    def _end(self, t: float, reason: Reason) -> Advice:
        self._new_try()
        self._enter(t, Phase.ENDED)
        self._restart = reason
        return Advice(Hint.ENDED)

    def _capture(self, t: float) -> Advice:
        shot = self._best.shot
        assert shot is not None and shot.reading.quality is not None and shot.reading.face is not None
        assert self._attempt.started is not None
        self._selfie = Selfie(
            rgb=shot.rgb,
            t=shot.reading.t,
            started=self._attempt.started,
            strict=self.settings.challenge.strict,
            blinks=tuple((blink.end, blink.seconds) for blink in self._challenge.blinks),
            regions=shot.reading.regions,
            similarity=self._guard.similarity or 0.0,
            sharpness=shot.reading.quality.sharpness,
            inter_eye_px=shot.reading.face.inter_eye_px,
        )
        self._best.restart()
        self._enter(t, Phase.CAPTURED)
        height, width = shot.rgb.shape[:2]
        self._events.append(Captured(t, width, height))
        self._guard.stop()
        return Advice(Hint.CAPTURED)

    def _snapshot(self, reading: Reading, advice: Advice) -> Snapshot:
        limits = self.settings
        return Snapshot(
            t=reading.t,
            phase=self._phase,
            advice=advice,
            reading=reading,
            badges=self._badges.states,
            progress=self._progress(),
            tries_left=self._attempt.tries_left,
            restart=self._restart,
            signals=Signals(
                closure=self._blinks.closure,
                closed_above=limits.blink.closed_above,
                open_below=limits.blink.open_below,
                similarity=self._guard.similarity,
                similarity_min=limits.continuity.min_similarity,
            ),
            events=tuple(self._events),
            selfie=self._selfie,
        )

    def _progress(self) -> float:
        if self._phase is Phase.POSITION:
            return min(self._position.good_s / self.settings.position.hold_s, 1.0)
        if self._phase is Phase.BLINK:
            return self._challenge.progress
        if self._phase is Phase.CHECK:
            return self._window.progress
        return 1.0 if self._phase is Phase.CAPTURED else 0.0
