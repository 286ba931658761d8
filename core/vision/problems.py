"""What is wrong with a frame, decided from its raw figures."""

from __future__ import annotations

from enum import Enum

from core.settings import QualitySettings
from core.vision.reading import Face, Quality, Reading


class Problem(str, Enum):
    """Why a frame can't be used, in the order in which a person would mend it. The value is the name in JSON."""

    CAMERA_OFF = "camera_off"
    UPSIDE_DOWN = "upside_down"
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


class QualityJudge:
    """Says what is wrong with a reading, first things first."""

    def __init__(self, settings: QualitySettings) -> None:
        self.settings = settings

    def judge(self, reading: Reading, camera_px: int = 0) -> tuple[Problem, ...]:
        """The problems of one reading; empty when it is good.

        camera_px: shorter side of the camera's whole picture, which decides how near the face must be; 0: unknown.
        """
        if reading.frame_brightness < self.settings.black_frame:
            return (Problem.CAMERA_OFF,)
        if reading.face is None and reading.turns:
            return (Problem.UPSIDE_DOWN,)
        if reading.face is None or reading.quality is None:
            return (Problem.NO_FACE,)
        found = (
            self._second(reading),
            *self._framing(reading.face, reading.quality, camera_px),
            *self._pose(reading.face),
        )
        return tuple(problem for problem in (*found, *self._light(reading.quality)) if problem)

    def _second(self, reading: Reading) -> Problem | None:
        return Problem.SECOND_FACE if reading.others else None

    def _framing(self, face: Face, quality: Quality, camera_px: int) -> tuple[Problem | None, ...]:
        limits = self.settings
        wanted = limits.good_inter_eye_px / camera_px if camera_px else 0.0
        least = max(limits.min_eye_share, wanted if wanted <= limits.near_eye_share else 0.0)
        off_x, off_y = (abs(share - 0.5) for share in quality.center)
        far = quality.eye_share < least or face.inter_eye_px < limits.min_inter_eye_px
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
