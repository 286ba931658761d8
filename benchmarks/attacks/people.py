"""Living people before the camera: from photos, with lids drawn down for a blink, or from clips."""

from __future__ import annotations

from typing import Protocol

import cv2
import numpy as np

from benchmarks.attacks.sources import SIZE, Clip
from core.flow.snapshot import Hint, Snapshot
from core.regions import EYE_CORNERS, EYES, FACE_OVAL
from core.vision.reading import Image
from tests.footage import Action, Blink, Scene, Talk, Turn
from tests.portraits import Portrait

_SCENE_S = 12.0  # seconds after which the sway comes round
BLINKS_A_MINUTE, ATTENTIVE_BLINKS_A_MINUTE = 17.0, 7.0
"""At rest, and before a screen that one follows closely (Tsubota and Nakamori, 1993)."""
_SCATTER = 0.2  # of a person's answers, as a share of his mean (Luce, "Response Times", 1986)

_ASKED = (Hint.BLINK, Hint.HOLD_STILL, Hint.BLINK_SLOWER, Hint.BLINK_NOW)


class Person(Protocol):
    """Somebody, or something, before the camera."""

    def look(self, t: float, seen: Snapshot | None) -> Image:
        """The scene at `t` seconds; `seen`: what the app said after the frame before."""
        ...


class Sitter:
    """A face from a photo that sways, moves within itself, blinks by itself and when asked."""

    def __init__(
        self,
        portrait: Portrait,
        rng: np.random.Generator,
        *,
        talks: bool = False,
        moves: bool = False,
        blinks_a_minute: float = BLINKS_A_MINUTE,
    ) -> None:
        inter_eye = float(rng.uniform(0.19, 0.27))
        self._scene = Scene(portrait, size=SIZE, inter_eye=inter_eye, noise=0.0, seed=int(rng.integers(1 << 30)))
        self._rng = rng
        self._asked: float | None = None
        self._delay_s = float(rng.uniform(0.35, 0.7))
        self._actions: list[Action] = [Talk(0.0, 60.0, float(rng.uniform(0.03, 0.07)))] if talks else []
        at = 0.0
        while at < 30.0:
            at += float(rng.exponential(60.0 / blinks_a_minute))
            self._blink(at)
        if moves:
            for at in np.arange(0.3, 20.0, 1.4):
                limits = {"yaw": 8.0, "pitch": 5.0, "roll": 5.0, "dx": 0.3, "dy": 0.15}
                drawn = {name: float(rng.uniform(-limit, limit)) for name, limit in limits.items()}
                self._actions.append(Turn(at, at + 1.4, **drawn, scale=float(rng.uniform(0.93, 1.08)), edge=0.6))

    def look(self, t: float, seen: Snapshot | None) -> Image:
        if seen is not None and seen.advice.hint in _ASKED:
            if self._asked is None or t > self._asked + 2.0:
                self._asked = t + self._delay_s * float(np.clip(self._rng.normal(1.0, _SCATTER), 0.5, 1.5))
                self._blink(self._asked, slower=seen.advice.hint is Hint.BLINK_SLOWER)
        elif seen is not None and seen.advice.hint in (Hint.WAIT_FOR_CUE, Hint.ONE_MORE_CHECK):
            self._asked = None
        return self._scene.frame(t, _SCENE_S, *self._actions).rgb

    def _blink(self, at: float, *, slower: bool = False) -> None:
        seconds, depth = float(self._rng.uniform(0.2, 0.4)), float(self._rng.uniform(0.9, 1.0))
        seconds += 0.2 * slower
        self._actions.append(Blink(at, seconds, depth=depth))


class Filmed:
    """A person on a clip, from shortly before a blink on; he blinks when he blinks."""

    def __init__(self, clip: Clip, rng: np.random.Generator) -> None:
        self._clip = clip
        at = float(rng.choice(clip.blinks)) if clip.blinks else float(rng.uniform(0.0, clip.times[-1]))
        self._start = (at - float(rng.uniform(0.9, 3.0))) % (2 * clip.times[-1])
        self._flip = bool(rng.random() < 0.5)
        self._zoom = float(rng.uniform(0.85, 1.1))

    def look(self, t: float, seen: Snapshot | None) -> Image:
        rgb = self._clip.at(t, self._start)
        matrix = cv2.getRotationMatrix2D((SIZE[0] / 2, SIZE[1] / 2), 0.0, self._zoom)
        rgb = cv2.warpAffine(rgb, matrix, SIZE, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        return np.ascontiguousarray(rgb[:, ::-1]) if self._flip else rgb


def with_spectacles(portrait: Portrait, rng: np.random.Generator) -> Portrait:
    """The same person with clear spectacles: rims, bridge, temples and a faint reflection."""
    rgb = portrait.rgb.copy()
    left, right = portrait.eyes
    unit = portrait.inter_eye_px
    color = tuple(int(v) for v in rng.choice([[25, 22, 20], [70, 50, 35], [120, 118, 115], [30, 35, 70]]))
    thick = max(1, round(unit * float(rng.uniform(0.018, 0.05))))
    half = unit * rng.uniform(0.34, 0.4), unit * rng.uniform(0.24, 0.33)
    angle = float(np.degrees(np.arctan2(*(left - right)[::-1])))
    shine = rgb.copy()
    for eye, ear in zip(EYES, (454, 234), strict=True):
        center = portrait.landmarks[list(EYE_CORNERS[eye]), :2].mean(axis=0) + (0, 0.05 * unit)
        box = (center.tolist(), (2 * half[0], 2 * half[1]), angle)
        cv2.ellipse(rgb, box, color, thick, cv2.LINE_AA)
        outer = (
            center + (center - portrait.eyes.mean(axis=0)) / np.hypot(*(center - portrait.eyes.mean(axis=0))) * half[0]
        )
        _line(rgb, outer, portrait.landmarks[ear, :2], color, thick)
        spot = (center + rng.uniform(-0.2, 0.2, 2) * half).tolist()
        cv2.ellipse(shine, (spot, (half[0] * 0.8, half[1] * 0.3), angle - 30), (225, 230, 245), -1, cv2.LINE_AA)
    toward = (right - left) / unit
    _line(rgb, left + toward * half[0], right - toward * half[0], color, thick)
    return Portrait(cv2.addWeighted(rgb, 0.93, shine, 0.07, 0), portrait.landmarks)


def with_darker_skin(portrait: Portrait, rng: np.random.Generator) -> Portrait:
    """The same face as a darker one reflects: less light, the least of it blue; the glints stay."""
    share = np.array([0.6, 0.47, 0.41]) * rng.uniform(0.7, 1.1)
    light = portrait.rgb / 255.0
    tone = light * (share + (1 - share) * light**5)
    return Portrait((tone * 255).round().astype(np.uint8), portrait.landmarks)


def _line(rgb: Image, a: np.ndarray, b: np.ndarray, color: tuple[int, ...], thick: int) -> None:
    ends = [tuple(int(v) for v in np.round(p)) for p in (a, b)]
    cv2.line(rgb, ends[0], ends[1], color, thick, cv2.LINE_AA)


def highlight(portrait: Portrait) -> float:
    """Luma 0..255 that a twentieth of the face exceeds: what a camera sets its exposure by."""
    x, y = portrait.landmarks[list(FACE_OVAL), 0], portrait.landmarks[list(FACE_OVAL), 1]
    left, top = (max(int(v.min()), 0) for v in (x, y))
    face = portrait.rgb[top : int(y.max()), left : int(x.max())]
    return float(np.percentile(cv2.cvtColor(face, cv2.COLOR_RGB2GRAY), 95))
