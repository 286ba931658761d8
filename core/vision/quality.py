"""How good a frame is: raw figures first, then what is wrong with them."""

from __future__ import annotations

from enum import Enum

import cv2
import numpy as np

from core.regions import FACE_OVAL
from core.settings import QualitySettings
from core.vision.reading import Aligned, Face, Frame, Image, Quality, Reading


class Problem(str, Enum):
    """Why a frame can't be used, in the order in which a person would mend it. The value is the name in JSON."""

    CAMERA_OFF = "camera_off"
    NO_FACE = "no_face"
    SECOND_FACE = "second_face"
    TOO_FAR = "too_far"
    TOO_NEAR = "too_near"
    OFF_CENTER = "off_center"
    TURNED = "turned"
    TILTED = "tilted"
    TOO_DARK = "too_dark"
    TOO_BRIGHT = "too_bright"
    BLURRED = "blurred"


def luma(rgb: Image) -> Image:
    """(H, W) uint8, ITU-R BT.601."""
    return cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)


def frame_brightness(rgb: Image) -> float:
    """Mean luma of a frame, 0..255, from every eighth pixel."""
    size = (max(rgb.shape[1] // 8, 1), max(rgb.shape[0] // 8, 1))
    red, green, blue, _ = cv2.mean(cv2.resize(rgb, size, interpolation=cv2.INTER_NEAREST))
    return 0.299 * red + 0.587 * green + 0.114 * blue


class QualityMeter:
    """Measures the main face."""

    def __init__(self, face_px: int) -> None:
        """face_px: side of the aligned face in pixels."""
        mask = np.zeros((face_px, face_px), np.uint8)
        center = (face_px // 2, face_px // 2)
        cv2.ellipse(mask, center, (int(face_px * 0.32), int(face_px * 0.4)), 0, 0, 360, 255, -1)
        self._inside = mask

    def measure(self, frame: Frame, face: Face, aligned: Aligned) -> Quality:
        """Raw figures of one face in one frame."""
        width, height = frame.size
        oval = face.landmarks[list(FACE_OVAL), :2]
        low, high = oval.min(axis=0), oval.max(axis=0)
        within = ((oval >= 0) & (oval < (width, height))).all(axis=1)
        gray = luma(aligned.rgb)
        counts = cv2.calcHist([gray], [0], self._inside, [256], [0, 256]).ravel()
        shares = counts / counts.sum()
        _, spread = cv2.meanStdDev(cv2.Laplacian(gray, cv2.CV_32F), mask=self._inside)
        return Quality(
            eye_share=face.inter_eye_px / min(width, height),
            center=(float((low[0] + high[0]) / 2 / width), float((low[1] + high[1]) / 2 / height)),
            inside=float(within.mean()),
            brightness=float(shares @ np.arange(256)),
            highlight=float(np.searchsorted(shares.cumsum(), 0.95)),
            clipped=float(shares[250:].sum()),
            sharpness=float(spread[0, 0] ** 2),
        )


class QualityJudge:
    """Says what is wrong with a reading, first things first."""

    def __init__(self, settings: QualitySettings) -> None:
        self.settings = settings

    def judge(self, reading: Reading) -> tuple[Problem, ...]:
        """The problems of one reading; empty when it is good."""
        if reading.frame_brightness < self.settings.black_frame:
            return (Problem.CAMERA_OFF,)
        if reading.face is None or reading.quality is None:
            return (Problem.NO_FACE,)
        found = (self._second(reading), *self._framing(reading.face, reading.quality), *self._pose(reading.face))
        return tuple(problem for problem in (*found, *self._light(reading.quality)) if problem)

    def _second(self, reading: Reading) -> Problem | None:
        return Problem.SECOND_FACE if reading.others else None

    def _framing(self, face: Face, quality: Quality) -> tuple[Problem | None, ...]:
        limits = self.settings
        off_x, off_y = (abs(share - 0.5) for share in quality.center)
        far = quality.eye_share < limits.min_eye_share or face.inter_eye_px < limits.min_inter_eye_px
        near = quality.eye_share > limits.max_eye_share
        off = off_x > limits.max_offset_x or off_y > limits.max_offset_y or quality.inside < limits.min_inside
        return (
            Problem.TOO_FAR if far else None,
            Problem.TOO_NEAR if near else None,
            Problem.OFF_CENTER if off and not near else None,
        )

    def _pose(self, face: Face) -> tuple[Problem | None, ...]:
        limits, pose = self.settings, face.pose
        turned = abs(pose.yaw) > limits.max_yaw or abs(pose.pitch) > limits.max_pitch
        return (Problem.TURNED if turned else None, Problem.TILTED if abs(pose.roll) > limits.max_roll else None)

    def _light(self, quality: Quality) -> tuple[Problem | None, ...]:
        limits = self.settings
        dark = quality.highlight < limits.min_highlight
        bright = quality.brightness > limits.max_brightness or quality.clipped > limits.max_clipped
        blurred = quality.sharpness < limits.min_sharpness
        return (
            Problem.TOO_DARK if dark else None,
            Problem.TOO_BRIGHT if bright else None,
            # In the dark the camera's noise reduction blurs; more light is the cure.
            Problem.BLURRED if blurred and not dark else None,
        )
