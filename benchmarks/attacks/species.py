"""The attack species. Each is a class whose `look` gives the scene; the attacker sees what the app says."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.people import Filmed, Person, Sitter
from benchmarks.attacks.prints import Hand, Print, lay, onto_eyes, shifted, some_tone, tilted
from benchmarks.attacks.sources import SIZE, Sources
from core.flow.snapshot import Phase, Snapshot
from core.regions import EYES, Region
from core.vision.geometry import eye_centers
from core.vision.reading import Image
from tests.drawing import Thing, blend, draw
from tests.footage import Portrait


def _room(sources: Sources, rng: np.random.Generator) -> Image:
    """Some room, out of focus."""
    portrait = sources.portrait(rng)
    return cv2.GaussianBlur(cv2.resize(portrait.rgb, SIZE), (0, 0), 25)


def _in_front(rng: np.random.Generator) -> NDArray[np.float32]:
    """Eye centres, left first, of a face as the app wants it."""
    half = float(rng.uniform(0.19, 0.27)) * SIZE[1] / 2
    x, y = SIZE[0] / 2 + rng.uniform(-12, 12), SIZE[1] * 0.45 + rng.uniform(-10, 10)
    return np.array([[x + half, y], [x - half, y]], np.float32)


class StillPrint:
    """A print held in a hand."""

    seconds = 4.0

    def __init__(self, sources: Sources, rng: np.random.Generator) -> None:
        self.rng = rng
        self.portrait = sources.portrait(rng)
        self.tone = some_tone(rng)
        self.sheet = Print.of(self.portrait, self.tone)
        self.room = _room(sources, rng)
        self.eyes = _in_front(rng)
        self.hand = Hand(rng)
        self.mask = self.sheet.mask(oval=False)

    def look(self, t: float, seen: Snapshot | None) -> Image:
        return lay(self.room, self.sheet, self.hand.hold(onto_eyes(self.sheet, self.eyes), t), self.mask)


class MovedPrint(StillPrint):
    """A print tilted, bent and moved about."""

    def __init__(self, sources: Sources, rng: np.random.Generator) -> None:
        super().__init__(sources, rng)
        self._size = rng.uniform(0.3, 1.0, 6) * np.array([28.0, 28.0, 12.0, 30.0, 20.0, 0.3])
        self._hertz, self._phase = rng.uniform(0.3, 2.5, 6), rng.uniform(0, 2 * np.pi, 6)

    def look(self, t: float, seen: Snapshot | None) -> Image:
        yaw, pitch, roll, dx, dy, bend = self._size * np.sin(2 * np.pi * self._hertz * t + self._phase)
        matrix = onto_eyes(self.sheet, self.eyes) @ tilted(self.sheet, yaw, pitch, roll)
        return lay(self.room, self.sheet.bent(bend), self.hand.hold(shifted(matrix, dx, dy), t), self.mask)


class WavedPrint(StillPrint):
    """A hand or a paper waved over a print's eyes."""

    seconds = 4.5

    def __init__(self, sources: Sources, rng: np.random.Generator) -> None:
        super().__init__(sources, rng)
        thing = Thing.HAND if rng.random() < 0.6 else Thing.PAPER
        placed = self.portrait.placed(SIZE, float(np.hypot(*(self.eyes[0] - self.eyes[1]))))
        region = EYES[int(rng.integers(2))]
        self._layer, _ = draw(thing, region, placed.landmarks, SIZE)
        self._layer[..., :3] = (self._layer[..., :3] * rng.uniform(0.45, 1.0)).astype(np.uint8)
        self._way = float(rng.uniform(0, 2 * np.pi))
        self._pass_s, self._every_s = float(rng.uniform(0.12, 0.7)), float(rng.uniform(0.9, 1.8))

    def look(self, t: float, seen: Snapshot | None) -> Image:
        rgb = super().look(t, seen)
        x = (t - 0.8) % self._every_s / self._pass_s
        if t > 0.8 and x < 1:
            far = (2 * x - 1) * 0.9 * SIZE[0]
            move = np.array([[1, 0, far * np.cos(self._way)], [0, 1, far * np.sin(self._way)]])
            blend(rgb, cv2.warpAffine(self._layer, move, SIZE))
        return rgb


