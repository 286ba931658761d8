"""Rows of checked files, one of each kind."""

from core.files.error import FileError
from core.files.rows import FileRow
from core.regions import EYES, Region

REGIONS = {region.value: {"state": "open" if region in EYES else "clear", "covered": 0.0} for region in Region}
PASSED = FileRow(
    "a.jpg",
    False,
    {
        "faces": 1,
        "verdict": "pass",
        "reasons": [],
        "regions": REGIONS,
        "pose": {"yaw": 1.5, "pitch": -2.0, "roll": 0.5},
        "inter_eye_px": 112.5,
    },
    thumbnail=b"jpeg",
)
COVERED = FileRow("b.jpg", False, {"faces": 1, "verdict": "retry", "reasons": ["mouth_blocked", "glare"]})
EMPTY = FileRow("c.jpg", False, {"faces": 0, "verdict": "retry", "reasons": ["no_face"]})
CLIP = FileRow(
    "d.mp4",
    True,
    {
        "verdict": "retry",
        "reasons": ["face_lost", "mouth_blocked"],
        "phase": "check",
        "seconds": 6.0,
        "frames": 180,
        "events": [
            {"t": 0.4, "event": "phase", "phase": "blink"},
            {"t": 1.2, "event": "blink", "seconds": 0.2},
            {"t": 1.3, "event": "cue"},
            {"t": 2.0, "event": "region", "region": "mouth", "state": "blocked"},
            {"t": 3.0, "event": "restart", "reason": "face_lost"},
            {"t": 5.0, "event": "captured", "width": 640, "height": 480},
            {"t": 6.0, "event": "end", "phase": "check", "frames": 180},
        ],
    },
)
BROKEN = FileRow("e.jpg", False, error=FileError("file_too_large", megapixels="64"))
ROWS = [PASSED, COVERED, EMPTY, CLIP, BROKEN]
