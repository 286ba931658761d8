#!/usr/bin/env bash
# What eye aspect ratio does face-liveness-check measure for an open and for a shut eye, in frames of different shapes?
#
# Guess: that of Soukupova and Cech (2016): a ratio of distances, the same in every frame, near 0.25 open and near 0 shut.
# Seen (face-liveness-check 0.1.0), with an eye drawn where MediaPipe's mesh has it:
# - It pairs the upper lid's outer point with the lower lid's inner one, and the other way round (its third and fourth points
#   of a lid are handed over in mesh order 153, 144, and read as if 144 came first). What it measures therefore never falls
#   below the distance along the eye between the two: a fully shut eye has 0.35, an open one 0.43, and "shut" begins below 0.19.
#   With its default settings no face ever blinks. (MediaPipe's own landmarks of scikit-image's astronaut, lids open and drawn
#   shut: 0.48 and 0.36; with the right pairs 0.31 and 0.05.)
# - It measures in normalised coordinates, a share of the width in x and of the height in y, so the shape of the frame counts:
#   the same open eye has 0.38 in 360x640 and 0.57 in 1280x720.
# - Its "left_eye" (points 33, 133 and between) is the person's right one, as MediaPipe's drawing styles name it.
# What follows: whoever brings landmarks of their own multiplies by width and height first, and tries the measure on a shut eye.
#   The product judges blinks by MediaPipe's blendshapes and a network of its own, and measures distances in pixels.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat > "$folder/look.py" <<'PYTHON'
from importlib.metadata import version

import numpy as np
from face_liveness_check.activity import ActivityConfig, LandmarkActivityDetector

EYE_PX = 40
# Along the eye, in shares of its width, as in MediaPipe's canonical face; upper and lower lid, outer and inner point.
MESH = {"outer": (33, 263), "inner": (133, 362), "upper": ((160, 158), (387, 385)), "lower": ((144, 153), (373, 380))}
ALONG = (0.325, 0.675)


def face(width: int, height: int, ear: float) -> np.ndarray:
    """478 normalised landmarks of a face whose eyes have this aspect ratio, measured in pixels."""
    points = np.full((478, 2), 0.5)
    for eye, (start, direction) in enumerate(((-70, 1), (70, -1))):
        def put(index: int, along: float, down: float) -> None:
            points[index] = (0.5 + (start + direction * along * EYE_PX) / width, 0.5 + down / height)
        put(MESH["outer"][eye], 0, 0)
        put(MESH["inner"][eye], 1, 0)
        for lid, side in (("upper", -1), ("lower", 1)):
            for index, along in zip(MESH[lid][eye], ALONG, strict=True):
                put(index, along, side * ear * EYE_PX / 2)
    return points


detector = LandmarkActivityDetector()
shut_below = ActivityConfig().eye_closed_threshold
print(f"face-liveness-check {version('face-liveness-check')}: shut below {shut_below}")
seen = {}
for shape in ((360, 640), (480, 640), (640, 640), (640, 480), (1280, 720)):
    seen[shape] = [detector.eye_aspect_ratio(face(*shape, ear)) for ear in (0.25, 0.0)]
    print(f"{shape[0]}x{shape[1]}: an open eye of 0.25 has {seen[shape][0]:.2f}, a shut one {seen[shape][1]:.2f}")

blinked = [detector.observe(face(640, 480, ear)) for ear in (0.25, 0.25, 0.1, 0.0, 0.0, 0.1, 0.25, 0.25)]
print(f"a blink of eight frames: {[challenge for challenge in blinked if challenge] or 'not noticed'}")

assert all(abs(shut - 0.35) < 0.01 for _, shut in seen.values()), "a shut eye has another ratio now"
assert seen[(1280, 720)][0] > 1.4 * seen[(360, 640)][0], "the frame's shape does not count any more"
assert not any(blinked), "a blink is noticed now"
assert ActivityConfig().indices.left_eye[0] == 33, "the left eye is another one now"
PYTHON

python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check face-liveness-check==0.1.0 numpy==2.2.6
"$folder/venv/bin/python" "$folder/look.py"