class TwoPrints(StillPrint):
    """Two prints of one person in turn, eyes open and eyes shut: from frame to frame, or one slid over the other."""

    seconds = 4.5

    def __init__(self, sources: Sources, rng: np.random.Generator) -> None:
        super().__init__(sources, rng)
        self._shut = Print.of(self.portrait, self.tone, shut=True)
        self._off = rng.normal(0, 0.02 * np.hypot(*(self.eyes[0] - self.eyes[1])), 2), float(rng.normal(0, 0.6))
        self._shut_s, self._open_s = float(rng.uniform(0.1, 0.6)), float(rng.uniform(0.7, 1.5))
        self._change_s = float(rng.uniform(0.06, 0.2)) if rng.random() < 0.5 else 0.0
        self._from = float(rng.uniform(0, 2 * np.pi))

    def look(self, t: float, seen: Snapshot | None) -> Image:
        x = t % (self._open_s + self._shut_s) - self._open_s
        matrix = self.hand.hold(onto_eyes(self.sheet, self.eyes), t)
        rgb = lay(self.room, self.sheet, matrix, self.mask)
        if x < 0:
            return rgb
        (dx, dy), roll = self._off
        turn = cv2.getRotationMatrix2D((SIZE[0] / 2, SIZE[1] / 2), roll, 1.0)
        over = shifted(np.vstack([turn, [0, 0, 1]]) @ matrix, dx, dy)
        rest = 0.0 if self._change_s == 0 else max(1 - min(x, self._shut_s - x) / self._change_s, 0.0) * SIZE[0]
        over = shifted(over, rest * float(np.cos(self._from)), rest * float(np.sin(self._from)))
        return lay(rgb, self._shut, over, self.mask)


class MixedPrints(TwoPrints):
    """The same from frame to frame, the shutter so slow that a frame may show both prints, one through the other."""

    def __init__(self, sources: Sources, rng: np.random.Generator) -> None:
        super().__init__(sources, rng)
        self._change_s = 0.0
        self._exposure_s = float(rng.uniform(0.004, 0.033))

    def look(self, t: float, seen: Snapshot | None) -> Image:
        now = super().look(t, seen)
        since = t % (self._open_s + self._shut_s) - self._open_s
        since += self._open_s if since < 0 else 0.0  # since the last change, of either print
        share = since / self._exposure_s
        if t < self._open_s or share >= 1:
            return now
        before = super().look(t - since - 1e-3, seen)
        return cv2.addWeighted(now, share, before, 1 - share, 0)


class Swapped:
    """After a real blink a print of somebody else takes the person's place, its eyes where his were."""

    seconds = 12.0
    after_s = 3.4

    def __init__(self, sources: Sources, rng: np.random.Generator) -> None:
        self.rng = rng
        clip = sources.clip(rng) if rng.random() < 0.5 else None
        portrait = sources.portrait(rng)
        self.person: Person = Filmed(clip, rng) if clip else Sitter(portrait, rng, talks=bool(rng.random() < 0.3))
        other: Portrait = sources.portrait(rng, other_than=portrait)
        self.sheet = Print.of(other, some_tone(rng))
        self.mask = self.sheet.mask(oval=bool(rng.random() < 0.5))
        self.hand = Hand(rng, 0.6)
        self.wait = float(rng.uniform(0.05, 1.5))
        self.start: float | None = None
        self.shown: float | None = None
        """When the other face was in full view."""
        self._matrix: NDArray[np.float64] | None = None
        self._landmarks: NDArray[np.float32] | None = None

    def look(self, t: float, seen: Snapshot | None) -> Image:
        checking = seen is not None and seen.phase is Phase.CHECK
        if self.start is None and checking:
            self.start = t + self.wait
        if self.start is None or t < self.start or not self._aim(seen):
            return self.person.look(t, seen)
        return self.swap(t, t - self.start, self.person.look(t, None))

    def swap(self, t: float, x: float, scene: Image) -> Image:
        """The scene `x` seconds after the swap began. This one: a hard cut."""
        return self.printed(t, scene)

    def printed(self, t: float, scene: Image, dx: float = 0.0, dy: float = 0.0) -> Image:
        """The print in the person's place, or `dx`, `dy` pixels from it."""
        assert self._matrix is not None
        if dx == 0 and dy == 0 and self.shown is None:
            self.shown = t
        return lay(scene, self.sheet, shifted(self.hand.hold(self._matrix, t), dx, dy), self.mask)

    def covered(self, scene: Image, thing: Thing, way: float) -> Image:
        """With a thing before the whole face; `way` 0 (away) to 1 (there)."""
        assert self._landmarks is not None
        middle = self._landmarks[4, :2]
        larger = self._landmarks.copy()
        larger[:, :2] = middle + (larger[:, :2] - middle) * 1.5
        layer, (x, y) = draw(thing, Region.NOSE, larger, SIZE)
        move = np.array([[1, 0, (1 - way) * x * SIZE[0]], [0, 1, (1 - way) * y * SIZE[0]]])
        blend(scene, cv2.warpAffine(layer, move, SIZE))
        return scene

    def _aim(self, seen: Snapshot | None) -> bool:
        """Take the print to where the person's eyes are, with his light; False while he can't be seen."""
        if self._matrix is not None:
            return True
        face = seen.reading.face if seen is not None else None
        if face is None:
            return False
        eyes = eye_centers(face.landmarks)
        self._matrix, self._landmarks = onto_eyes(self.sheet, eyes), face.landmarks
        if seen is not None and seen.reading.quality is not None:
            self.sheet = self.sheet.lit(seen.reading.quality.brightness)
        return True


