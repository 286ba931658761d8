import pytest

from core.regions import EYES, Region
from core.settings import RegionSettings
from core.vision.judge import RegionJudge, Thresholds
from core.vision.reading import EyeScores, State

LIMITS = Thresholds({region: 0.2 for region in Region if region not in EYES}, eye_blocked=0.4, glare=0.5, closed=0.5)
JUDGE = RegionJudge(LIMITS, RegionSettings(far_side_yaw=35.0))
OPEN = EyeScores(0.97, 0.01, 0.01, 0.01)


def state(eye: EyeScores, covered: float = 0.0) -> tuple[State, bool]:
    coverage = dict.fromkeys(Region, 0.0) | {Region.LEFT_EYE: covered}
    reading = JUDGE.judge(coverage, {Region.LEFT_EYE: eye, Region.RIGHT_EYE: OPEN})[Region.LEFT_EYE]
    return reading.state, reading.glare


@pytest.mark.parametrize(
    ("eye", "covered", "expected"),
    [
        (OPEN, 0.0, (State.OPEN, False)),
        (EyeScores(0.1, 0.88, 0.01, 0.01), 0.0, (State.CLOSED, False)),
        (EyeScores(0.05, 0.05, 0.9, 0.0), 0.3, (State.BLOCKED, False)),
        (EyeScores(0.9, 0.05, 0.05, 0.0), 0.6, (State.BLOCKED, False)),
        (EyeScores(0.1, 0.1, 0.8, 0.0), 0.15, (State.BLOCKED, False)),
        (EyeScores(0.2, 0.1, 0.1, 0.6), 0.0, (State.BLOCKED, True)),
        (EyeScores(0.1, 0.0, 0.3, 0.6), 0.9, (State.BLOCKED, False)),
    ],
)
def test_should_name_the_state_of_an_eye(eye: EyeScores, covered: float, expected: tuple[State, bool]) -> None:
    assert state(eye, covered) == expected


def test_should_judge_each_eye_by_itself() -> None:
    shut = EyeScores(0.02, 0.97, 0.005, 0.005)
    found = JUDGE.judge(dict.fromkeys(Region, 0.0), {Region.LEFT_EYE: shut, Region.RIGHT_EYE: OPEN})
    assert (found[Region.LEFT_EYE].state, found[Region.RIGHT_EYE].state) == (State.CLOSED, State.OPEN)


def test_should_block_a_region_from_its_threshold_on() -> None:
    coverage = dict.fromkeys(Region, 0.19) | {Region.MOUTH: 0.2}
    found = JUDGE.judge(coverage, dict.fromkeys(EYES, OPEN))
    assert found[Region.MOUTH].state is State.BLOCKED
    assert found[Region.NOSE].state is State.CLEAR
    assert found[Region.MOUTH].covered == 0.2


@pytest.mark.parametrize(("yaw", "far"), [(40.0, "left"), (-40.0, "right"), (30.0, "neither"), (-30.0, "neither")])
def test_should_not_call_blocked_what_is_turned_half_out_of_sight(yaw: float, far: str) -> None:
    behind = EyeScores(0.02, 0.02, 0.95, 0.01)
    found = JUDGE.judge(dict.fromkeys(Region, 0.4), dict.fromkeys(EYES, behind), yaw)
    assert {r for r in Region if found[r].state is not State.BLOCKED} == {r for r in Region if r.value.startswith(far)}


def test_should_call_blocked_on_the_far_side_what_is_covered_beyond_doubt() -> None:
    found = JUDGE.judge(dict.fromkeys(Region, 0.6), dict.fromkeys(EYES, OPEN), -40.0)
    assert {reading.state for reading in found.values()} == {State.BLOCKED}


def test_should_still_tell_an_eye_on_the_far_side_that_is_closed() -> None:
    shut = EyeScores(0.02, 0.9, 0.02, 0.02)
    found = JUDGE.judge(dict.fromkeys(Region, 0.0), dict.fromkeys(EYES, shut), 40.0)
    assert found[Region.LEFT_EYE].state is State.CLOSED


def test_should_read_thresholds_from_the_manifest() -> None:
    manifest = {
        "occlusion": {"thresholds": {region.value: 0.3 for region in Region if region not in EYES}},
        "eyes": {"thresholds": {"blocked": 0.4, "glare": 0.5, "closed": 0.6}},
    }
    limits = Thresholds.from_manifest(manifest)
    assert limits.coverage[Region.CHIN] == 0.3
    assert (limits.eye_blocked, limits.glare, limits.closed) == (0.4, 0.5, 0.6)
