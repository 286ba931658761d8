"""python -m training.picture OUT.jpg: what the models miss on a face that may be shown, for the model card."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2

from core.vision.assets import MODELS, model_path
from training.evaluate import load_thresholds, worst_sheet
from training.faces.synthetic import KINDS, astronaut_samples
from training.figures.measure import read

_HARD = {"tinted": 2, "printed_mask": 2, "sliver": 2, "plaster": 2, "veil": 1}


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m training.picture", description=__doc__)
    parser.add_argument("out", type=Path)
    options = parser.parse_args(arguments)
    samples = astronaut_samples(count=600, seed=6, kinds=KINDS | _HARD)
    found = read(samples, model_path("occlusion"), model_path("eyes"))
    sheet = worst_sheet(samples, found, load_thresholds(MODELS), columns=6, most=12)
    cv2.imwrite(str(options.out), sheet[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 85])
    return 0


if __name__ == "__main__":
    sys.exit(main())
