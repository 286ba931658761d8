#!/usr/bin/env bash
# What does MediaPipe see when its picture is a view: a crop, a mirror image, BGR turned to RGB by [:, :, ::-1]?
#
# Guess: the array is copied, or refused with an error, as any library that takes arrays by pointer does.
# Seen: mediapipe 0.10.21 refuses (TypeError). From 0.10.30 on (run here: 0.10.33 and 1.2.3) mp.Image takes the view, keeps its
#   shape and ignores its strides: it reads rows x columns x 3 bytes on from the view's first value. A crop of 60 x 60 out of
#   100 x 100 is a sheared mix of the crop and what lies beside it; a face in it is found in another place, or not at all. No
#   error and no warning. A mirrored view begins at the end of a row, so it is read onward from there and comes out unmirrored,
#   and its last bytes are taken from behind the array: left out here for that reason.
# What follows: whatever is not contiguous must be copied before it is handed over (numpy.ascontiguousarray); the product does,
#   tests/vision/test_landmarks.py.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cat > "$folder/look.py" <<'PYTHON'
import mediapipe as mp
import numpy as np

room = np.arange(100 * 100 * 3, dtype=np.uint32).astype(np.uint8).reshape(100, 100, 3)
crop = room[20:80, 10:70]  # a view; what is read beyond it still lies within the room

# The images are held: their views do not keep them alive.
image = mp.Image(image_format=mp.ImageFormat.SRGB, data=crop)
image_of_copy = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(crop))
seen, copied = image.numpy_view(), image_of_copy.numpy_view()
first = (20 * 100 + 10) * 3
straight_on = room.reshape(-1)[first : first + crop.size].reshape(crop.shape)

print(f"mediapipe {mp.__version__}: shape {seen.shape}, {np.mean(seen != crop):.0%} of the values are not the crop's")
assert seen.shape == crop.shape
assert not np.array_equal(seen, crop), "the strides are obeyed now"
assert np.array_equal(seen, straight_on), "it is read in another way now"
assert np.array_equal(copied, crop)
PYTHON

for version in 0.10.33 1.2.3; do
    python3 -m venv "$folder/$version"
    "$folder/$version/bin/pip" install --quiet --disable-pip-version-check "mediapipe==$version"
    "$folder/$version/bin/python" "$folder/look.py"
done
