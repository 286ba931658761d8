"""Is what the browser calls a camera one? Told by the names that virtual cameras usually have; a sign, not a proof."""

from __future__ import annotations

import re

# Programs that feed clips, screens or drawn faces to the browser as if they were a camera.
_VIRTUAL = re.compile(
    r"virtual|\bobs\b|obs-camera|manycam|xsplit|\bv-?cam\b|splitcam|snap camera|mmhmm|camtwist|youcam|altercam"
    r"|sparkocam|webcammax|fake ?webcam|avatarify|v4l2 ?loopback|dummy video device|unity video capture|deepfacelive"
    r"|\bndi\b",
    re.IGNORECASE,
)
# A phone that serves as a webcam films what is before it, whatever its driver is called.
_PHONE = re.compile(
    r"droidcam|iriun|epoccam|\bcamo\b|iphone|ipad|\bpixel\b|galaxy|android|windows virtual camera", re.IGNORECASE
)


def is_virtual(label: str) -> bool:
    """Whether a camera's label, as the browser gives it, is that of a virtual camera."""
    return bool(_VIRTUAL.search(label)) and not _PHONE.search(label)
