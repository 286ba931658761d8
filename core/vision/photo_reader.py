"""Photos, each by itself: turned the right way up, small faces found, second faces looked for closely."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.settings import Settings
from core.vision.closer_look import CloserLook
from core.vision.detector import center
from core.vision.geometry import outline_box
from core.vision.orientation import HALF, OrientationMeter, eyes_seen
from core.vision.reader import FaceReader
from core.vision.reading import Box, Face, Frame, Image, Reading

_WAYS = (HALF, 1, 3)
_NOSE_TIP = 1  # of the mesh
_CROP = 2.5  # side of what FaceLandmarker is shown of a small face, in widths of its box


class PhotoReader(FaceReader):
    """Reads photos. Not to be shared by threads."""

    def __init__(self, settings: Settings) -> None:
        """Raises core.vision.assets.AssetError when a model file is missing or broken."""
        super().__init__(settings, live=False)
        self._limits = settings.orientation
        self._turns = OrientationMeter(self._detector, settings.orientation)
        self._closer = CloserLook(self._detector, settings.closer_look)

    def read(self, frame: Frame, expected: Face | None = None) -> Reading:
        """Everything there is to say about one photo. Nothing is expected of it.

        A photo that surely stands on its head or lies on its side is read the right way up: all pixels of the reading
        are those of `upright(rgb, reading.turns)`. One that lies on its side keeps the tilt in its pose.
        """
        frame, reading = self._right_way_up(frame)
        if reading.face is None:
            return self._small(frame, reading)
        others = [box for box in reading.others if not _within(box, outline_box(reading.face))]
        return replace(reading, others=tuple(others or self._closer.beside(frame.rgb, reading.face)))

    def _right_way_up(self, frame: Frame) -> tuple[Frame, Reading]:
        as_is = super().read(frame)
        best, most = (frame, as_is), self._limits.min_gain
        for turns, gain in self._suspects(frame.rgb, as_is):
            turned = Frame(upright(frame.rgb, turns), frame.t)
            reading = super().read(turned)
            gain += self._limits.eye_weight * (eyes_seen(reading) - eyes_seen(as_is))
            if reading.face is not None and gain >= most:
                best, most = (turned, _tilted(reading, turns)), gain
        return best

    def _suspects(self, rgb: Image, reading: Reading) -> list[tuple[int, float]]:
        """The ways in which it may have to be turned, and how much surer the detector then is of a face.

        reading: of the picture as it stands.
        """
        limits, eyes = self._limits, eyes_seen(reading)
        (as_is,) = self._turns.measure(rgb, (0,))
        straight = reading.face is not None and abs(reading.face.pose.roll) < limits.upright_roll
        if as_is >= limits.sure or (straight and as_is + limits.eye_weight * eyes >= limits.sure_with_eyes):
            return []
        # On a face that lies on its side a mesh may stand upright, but then its eyes are not where eyes are.
        ways = (HALF,) if straight and eyes >= limits.upright_eyes else _WAYS
        return [
            (turns, score - as_is)
            for turns, score in zip(ways, self._turns.measure(rgb, ways), strict=True)
            if score >= limits.min_score and score - as_is >= (-limits.slack if turns == HALF else 0.0)
        ]

    def _small(self, frame: Frame, reading: Reading) -> Reading:
        """The largest face that the closer look finds, the rest of them as others."""
        boxes = self._closer.faces(frame.rgb)
        for index, box in enumerate(boxes):
            face = self._in_box(frame.rgb, box)
            if face is not None:
                return self.describe(frame, face, tuple(boxes[:index] + boxes[index + 1 :]))
        return reading

    def _in_box(self, rgb: Image, box: Box) -> Face | None:
        (x, y), reach = center(box), _CROP * (box.right - box.left) / 2
        left, top = max(round(x - reach), 0), max(round(y - reach), 0)
        part = rgb[top : max(round(y + reach), 0), left : max(round(x + reach), 0)]
        if not part.size:
            return None
        for face in self._finder.find(Frame(np.ascontiguousarray(part), 0.0)):
            landmarks = face.landmarks + np.array([left, top, 0], np.float32)
            off_x, off_y = landmarks[_NOSE_TIP, :2] - (x, y)
            if max(abs(off_x), abs(off_y)) < (box.right - box.left) / 2:
                return replace(face, landmarks=landmarks)
        return None


def upright(rgb: Image, turns: int) -> Image:
    """A picture turned by so many quarters, counter-clockwise."""
    return np.ascontiguousarray(np.rot90(rgb, turns)) if turns else rgb


def _within(box: Box, outline: Box) -> bool:
    """Whether its middle lies on the main face: a mesh laid twice, as on some broad faces near the camera."""
    x, y = center(box)
    return outline.left < x < outline.right and outline.top < y < outline.bottom


def _tilted(reading: Reading, turns: int) -> Reading:
    """With the turn on record; a head that lies on its side stays tilted."""
    if turns == HALF or reading.face is None:
        return replace(reading, turns=turns)
    pose = reading.face.pose
    aside = replace(pose, roll=pose.roll + (90.0 if turns == 1 else -90.0))
    return replace(reading, turns=turns, face=replace(reading.face, pose=aside))
