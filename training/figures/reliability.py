"""How far what the models say can be trusted: calibration, and how often they are right near a threshold."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.vision.judge import Thresholds
from training.faces.datasets import REGIONS, UNKNOWN, Samples
from training.figures.measure import Rate, Read, truth

_UP_TO = (-0.05, -0.02, 0.0, 0.02, 0.05, 0.1, 0.2, 1.0)


def table(samples: Samples, found: Read, limits: Thresholds) -> str:
    """How sure a judgement is by its distance from the threshold, and the expected calibration errors."""
    lines = [f"{'above it up to':16}{'regions':26}judged right"]
    for distance, regions, right in certainty(truth(samples), found.scores(), limits):
        lines.append(f"{distance:<16g}{regions!s:26}{right}")
    lines += ["", f"{'region':14}calibration error of its coverage"]
    for index, region in enumerate(REGIONS):
        error = coverage_error(samples.coverage[:, index], found.coverage[:, index])
        lines.append(f"{region.value:14}{error:.3f}")
    eyes = calibration_error(samples.eye_class.ravel(), found.eyes.reshape(-1, 4))
    return "\n".join([*lines, f"{'the eye model':14}{eyes:.3f}"])


def certainty(
    real: NDArray[np.int8], scores: NDArray[np.floating], limits: Thresholds
) -> list[tuple[float, Rate, Rate]]:
    """Scored regions by how far their score lies above their threshold (below it: negative), and how many of them are
    judged right. In live frames the badges of those next to it may flicker.

    Each row: up to which distance, the regions beyond the row before, those of them judged right.
    """
    limit = np.array([limits.coverage.get(region, limits.eye_blocked) for region in REGIONS])
    above, known = scores - limit, real >= 0
    right = (above >= 0) == (real == 1)
    rows, before = [], -np.inf
    for distance in _UP_TO:
        here = known & (above >= before) & (above < distance)
        before = distance
        total = int(here.sum())
        rows.append((distance, Rate(total, int(known.sum())), Rate(int((here & right).sum()), total)))
    return rows


def coverage_error(covered: NDArray[np.floating], found: NDArray[np.floating], bins: int = 15) -> float:
    """Expected calibration error of one region's coverage, 0..1: how far what the mask says of it, a mean of
    probabilities, is from the share that is covered, in bins of what it says.

    covered, found: (N,); UNKNOWN coverage is left out.
    """
    known = covered > UNKNOWN / 2
    return _gap(found[known], covered[known], bins)


def calibration_error(label: NDArray[np.integer], scores: NDArray[np.floating], bins: int = 15) -> float:
    """Expected calibration error of the eye model, 0..1: how far its confidence is from how often it is right.

    label (N,), negative ones left out; scores (N, 4).
    """
    known = label >= 0
    return _gap(scores[known].max(axis=1), scores[known].argmax(axis=1) == label[known], bins)


def _gap(said: NDArray[np.floating], is_so: NDArray, bins: int) -> float:
    """Guo et al., "On calibration of modern neural networks" (2017), formula 3."""
    which = np.minimum((said * bins).astype(int), bins - 1)
    return float(sum(abs(said[which == b].mean() - is_so[which == b].mean()) * (which == b).mean() for b in set(which)))
