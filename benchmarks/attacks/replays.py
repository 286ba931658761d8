"""Clips that are played to the camera: on a phone, filling the frame, or in the place of the camera."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from benchmarks.attacks.people import Filmed, Person, Sitter
from benchmarks.attacks.prints import Hand
from benchmarks.attacks.sources import SIZE, Sources
from core.flow.snapshot import Snapshot
from core.vision.reading import Image

_SHARE = 0.55  # of the frame's width, that a phone's screen takes
_ROUND_S = (2.5, 8.0)  # seconds of a clip that goes round, from and to
_STRIPES = 3  # camera pixels of a screen that is resolved into coloured stripes, at the coarsest


class Screen:
    """A person played on a screen that fills the frame: its gamma, its coloured stripes, a reflection."""

    seconds = 15.0

    def __init__(self, sources: Sources, rng: np.random.Generator) -> None:
        self.rng = rng
        clip = sources.clip(rng) if rng.random() < 0.5 else None
        self.person: Person = Filmed(clip, rng) if clip else Sitter(sources.portrait(rng), rng)
        self.hand = Hand(rng, 0.7)
        self._gamma, self._gain = float(rng.uniform(0.8, 1.25)), float(rng.uniform(0.8, 1.25))
        self._black = float(rng.uniform(5, 35))
        self._pitch = float(np.exp(rng.uniform(np.log(0.6), np.log(_STRIPES))))
        self._depth = float(rng.uniform(0.15, 0.5)) * min(self._pitch / 2, 1.0)
        self._mirrored = self._reflection(sources)

    def look(self, t: float, seen: Snapshot | None) -> Image:
        picture = self.lit(t)
        matrix = self.hand.hold(np.eye(3), t)
        return cv2.warpPerspective(picture, matrix, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    def lit(self, t: float) -> Image:
        """What the camera sees of the screen, (H, W, 3)."""
        light = (self.person.look(t, None) / 255.0) ** self._gamma * self._gain
        x = np.arange(SIZE[0])[:, None] / self._pitch + np.array([0, 1, 2]) / 3
        stripes = 1 - self._depth * (0.5 + 0.5 * np.cos(2 * np.pi * x))
        rows = 1 - 0.5 * self._depth * (0.5 + 0.5 * np.cos(2 * np.pi * np.arange(SIZE[1]) / self._pitch))
        light = self._black + (255 - self._black) * light * stripes[None] * rows[:, None, None]
        return np.clip(light + self._mirrored, 0, 255).astype(np.uint8)

    def _reflection(self, sources: Sources) -> np.ndarray:
        room = cv2.resize(sources.portrait(self.rng).rgb, SIZE).astype(np.float32)
        return cv2.GaussianBlur(room, (0, 0), 12) * float(self.rng.uniform(0.0, 0.12))


class Phone(Screen):
    """The same on a phone held up in a room; its stripes are too fine to be seen."""

    def __init__(self, sources: Sources, rng: np.random.Generator) -> None:
        super().__init__(sources, rng)
        self._depth = 0.0
        self._room = cv2.GaussianBlur(cv2.resize(sources.portrait(rng).rgb, SIZE), (0, 0), 15) * rng.uniform(0.3, 1.0)
        self._rim = int(rng.integers(4, 14))
        self._body = rng.uniform(5, 45, 3)

    def look(self, t: float, seen: Snapshot | None) -> Image:
        width = round(_SHARE * SIZE[0])
        left = (SIZE[0] - width) // 2
        front = np.empty((SIZE[1] + 80, width + 2 * self._rim, 3), np.float32)
        front[:] = self._body
        front[40:-40, self._rim : -self._rim] = self.lit(t)[:, left : left + width]
        placed = np.array([[1, 0, left - self._rim], [0, 0.92, -20.0], [0, 0, 1]])
        matrix = self.hand.hold(placed, t)
        seen_front = cv2.warpPerspective(front, matrix, SIZE, flags=cv2.INTER_LINEAR)
        alpha = cv2.warpPerspective(np.ones(front.shape[:2], np.float32), matrix, SIZE)[..., None]
        return (self._room * (1 - alpha) + seen_front * alpha).astype(np.uint8)


class VirtualCamera(Screen):
    """A clip fed to the browser in the place of a camera, which says so by its name: there is no screen to see."""

    virtual_camera = True

    def look(self, t: float, seen: Snapshot | None) -> Image:
        return self.person.look(t, None)


class RoundCamera(VirtualCamera):
    """A few seconds with a blink, fed round and round by a camera that has a name like any other."""

    virtual_camera = False

    def __init__(self, sources: Sources, rng: np.random.Generator) -> None:
        super().__init__(sources, rng)
        lengths = np.arange(*_ROUND_S, 0.1)
        first = self.person.look(0.0, None).astype(np.int16)
        jumps = [float(np.abs(first - self.person.look(float(length), None)).mean()) for length in lengths]
        self.round_s = float(lengths[int(np.argmin(jumps))])  # whoever cuts it hides the seam

    def look(self, t: float, seen: Snapshot | None) -> Image:
        return self.person.look(t % self.round_s, None)


REPLAYS: dict[str, Callable[[Sources, np.random.Generator], Screen]] = {
    "replay on a phone": Phone,
    "replay that fills the frame": Screen,
    "clip in a virtual camera, known by its name": VirtualCamera,
    "short clip that goes round in the camera's place": RoundCamera,
}
