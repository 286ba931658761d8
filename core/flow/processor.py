"""Frames in, snapshots out: the capture from the first frame to the selfie."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from core.flow.phases import BlinkPhase, CheckPhase, PositionPhase, Stage, Transition
from core.flow.selfie import Measure, Shot, as_read
from core.flow.senses import Sense, Senses
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
from core.flow.still import Refusal, Still
from core.flow.tries import Tries
from core.settings import Settings
from core.vision.components import Component
from core.vision.reading import Frame, Need, Reading

_ORDER = tuple(Phase)


class Reader(Protocol):
    """What turns frames into readings: `core.vision.stream_reader.StreamReader`, or a stand-in."""

    def take(self, frame: Frame, *, needed: Need) -> Sequence[tuple[Frame, Reading]]: ...

    def rest(self) -> Sequence[tuple[Frame, Reading]]: ...

    def now(self, last: Reading) -> Reading: ...

    def close(self) -> None: ...


class CaptureProcessor:
    """One person's way to a selfie. One per live session; not to be shared by threads.

    Blinks and regions are reported in `Snapshot.events` in every phase, also once an attempt is over.
    """

    def __init__(self, reader: Reader, settings: Settings, seed: int = 0, measure: Measure = as_read) -> None:
        """seed: of the moments of strict mode's cues; a live session must pass one that nobody can know.

        measure: measures shots at full size (core.vision.pixel_components.measure); without it what was read must do.
        """
        self._measure = measure
        self.settings = settings
        self._reader = reader
        self._rng = random.Random(seed)
        self._senses = Senses(settings)
        self._virtual_camera = False
        self._t = float("-inf")
        self._events: list[Event] = []
        self._last: Snapshot | None = None
        self._phase = Phase.POSITION
        self._stills_asked = 0
        self.restart()

    def process(self, frame: Frame) -> Snapshot:
        """Take one frame, and advance by those of which the reader is certain now: none, this one, or some before it.

        Raises what the reader raises; the next frame may be tried.
        """
        return self._taken(frame, self._reader.take(frame, needed=self._needed))

    def finish(self) -> Snapshot | None:
        """A clip is over: advance by those that the reader still holds back; None where there are none."""
        held = self._reader.rest()
        return self._taken(held[-1][0], held) if held else None

    def restart(self) -> None:
        """A new attempt, from the next frame on."""
        self._announce = self._phase is not Phase.POSITION
        self._phase = Phase.POSITION
        self._needed = Need.MESH
        self._tries = Tries(self.settings.attempt)
        self._restart: Reason | None = None
        self._selfie: Selfie | None = None
        self._senses.new_attempt()
        self._new_stages()

    def distrust_camera(self) -> None:
        """The camera calls itself a virtual one: from the next frame on, cues are asked for."""
        self._virtual_camera = True
        self._senses.suspicion.distrust_camera()

    def take_still(self, still: Still) -> Refusal | None:
        """Judge a picture that the page took when it was asked to; why it can't become the selfie, if it can't."""
        refusal = self._check.take_still(still, self._t)
        if self._check.injected:
            self._senses.suspicion.distrust_camera()
        return refusal

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
        self._tries.begin(reading.t)
        sense = self._senses.update(frame, reading)
        self._events += [RegionChanged(sense.t, region, state) for region, state in sense.changes]
        if sense.blink is not None:
            self._events.append(Blinked(sense.blink.end, sense.blink.seconds, sense.blink.why))
        self._events += sense.suspicions
        advice = self._advance(sense)
        self._needed = sense.needed
        self._stills_asked = max(self._stills_asked, self._check.still_wanted)
        self._tries.mark(sense.t, (_ORDER.index(self._phase), len(self._blink.blinks)))
        if not self._phase.final and self._tries.idle(sense.t):
            advice = self._end(sense.t, Reason.NO_PROGRESS)
        return self._snapshot(sense, advice)

    def _taken(self, frame: Frame, certain: Sequence[tuple[Frame, Reading]]) -> Snapshot:
        """frame: the latest one."""
        events: list[Event] = []
        for one, reading in certain:
            self._last = self.advance(one, reading)
            events += self._last.events
        assert self._last is not None
        return replace(self._last, t=frame.t, reading=self._reader.now(self._last.reading), events=tuple(events))

    def _advance(self, sense: Sense) -> Advice:
        if self._phase.final:
            return Advice(Hint.CAPTURED if self._phase is Phase.CAPTURED else Hint.ENDED)
        if sense.broken is not None:
            return self._fail(sense, sense.broken)
        if sense.suspicions and not self._blink.strict:
            return self._step_up(sense)
        return self._follow(self._stages[self._phase].step(sense), sense)

    def _follow(self, transition: Transition, sense: Sense) -> Advice:
        """Do what a phase says."""
        if transition.cued:
            self._events.append(Cued(sense.t))
        if transition.failed is not None:
            return self._fail(sense, transition.failed)
        if transition.to is Phase.POSITION:
            self._new_stages()
        if transition.to is not None:
            self._enter(sense.t, transition.to)
        if transition.shot is not None:
            self._capture(sense.t, transition.shot, transition)
        return self._blink.advice(sense) if transition.to is Phase.BLINK else transition.advice

    def _new_stream(self) -> None:
        self._senses = Senses(self.settings)
        if self._virtual_camera:
            self._senses.suspicion.distrust_camera()
        if not self._phase.final:
            self.restart()

    def _new_stages(self) -> None:
        """A try begins: what the one before it saw does not count."""
        guard = self._senses.guard
        guard.stop()
        suspected = self._senses.suspicion.suspected
        self._blink = BlinkPhase(self.settings, guard, self._rng, self._tries.failed, suspected=suspected)
        self._check = CheckPhase(self.settings, self._measure, self._stills_asked + 1)
        self._stages: dict[Phase, Stage] = {
            Phase.POSITION: PositionPhase(self.settings),
            Phase.BLINK: self._blink,
            Phase.CHECK: self._check,
        }

    def _enter(self, t: float, phase: Phase) -> None:
        self._phase = phase
        self._events.append(PhaseChanged(t, phase))
        if phase in (Phase.CHECK, Phase.CAPTURED):
            self._restart = None

    def _fail(self, sense: Sense, reason: Reason) -> Advice:
        """A failed try: back to the blink, or the end."""
        self._tries.fail(sense.t)
        self._restart = reason
        self._events.append(Restarted(sense.t, reason))
        self._new_stages()
        if not self._tries.left:
            return self._end(sense.t, Reason.TOO_MANY_TRIES)
        if self._phase is not Phase.BLINK:
            self._enter(sense.t, Phase.BLINK)
        return self._blink.advice(sense)

    def _step_up(self, sense: Sense) -> Advice:
        """What looks shown must answer cues. That is no failed try."""
        self._new_stages()
        if self._phase is Phase.CHECK:
            self._restart = Reason.SUSPECTED
            self._events.append(Restarted(sense.t, Reason.SUSPECTED))
            self._enter(sense.t, Phase.BLINK)
        return self._follow(self._stages[self._phase].step(sense), sense)

    def _end(self, t: float, reason: Reason) -> Advice:
        self._new_stages()
        self._enter(t, Phase.ENDED)
        self._restart = reason
        return Advice(Hint.ENDED)

    def _capture(self, t: float, frame: Shot, transition: Transition) -> None:
        shot = transition.still or frame
        reading, refused = shot.reading, transition.refused
        assert self._tries.started is not None
        self._selfie = Selfie(
            rgb=shot.rgb,
            t=reading.t,
            started=self._tries.started,
            strict=self.settings.challenge.strict,
            blinks=self._blink.blinks,
            regions=reading.regions,
            similarity=self._senses.guard.similarity or 0.0,
            components=shot.components,
            small_face=shot.components[Component.INTER_EYE_DISTANCE].raw < self.settings.quality.good_inter_eye_px,
            suspicions=self._senses.suspicion.raised,
            still=transition.still is not None,
            frame_px=(frame.rgb.shape[1], frame.rgb.shape[0]),
            refused_why=refused.why.value if refused else None,
            refused_px=refused.size if refused else None,
        )
        height, width = shot.rgb.shape[:2]
        self._events.append(Captured(t, width, height))
        self._new_stages()

    def _snapshot(self, sense: Sense, advice: Advice) -> Snapshot:
        limits, guard = self.settings, self._senses.guard
        return Snapshot(
            t=sense.t,
            phase=self._phase,
            advice=advice,
            reading=sense.reading,
            badges=sense.states,
            problem=sense.problem,
            progress=self._progress(sense),
            tries_left=self._tries.left,
            restart=self._restart,
            signals=Signals(
                closure=sense.closure,
                closed_above=limits.blink.closed_above,
                open_below=limits.blink.open_below,
                similarity=guard.similarity,
                similarity_min=limits.continuity.min_similarity,
                shown=self._senses.suspicion.score,
            ),
            suspicions=self._senses.suspicion.raised,
            events=tuple(self._events),
            selfie=self._selfie,
            still_wanted=self._check.still_wanted,
        )

    def _progress(self, sense: Sense) -> float:
        if self._phase.final:
            return 1.0 if self._phase is Phase.CAPTURED else 0.0
        return self._stages[self._phase].progress(sense)
