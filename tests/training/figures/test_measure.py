from pathlib import Path

import numpy as np
import pytest

from core.regions import EYES, Region
from core.vision.judge import Thresholds
from core.vision.reading import EyeScores
from training.faces.datasets import BLOCKED, GLARE, NO_EYE, OPEN, REGIONS, UNKNOWN, Samples, eye_class
from training.faces.skin import band
from training.figures import measure
from training.label import opinion
from training.networks.manifest import write_manifest

LIMITS = Thresholds({region: 0.2 for region in Region if region not in EYES}, eye_blocked=0.4, glare=0.5, closed=0.5)


def samples(coverage: list[float], eyes: list[tuple[int, int]]) -> Samples:
    """Samples without pixels; every region of a sample has the same coverage."""
    n = len(coverage)
    return Samples(
        face=np.zeros((n, 4, 4, 3), np.uint8),
        mask=np.zeros((n, 2, 2), np.uint8),
        known=np.ones(n, np.uint8),
        outline=np.zeros((n, 2, 2), np.uint16),
        coverage=np.repeat(np.array(coverage, np.float32)[:, None], len(REGIONS), axis=1),
        eyes=np.zeros((n, 2, 4, 4, 3), np.uint8),
        eye_class=np.array(eyes, np.int8),
        kind=np.array(["hand"] * n),
        source=np.array(["a/b"] * n),
    )


@pytest.mark.parametrize(("covered", "expected"), [(0.0, 0), (0.02, 0), (0.1, -1), (0.2, 1), (1.0, 1), (UNKNOWN, -1)])
def test_should_score_only_what_is_clear_or_plainly_covered(covered: float, expected: int) -> None:
    real = measure.truth(samples([covered], [(OPEN, OPEN)]))
    assert real[0, REGIONS.index(Region.MOUTH)] == expected


def test_should_not_score_an_eye_under_glare_as_clear() -> None:
    real = measure.truth(samples([0.0], [(GLARE, OPEN)]))
    assert real[0, REGIONS.index(Region.LEFT_EYE)] == -1
    assert real[0, REGIONS.index(Region.RIGHT_EYE)] == 0


@pytest.mark.parametrize(
    ("covered", "hidden", "expected"),
    [(0.0, 0.0, OPEN), (0.3, 0.0, BLOCKED), (0.1, 0.0, NO_EYE), (0.0, 0.6, GLARE), (0.0, 0.2, NO_EYE)],
)
def test_should_class_an_eye_by_what_hides_it(covered: float, hidden: float, expected: int) -> None:
    assert eye_class(covered, hidden, OPEN) == expected


def test_should_choose_thresholds_that_hold_the_false_alarms() -> None:
    rng = np.random.default_rng(0)
    known = samples([0.0] * 900 + [1.0] * 100, [(OPEN, OPEN)] * 900 + [(BLOCKED, BLOCKED)] * 100)
    coverage = np.where(known.coverage > 0.5, 0.9, np.abs(rng.normal(0, 0.06, known.coverage.shape)))
    scores = np.zeros((1000, 2, 4), np.float32)
    scores[:900, :, OPEN] = 1
    scores[900:, :, BLOCKED] = 1
    found = measure.Read(coverage.astype(np.float32), scores)
    limits = measure.choose_thresholds(known, found, alarms=0.01)
    said = measure.blocked_states(measure.judged(found, limits))
    real = measure.truth(known)
    assert measure.caught(real, said, measure.REQUIRED).share == 1.0
    assert measure.false_alarms(real, said, measure.REQUIRED).share <= 0.011


def test_should_count_only_the_rows_and_regions_asked_for() -> None:
    real = np.array([[1] * 10, [0] * 10], np.int8)
    said = np.ones((2, 10), bool)
    first = np.array([True, False])
    assert str(measure.caught(real, said, EYES, first)) == "100.0 % (2/2)"
    assert measure.false_alarms(real, said, EYES, first).total == 0


def views(covered: float, blocked: float) -> tuple[dict[Region, float], dict[Region, float]]:
    return dict.fromkeys(Region, covered), dict.fromkeys(EYES, blocked)


def test_should_propose_a_label_only_where_all_readings_agree() -> None:
    assert opinion([views(0.9, 0.9), views(0.8, 0.95)], LIMITS).confidence[Region.LEFT_EYE] > 0.7
    assert opinion([views(0.0, 0.0), views(0.01, 0.0)], LIMITS).confidence[Region.NOSE] < -0.9
    assert opinion([views(0.9, 0.05), views(0.9, 0.05)], LIMITS).confidence[Region.LEFT_EYE] == 0.0
    assert opinion([views(0.9, 0.9), views(0.05, 0.9)], LIMITS).confidence[Region.NOSE] == 0.0


def test_should_write_a_manifest_that_toml_reads(tmp_path: Path) -> None:
    tomllib = pytest.importorskip("tomllib")
    tables: dict[str, dict[str, object]]
    tables = {"eyes": {"file": 'a "b".onnx', "classes": ["x", "y"]}, "eyes.thresholds": {"blocked": 0.25, "n": 3}}
    write_manifest(tmp_path / "m.toml", tables)
    found = tomllib.loads((tmp_path / "m.toml").read_text())
    assert found == {"eyes": {"file": 'a "b".onnx', "classes": ["x", "y"], "thresholds": {"blocked": 0.25, "n": 3}}}


@pytest.mark.parametrize(("angle", "name"), [(70, "very light"), (50, "light"), (0, "brown"), (-80, "dark")])
def test_should_name_the_band_of_a_skin_tone(angle: float, name: str) -> None:
    assert band(angle) == name


def test_should_weigh_both_models_for_an_eye() -> None:
    found = measure.Read(np.full((1, 10), 0.25, np.float32), np.array([[[0.1, 0.1, 0.7, 0.1]] * 2], np.float32))
    assert found.scores()[0, REGIONS.index(Region.LEFT_EYE)] == pytest.approx(0.735)
    assert found.scores()[0, REGIONS.index(Region.CHIN)] == pytest.approx(0.25)
    assert EyeScores(0.1, 0.1, 0.7, 0.1).blocked == 0.7
