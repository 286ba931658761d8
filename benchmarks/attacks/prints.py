"""Printed faces, held in a hand: flat, bent, moved, exchanged."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.attacks.sources import SIZE
from core.regions import EYES, FACE_OVAL
from core.vision.reading import Image
from tests.drawing import shut_eyes
from tests.portraits import Portrait

Matrix = NDArray[np.float64]

_AROUND = (1.9, 2.3, 2.6)  # paper beside, above and below the middle of the eyes, in inter-eye distances
_SHEET_EYE_PX = 84.0


@dataclass(frozen=True, eq=False)
class Print:
    """A sheet of paper with a face. rgb (H, W, 3) uint8; eyes (2, 2): their centres on it, left first, px."""

    rgb: Image
    eyes: NDArray[np.float32]
    oval: NDArray[np.float32]

    @classmethod
    def of(cls, portrait: Portrait, tone: NDArray[np.float64], *, shut: bool = False) -> Print:
        """tone: of the printer, see `some_tone`. shut: the same photo with the lids drawn down."""
        beside, above, below = (round(share * _SHEET_EYE_PX) for share in _AROUND)
        left, right = portrait.eyes
        angle = float(np.degrees(np.arctan2(*(left - right)[::-1])))
        zoom = _SHEET_EYE_PX / portrait.inter_eye_px
        middle = ((left + right) / 2).tolist()
        matrix = cv2.getRotationMatrix2D(middle, angle, zoom)
        matrix[:, 2] += np.array([beside, above]) - middle
        sheet = portrait.warped(matrix, (2 * beside, above + below))
        rgb = shut_eyes(sheet.rgb, sheet.landmarks, dict.fromkeys(EYES, 1.0)) if shut else sheet.rgb
        inked = (rgb / 255.0) ** tone[3] * tone[:3] * 255
        paper = cv2.copyMakeBorder(inked.astype(np.uint8), 12, 12, 12, 12, cv2.BORDER_CONSTANT, value=(228, 228, 224))
        return cls(paper, sheet.eyes + 12, sheet.landmarks[list(FACE_OVAL), :2] + 12)

    def lit(self, luma: float) -> Print:
        """The same in another light, its face at a mean luma of `luma`, as far as light goes."""
        inside = cv2.cvtColor(self.rgb, cv2.COLOR_RGB2GRAY)[self.mask(oval=True) > 0.5].mean()
        gain = float(np.clip(luma / max(float(inside), 1.0), 0.4, 1.6))
        return Print(cv2.convertScaleAbs(self.rgb, alpha=gain), self.eyes, self.oval)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.rgb.shape[1], self.rgb.shape[0]

    def mask(self, oval: bool, feather: float = 3.0) -> NDArray[np.float32]:
        """(H, W) 0..1: the whole sheet, or the face cut out along its outline, hair included."""
        mask = np.zeros(self.rgb.shape[:2], np.float32)
        if oval:
            center = self.oval.mean(axis=0)
            outline = center + (self.oval - center) * (1.12, 1.22) - (0, 0.04 * np.ptp(self.oval[:, 1]))
            cv2.fillPoly(mask, [outline.round().astype(np.int32)], 1.0, cv2.LINE_AA)
        else:
            mask[2:-2, 2:-2] = 1.0
        return cv2.GaussianBlur(mask, (0, 0), feather if oval else 0.8)

    def bent(self, amount: float) -> Print:
        """Bent round its upright axis; amount -0.3..0.3 squeezes one side and draws out the other, with its shade."""
        height, width = self.rgb.shape[:2]
        u = np.linspace(0, 1, width, dtype=np.float32)
        x = (u + amount * np.sin(2 * np.pi * u) / 4) * (width - 1)
        bow = amount * 0.05 * height * np.sin(np.pi * u)
        map_y = np.arange(height, dtype=np.float32)[:, None] + bow[None, :].astype(np.float32)
        map_x = np.broadcast_to(x.astype(np.float32)[None, :], map_y.shape)
        rgb = cv2.remap(self.rgb, np.ascontiguousarray(map_x), map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        shade = (1 - 0.5 * abs(amount) * (0.5 + 0.5 * np.cos(2 * np.pi * u)))[None, :, None]
        return Print((rgb * shade).astype(np.uint8), self.eyes, self.oval)


def some_tone(rng: np.random.Generator) -> NDArray[np.float64]:
    """A printer's colours: gains of red, green and blue, and a gamma."""
    return np.array([*rng.uniform(0.85, 1.0, 3), rng.uniform(0.9, 1.15)])


def onto_eyes(sheet: Print, eyes: NDArray[np.float32]) -> Matrix:
    """(3, 3): puts the sheet's eyes where `eyes` (2, 2) are."""
    similarity, _ = cv2.estimateAffinePartial2D(sheet.eyes.astype(np.float32), eyes.astype(np.float32))
    return np.vstack([similarity, [0, 0, 1]])


def tilted(sheet: Print, yaw: float, pitch: float, roll: float) -> Matrix:
    """(3, 3): the sheet turned in depth about its middle, degrees, seen from three of its heights away."""
    width, height = sheet.size
    far = 3.0 * height
    a, b, c = np.radians([pitch, yaw, roll])
    turn_x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    turn_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    turn_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    turn = turn_z @ turn_y @ turn_x
    to_middle = np.array([[1, 0, -width / 2], [0, 1, -height / 2], [0, 0, 1.0]])
    plane = np.column_stack([turn[:, 0], turn[:, 1], [0, 0, far]])
    lens = np.diag([far, far, 1.0])
    back = np.array([[1, 0, width / 2], [0, 1, height / 2], [0, 0, 1.0]])
    return back @ lens @ plane @ to_middle


def lay(scene: Image, sheet: Print, matrix: Matrix, mask: NDArray[np.float32]) -> Image:
    """The scene with the sheet in front of it."""
    rgb = cv2.warpPerspective(sheet.rgb, matrix, SIZE, flags=cv2.INTER_LINEAR)
    alpha = cv2.warpPerspective(mask, matrix, SIZE, flags=cv2.INTER_LINEAR)[..., None]
    return (scene * (1 - alpha) + rgb * alpha).astype(np.uint8)


def shifted(matrix: Matrix, dx: float, dy: float) -> Matrix:
    """The same, `dx`, `dy` pixels further in the frame."""
    return np.array([[1, 0, dx], [0, 1, dy], [0, 0, 1.0]]) @ matrix


class Hand:
    """The tremor and drift of a hand that holds something."""

    def __init__(self, rng: np.random.Generator, amount: float = 1.0) -> None:
        self._hertz = np.concatenate([rng.uniform(0.15, 0.6, 3), rng.uniform(3.0, 9.0, 3)])[:, None]
        self._phase = rng.uniform(0, 2 * np.pi, (6, 3))
        slow, fast = np.array([4.0, 3.0, 0.8]), np.array([0.35, 0.35, 0.08])  # px, px, degrees
        self._size = (
            amount * np.concatenate([np.tile(slow, (3, 1)), np.tile(fast, (3, 1))]) * rng.uniform(0.2, 1, (6, 3))
        )

    def hold(self, matrix: Matrix, t: float) -> Matrix:
        """Where a thing held at `matrix` is at time `t`."""
        dx, dy, roll = (self._size * np.sin(2 * np.pi * self._hertz * t + self._phase)).sum(axis=0)
        turn = cv2.getRotationMatrix2D((SIZE[0] / 2, SIZE[1] / 2), float(roll), 1.0)
        return shifted(np.vstack([turn, [0, 0, 1]]) @ matrix, float(dx), float(dy))
