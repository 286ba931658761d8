"""Calibration, and how sure a judgement is."""

from __future__ import annotations

import numpy as np
import pytest

from core.regions import EYES, Region
from core.vision.judge import Thresholds
from training.faces.datasets import NO_EYE, REGIONS, UNKNOWN
from training.figures import reliability

LIMITS = Thresholds({region: 0.2 for region in Region if region not in EYES}, eye_blocked=0.4, glare=0.5, closed=0.5)


def test_should_find_no_calibration_error_where_confidence_is_how_often_it_is_right() -> None:
    label = np.array([0] * 8 + [1] * 2 + [NO_EYE])
    scores = np.tile(np.array([0.8, 0.2, 0.0, 0.0]), (11, 1))
    assert reliability.calibration_error(label, scores) == pytest.approx(0.0)
    sure = np.tile(np.array([0.7, 0.3, 0, 0]), (10, 1))
    assert reliability.calibration_error(np.zeros(10, int), sure) == pytest.approx(0.3)


def test_should_find_how_far_the_coverage_is_from_what_is_covered() -> None:
    covered = np.array([0.0, 0.4, 0.9, UNKNOWN])
    assert reliability.coverage_error(covered, np.array([0.21, 0.21, 0.9, 0.5])) == pytest.approx(0.01 * 2 / 3)
    assert reliability.coverage_error(covered, np.array([0.0, 0.1, 0.9, 0.5])) == pytest.approx(0.1)


def test_should_count_each_region_once_by_how_far_above_its_threshold_it_lies() -> None:
    real = np.array([[0] * len(REGIONS), [1] * len(REGIONS)], np.int8)
    scores = np.where(real == 1, 0.99, 0.0)
    mouth, chin = REGIONS.index(Region.MOUTH), REGIONS.index(Region.CHIN)
    scores[0, mouth], scores[1, mouth], scores[1, chin] = 0.21, 0.24, 0.17  # a false alarm, caught, missed
    real[0, chin] = -1

    rows = reliability.certainty(real, scores, LIMITS)

    assert [(distance, regions.hits, right.hits) for distance, regions, right in rows] == [
        (-0.05, 8, 8),
        (-0.02, 1, 0),
        (0.0, 0, 0),
        (0.02, 1, 0),
        (0.05, 1, 1),
        (0.1, 0, 0),
        (0.2, 0, 0),
        (1.0, 8, 8),
    ]
    assert sum(regions.hits for _, regions, _ in rows) == rows[0][1].total