class CutIn(Swapped):
    """By a hard cut."""


class SlidIn(Swapped):
    """By sliding in, from any side, in 0.15 to 0.8 s."""

    def swap(self, t: float, x: float, scene: Image) -> Image:
        if not hasattr(self, "_slide_s"):
            self._slide_s, self._from = float(self.rng.uniform(0.15, 0.8)), float(self.rng.uniform(0, 2 * np.pi))
        rest = max(1 - x / self._slide_s, 0.0) * SIZE[0]
        return self.printed(t, scene, rest * np.cos(self._from), rest * np.sin(self._from))


class BehindHand(Swapped):
    """Behind a hand or a paper that covers the face."""

    after_s = 4.4

    def swap(self, t: float, x: float, scene: Image) -> Image:
        if not hasattr(self, "_move_s"):
            self._move_s, self._hold_s = float(self.rng.uniform(0.1, 0.4)), float(self.rng.uniform(0.15, 0.6))
            self._thing = Thing.HAND if self.rng.random() < 0.6 else Thing.PAPER
        end = 2 * self._move_s + self._hold_s
        if x > self._move_s + self._hold_s / 2:
            scene = self.printed(t, scene)
            self.shown = None if x < end else self.shown or t
        way = min(x / self._move_s, 1.0, (end - x) / self._move_s)
        return self.covered(scene, self._thing, way) if way > 0 else scene


class InTheDark(Swapped):
    """During dark frames."""

    def swap(self, t: float, x: float, scene: Image) -> Image:
        if not hasattr(self, "_dark_s"):
            self._dark_s, self._dim = float(self.rng.uniform(0.04, 0.5)), float(self.rng.choice([0.0, 0.05, 0.2]))
        if x < self._dark_s:
            return (scene * self._dim).astype(np.uint8)
        return self.printed(t, scene)


class LeaningIn(Swapped):
    """Another person leans in, beside the first or in front of him, and stays."""

    def swap(self, t: float, x: float, scene: Image) -> Image:
        if not hasattr(self, "_beside"):
            self._beside = float(self.rng.choice([-1, 1])) * (2.3 if self.rng.random() < 0.5 else 0.0)
            self._lean_s = float(self.rng.uniform(0.3, 1.0))
        assert self._landmarks is not None
        eyes = eye_centers(self._landmarks)
        place = self._beside * float(np.hypot(*(eyes[0] - eyes[1])))
        rest = max(1 - x / self._lean_s, 0.0) * SIZE[0] * (np.sign(place) or 1.0)
        rgb = self.printed(t, scene, place + rest)
        self.shown = None if rest else self.shown or t
        return rgb


class Attack(Person, Protocol):
    """What is held before the camera, and for how many seconds."""

    seconds: float


Species = Callable[[Sources, np.random.Generator], Attack]

SPECIES: dict[str, Species] = {
    "still print": StillPrint,
    "print tilted, bent, moved": MovedPrint,
    "hand or paper waved over a print": WavedPrint,
    "two prints, eyes open and shut": TwoPrints,
    "two prints, mixed by the shutter": MixedPrints,
    "swap by a hard cut": CutIn,
    "swap by sliding in": SlidIn,
    "swap behind a hand": BehindHand,
    "swap in the dark": InTheDark,
    "another person leaning in": LeaningIn,
}
