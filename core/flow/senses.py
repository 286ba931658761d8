"""What every frame goes through before a phase decides: states, blinks, position, continuity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from core.flow.badges import Badges
from core.flow.blink import Blink, BlinkDetector
from core.flow.continuity import ContinuityGuard
from core.flow.position import HINTS, PositionGate
from core.flow.snapshot import Hint, Reason, Suspected
from core.flow.suspicion import SuspicionGuard
from core.regions import Region
from core.settings import Settings
from core.vision.problems import Problem, QualityJudge
from core.vision.reading import Frame, Need, Reading, State


@dataclass(frozen=True)
class Sense:
    """One frame, and what it means together with those before it.

    states: of the regions, smoothed. changes: the regions whose smoothed state changed with this frame.
    blink: the one this frame completes. closing: time at which a closure under way began, None while the eyes are open.
    closure: how shut the eyes are, 0..1. moving: the head moves too fast for a blink to count.
    suspicions: signs of a screen or a print that this frame has made last.
    broken: why it is not one face any more. problems: of the position, in this very frame; problem: the one that
    stands. good_s, bad_s: seconds for which none has stood, or one has.
    needed: what must be read of the next frame, whatever it shows.
    """

    frame: Frame
    reading: Reading
    states: Mapping[Region, State]
    changes: tuple[tuple[Region, State], ...] = ()
    blink: Blink | None = None
    closing: float | None = None
    closure: float | None = None
    moving: bool = False
    broken: Reason | None = None
    suspicions: tuple[Suspected, ...] = ()
    problems: tuple[Problem, ...] = ()
    problem: Problem | None = None
    good_s: float = 0.0
    bad_s: float = 0.0
    needed: Need = Need.MESH

    @property
    def t(self) -> float:
        """Time of the frame in seconds."""
        return self.reading.t

    @property
    def hint(self) -> Hint | None:
        """What to do about the problem that stands."""
        return None if self.problem is None else HINTS[self.problem]

    def blocked(self, regions: Iterable[Region]) -> list[Region]:
        """Those of the regions that are blocked."""
        return [region for region in regions if self.states.get(region) is State.BLOCKED]


class Senses:
    """Follows one stream. `guard` is told by the phases when there is a face to compare with."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.guard = ContinuityGuard(settings.continuity)
        self.suspicion = SuspicionGuard(settings.suspicion)
        self._judge = QualityJudge(settings.quality)
        self._badges = Badges(settings.badges)
        self._blinks = BlinkDetector(settings.blink)
        self._position = PositionGate(settings.position)
        self._camera_px = 0

    def new_attempt(self) -> None:
        """The position must be held anew, and nobody is suspected."""
        self._position.forget()
        self.suspicion.forget()

    def update(self, frame: Frame, reading: Reading) -> Sense:
        """Take one frame; `reading` is what was read from it."""
        # Browsers send less than the camera gives where the network is narrow; the still has all of it.
        self._camera_px = max(self._camera_px, min(frame.full_size))
        problems = self._judge.judge(reading, self._camera_px)
        problem = self._position.update(reading, problems)
        changes = self._badges.update(reading, turned=self._position.stands(Problem.TURNED))
        broken = self.guard.update(reading)
        blink = self._blinks.update(reading, self.guard.follows)
        return Sense(
            frame=frame,
            reading=reading,
            states=self._badges.states,
            changes=tuple(changes),
            blink=blink,
            closing=self._blinks.closing,
            closure=self._blinks.closure,
            moving=self._blinks.moving,
            broken=broken,
            suspicions=self.suspicion.update(reading),
            problems=problems,
            problem=problem,
            good_s=self._position.good_s,
            bad_s=self._position.bad_s,
            needed=self._needed(reading, problems, problem),
        )

    def _needed(self, reading: Reading, problems: tuple[Problem, ...], problem: Problem | None) -> Need:
        """All where lids move, the face is in doubt or the position not yet settled; the regions until their states are
        believed."""
        if self._blinks.closing is not None or self.guard.doubts or problem is not next(iter(problems), None):
            return Need.MESH
        turned, states = problem is Problem.TURNED, self._badges.states
        believed = turned or all(found.state is states[region] for region, found in reading.regions.items())
        return Need.NOTHING if believed else Need.REGIONS
