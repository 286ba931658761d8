"""Scripted webcam footage drawn from one photograph of a face.

    scene = Scene(astronaut(), size=(640, 480))
    frames = scene.play(6.0, Blink(at=1.0), Cover(Thing.HAND, Region.MOUTH, 2.0, 3.5))

Everything is deterministic: the seed fixes the sway and the noise. Any face will do that FaceLandmarker finds. The
head sways, turns a little in depth and moves within itself; the room behind it stands still.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from functools import cached_property
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from core.regions import FACE_OVAL, Region
from core.vision.reading import Frame, Image
from tests.actions import Action, Blink, Cover, EyesShut, Leave, Light, SecondFace, Shot, Swap, Talk, Turn
from tests.drawing import Layer, Thing, blend, draw, shut_eyes
from tests.portraits import Portrait, astronaut, stranger

__all__ = [
    "Action", "Blink", "Cover", "EyesShut", "Leave", "Light", "Portrait", "Scene", "SecondFace", "Shot", "Swap",
    "Talk", "Thing", "Turn", "astronaut", "stranger", "write_clip",
]  # fmt: skip

Field = NDArray[np.float32]

# Sway: amplitude and frequency in Hz of each of a shot's movements (units as in Shot).
_SWAY = {
    "dx": (0.05, 0.35),
    "dy": (0.025, 0.5),
    "scale": (0.008, 0.3),
    "roll": (0.8, 0.4),
    "yaw": (1.5, 0.45),
    "pitch": (1.0, 0.55),
    "jaw": (0.008, 0.9),
    "brow": (0.006, 0.6),
}


class Scene:
    """One person before one webcam."""

    def __init__(
        self,
        portrait: Portrait,
        *,
        size: tuple[int, int] = (640, 480),
        fps: float = 30.0,
        inter_eye: float = 0.21,
        sway: float = 1.0,
        noise: float = 1.5,
        seed: int = 0,
    ) -> None:
        """`inter_eye`: distance of the eyes, as a share of the frame's shorter side.

        `sway`: 1 is a calm person, 0 a picture on the wall. `noise`: of the sensor, in grey levels.
        """
        self.size = size
        self.fps = fps
        self._sway = sway
        self._face = portrait.placed(size, inter_eye * min(size))
        self._stages: dict[int, tuple[Portrait, _Stage]] = {}
        chance = np.random.default_rng(seed)
        self._phases = {name: float(chance.uniform(0, 2 * np.pi)) for name in _SWAY}
        self._noise = [chance.normal(0, noise, (size[1], size[0], 3)).astype(np.int16) for _ in range(5)]
        self._sources: dict[int, Portrait] = {id(portrait): self._face}

    def play(self, seconds: float, *actions: Action) -> Iterator[Frame]:
        """The frames from 0 to `seconds`; the sway comes round, so that a looped clip has no jump."""
        for index in range(round(seconds * self.fps)):
            yield self.frame(index / self.fps, seconds, *actions)

    def frame(self, t: float, seconds: float, *actions: Action) -> Frame:
        """The frame at time `t` of a scene of that length."""
        shot = Shot(self._face)
        for name, (amplitude, hertz) in _SWAY.items():
            turns = max(1, round(hertz * seconds))
            wave = self._sway * amplitude * np.sin(2 * np.pi * turns * t / seconds + self._phases[name])
            setattr(shot, name, getattr(shot, name) + float(wave))
        for action in actions:
            action.apply(shot, t)
        return Frame(self._draw(shot, round(t * self.fps)), t)

    def _draw(self, shot: Shot, index: int) -> Image:
        stage = self._stage(shot.portrait)
        rgb = stage.draw(shot)
        if shot.second:
            rgb = self._beside(rgb, *shot.second)
        if any(shot.pan):
            rgb = stage.panned(rgb, shot.pan)
        if shot.gain != 1:
            rgb = cv2.convertScaleAbs(rgb, alpha=shot.gain)
        noisy = rgb.astype(np.int16) + self._noise[index % len(self._noise)]
        return noisy.clip(0, 255).astype(np.uint8)

    def _stage(self, portrait: Portrait) -> _Stage:
        if id(portrait) not in self._stages:
            placed = portrait if portrait is self._face else portrait.onto(self._face, self.size)
            self._stages[id(portrait)] = (portrait, _Stage(placed))
        return self._stages[id(portrait)][1]

    def _beside(self, rgb: Image, other: Portrait, way: float) -> Image:
        width, height = self.size
        placed = other.placed(self.size, 0.8 * self._face.inter_eye_px)
        shift = np.array([[1.0, 0, width * (-0.34 - 0.5 * (1 - way))], [0, 1, 0.04 * height]])
        there = cv2.warpAffine(placed.rgb, shift, self.size, borderMode=cv2.BORDER_REPLICATE)
        edge = width * (0.16 + 0.17 - 0.5 * (1 - way))
        alpha = np.clip((edge - np.arange(width)) / (0.03 * width) + 0.5, 0, 1)[None, :, None]
        return (rgb * (1 - alpha) + there * alpha).astype(np.uint8)


class _Stage:
    """One portrait in its place, ready to move."""

    def __init__(self, portrait: Portrait) -> None:
        self.portrait = portrait
        height, width = portrait.rgb.shape[:2]
        self._size = (width, height)
        self._x, self._y = (v.astype(np.float32) for v in np.meshgrid(np.arange(width), np.arange(height)))
        self._unit = portrait.inter_eye_px
        oval = portrait.landmarks[list(FACE_OVAL)]
        self._center = ((oval.min(axis=0) + oval.max(axis=0)) / 2)[:2].astype(np.float64)
        u, v = (self._x - self._center[0]) / self._unit, (self._y - self._center[1]) / self._unit
        # How far a pixel goes with the head: wholly on the head, less on the shoulders, not at all in the room.
        self._follow = np.maximum(_hump(u, 1.9) * _hump(v, 2.2), 0.7 * _hump(u, 2.4) * (v > 0))
        self._follow = cv2.GaussianBlur(self._follow, (0, 0), 0.25 * self._unit)
        mouth, chin, brow = ((portrait.landmarks[i, 1] - self._center[1]) / self._unit for i in (13, 152, 9))
        drop = np.clip((v - mouth) / (0.3 * (chin - mouth)), 0, 1) * np.clip((chin + 0.5 - v) / 0.5, 0, 1)
        self._jaw = cv2.GaussianBlur(drop * _hump(u, 0.9), (0, 0), 0.03 * self._unit)
        self._brow = _hump(u, 0.95) * _hump(v - brow, 0.22)
        self._layers: dict[tuple[Thing, Region], tuple[Layer, tuple[float, float]]] = {}

    @cached_property
    def _depth(self) -> Field:
        """Pixels by which the mesh stands out towards the camera, smooth, 0 outside the face."""
        sums, counts = (np.zeros(self._x.shape, np.float32) for _ in range(2))
        for x, y, z in self.portrait.landmarks:
            column, row = round(float(x)), round(float(y))
            if 0 <= row < sums.shape[0] and 0 <= column < sums.shape[1]:
                sums[row, column] += z
                counts[row, column] += 1
        blur = 0.12 * self._unit
        sums, counts = (cv2.GaussianBlur(v, (0, 0), blur) for v in (sums, counts))
        back = float(self.portrait.landmarks[[234, 454], 2].mean())
        fade = np.clip(counts / np.median(counts[counts > counts.max() / 20]), 0, 1)
        depth = np.maximum(back - sums / np.maximum(counts, 1e-9), 0) * fade
        return cv2.GaussianBlur(depth.astype(np.float32), (0, 0), blur)

    def draw(self, shot: Shot) -> Image:
        rgb = self.portrait.rgb
        if any(amount > 0.01 for amount in shot.closed.values()):
            rgb = shut_eyes(rgb, self.portrait.landmarks, shot.closed)
        head = self._head(shot)
        back = cv2.invertAffineTransform(head).astype(np.float32)
        map_x = self._follow * (back[0, 0] * self._x + back[0, 1] * self._y + back[0, 2] - self._x) + self._x
        map_y = self._follow * (back[1, 0] * self._x + back[1, 1] * self._y + back[1, 2] - self._y) + self._y
        map_x -= np.float32(np.sin(np.radians(shot.yaw))) * self._depth
        map_y += np.float32(np.sin(np.radians(shot.pitch))) * self._depth
        map_y -= self._jaw * np.float32(shot.jaw * self._unit) + self._brow * np.float32(shot.brow * self._unit)
        rgb = cv2.remap(rgb, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        for thing, region, way in shot.things:
            self._lay(rgb, thing, region, way, head)
        return rgb

    def _head(self, shot: Shot) -> NDArray[np.float64]:
        matrix = cv2.getRotationMatrix2D(self._center.tolist(), -shot.roll, shot.scale)
        matrix[:, 2] += np.array([shot.dx, shot.dy]) * self._unit
        return matrix

    def _lay(self, rgb: Image, thing: Thing, region: Region, way: float, head: NDArray[np.float64]) -> None:
        key = (thing, region)
        if key not in self._layers:
            self._layers[key] = draw(thing, region, self.portrait.landmarks, self._size)
        layer, direction = self._layers[key]
        moved = head.copy()
        moved[:, 2] += np.array(direction) * (1 - way) * 5 * self._unit
        blend(rgb, cv2.warpAffine(layer, moved, self._size))

    def panned(self, rgb: Image, pan: tuple[float, float]) -> Image:
        """Shifted by shares of the size; an empty room comes in behind."""
        width, height = self._size
        room = cv2.GaussianBlur(rgb[:, : max(width // 12, 1)], (0, 0), width / 40)
        out = cv2.resize(room, self._size)
        x, y = round(pan[0] * width), round(pan[1] * height)
        shifted = cv2.warpAffine(rgb, np.array([[1.0, 0, x], [0, 1, y]]), self._size)
        inside = np.s_[max(y, 0) : height + min(y, 0), max(x, 0) : width + min(x, 0)]
        out[inside] = shifted[inside]
        return out


def _hump(x: Field, width: float) -> Field:
    """1 in the middle, falling smoothly to 0 around `width`."""
    return np.exp(-((x / width) ** 4)).astype(np.float32)


def write_clip(frames: Iterable[Frame], path: Path, fps: float = 30.0) -> Path:
    """Write frames to `path`: .mp4 (H.264), or what Chromium takes as a webcam and plays round and round.

    That is .mjpeg, which Chromium decodes with more contrast than it has (1.16 times, shadows crushed), or .y4m, many
    times as large, where tones matter.
    """
    if path.suffix == ".y4m":
        return _write_y4m(frames, path, fps)
    if path.suffix == ".mjpeg":
        with path.open("wb") as file:
            for frame in frames:
                _, data = cv2.imencode(
                    ".jpg", cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 92]
                )
                file.write(data.tobytes())
        return path
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(1000))
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "20", "preset": "veryfast"}
        for index, frame in enumerate(frames):
            if index == 0:  # the codec opens with it
                stream.width, stream.height = frame.size
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame.rgb, format="rgb24")))
        container.mux(stream.encode())
    return path


def _write_y4m(frames: Iterable[Frame], path: Path, fps: float) -> Path:
    rate = Fraction(fps).limit_denominator(1000)
    with path.open("wb") as file:
        for index, frame in enumerate(frames):
            if index == 0:
                width, height = frame.size
                file.write(b"YUV4MPEG2 W%d H%d F%d:%d Ip A1:1 C420jpeg\n" % (width, height, *rate.as_integer_ratio()))
            file.write(b"FRAME\n")
            file.write(cv2.cvtColor(frame.rgb, cv2.COLOR_RGB2YUV_I420).tobytes())
    return path
