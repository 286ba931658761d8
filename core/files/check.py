"""One photo, judged: what `python -m core check` prints and the Check files page shows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

from core.files.photo import glance_at_photo, load_photo
from core.regions import EYES, Region
from core.settings import Settings
from core.vision.photo_reader import upright
from core.vision.problems import QualityJudge
from core.vision.reader import FaceReader
from core.vision.reading import Frame, Image, Reading, State


@dataclass(frozen=True)
class PhotoResult:
    """reasons: what is wrong, most urgent first: a `Problem`, "<region>_blocked", "<eye>_closed" or "glare".

    zoom: pixels of the photo as `load_photo` gives it, for one of `rgb`.
    """

    reading: Reading
    reasons: tuple[str, ...]
    rgb: Image  # as it was read: turned the right way up where it stood on its head or lay on its side
    zoom: float = 1.0

    @property
    def passed(self) -> bool:
        """True when this photo would do as a selfie."""
        return not self.reasons

    @property
    def size(self) -> tuple[int, int]:
        """width, height of the photo as `load_photo` gives it."""
        height, width = self.rgb.shape[:2]
        return round(width * self.zoom), round(height * self.zoom)

    def as_dict(self) -> dict[str, Any]:
        """The public JSON object, less its path."""
        reading, face = self.reading, self.reading.face
        result: dict[str, Any] = {
            "faces": (face is not None) + len(reading.others),
            "verdict": "pass" if self.passed else "retry",
            "reasons": list(self.reasons),
        }
        if face is not None:
            result["regions"] = {
                region.value: {
                    "state": reading.regions[region].state.value,
                    "covered": round(reading.regions[region].covered, 3),
                }
                for region in Region
            }
            pose = face.pose
            result["pose"] = {"yaw": round(pose.yaw, 1), "pitch": round(pose.pitch, 1), "roll": round(pose.roll, 1)}
            result["inter_eye_px"] = round(face.inter_eye_px * self.zoom, 1)
        if (shown := reading.presentation) is not None:
            signs = [sign.value for sign in shown.signs]
            result["presentation"] = {"suspect": bool(signs), "score": round(shown.score, 3), "signs": signs}
        if reading.turns:
            result["turned"] = 360 - 90 * reading.turns
        return result


class PhotoChecker:
    """Judges photos one by one. Liveness can't be told from a photo and is not judged."""

    def __init__(self, reader: FaceReader, settings: Settings) -> None:
        """reader: `core.vision.photo_reader.PhotoReader`, or what stands in for it."""
        self._reader = reader
        self._files = settings.files
        self._required = settings.window.required
        self._judge = QualityJudge(settings.photo_quality)

    def check_file(self, source: Path | BytesIO) -> PhotoResult:
        """Judge one photo by its file. Raises FileError.

        A large JPEG is looked at reduced, and as large as any photo only where that shows no face or a small one.
        """
        files = self._files
        if (glance := glance_at_photo(source, files)) is not None:
            result = self.check(glance)
            face = result.reading.face
            if face is not None and face.inter_eye_px >= files.first_look_eyes_px:
                return replace(result, zoom=files.max_side_px / max(glance.shape[:2]))
        return self.check(load_photo(source, files))

    def check(self, rgb: Image) -> PhotoResult:
        """Judge one photo, (H, W, 3) uint8 RGB."""
        reading = self._reader.read(Frame(rgb, 0.0))
        problems = tuple(problem.value for problem in self._judge.judge(reading))
        return PhotoResult(reading, (*problems, *self._regions(reading)), upright(rgb, reading.turns))

    def _regions(self, reading: Reading) -> tuple[str, ...]:
        reasons = []
        for region in self._required:
            found = reading.regions.get(region)
            if found is None:
                continue
            if found.glare:
                reasons.append("glare")
            elif found.state is State.BLOCKED:
                reasons.append(f"{region.value}_blocked")
            elif region in EYES and found.state is State.CLOSED:
                reasons.append(f"{region.value}_closed")
        return tuple(dict.fromkeys(reasons))
