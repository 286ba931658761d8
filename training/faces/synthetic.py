"""A small fixed set drawn from scikit-image's astronaut with procedural things only: what the tests measure.

The face is public domain (Eileen Collins, NASA), and no file of the training data is needed.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import skimage.data

from training.drawing.canvas import cut_canvas
from training.drawing.compose import Composer
from training.faces.datasets import OPEN, Cutter, Samples

KINDS = {
    "clean": 3,
    "spectacles": 2,
    "glare": 1,
    "make_up": 1,
    "finger": 2,
    "thin": 2,
    "object": 2,
    "shades": 2,
    "mask": 2,
}


def astronaut_samples(count: int = 160, seed: int = 5, kinds: Mapping[str, float] = KINDS) -> Samples:
    """`count` composites of these kinds, by their shares; the same on every machine but for rounding."""
    cutter = Cutter()
    rgb = skimage.data.astronaut()
    points = cutter.points(rgb)
    if points is None:
        raise ValueError("no face found in the astronaut")
    composer, parts = Composer({}, {kind: float(share) for kind, share in kinds.items()}), []
    for number in range(count):
        rng = np.random.default_rng([seed, number])
        canvas, kind = cut_canvas(rng, rgb, points), composer.kind(rng)
        made = composer.compose(rng, canvas, kind)
        found = cutter.points(made.rgb)
        if found is not None:
            parts.append(cutter.sample(made.rgb, found, made.foreign, made.hidden, (OPEN, OPEN), kind, "astronaut"))
    return Samples.join(parts)
