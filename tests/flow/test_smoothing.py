import pytest

from core.flow.smoothing import smoothed, switched


def test_should_come_near_the_target_alike_at_any_rate() -> None:
    found = []
    for fps in (15, 60):
        value = 0.0
        for _ in range(fps // 5):
            value = smoothed(value, 1.0, 1 / fps, 0.2)
        found.append(value)
    assert found == pytest.approx([0.63, 0.63], abs=0.08)


def test_should_not_overshoot_after_a_long_gap() -> None:
    assert smoothed(0.2, 1.0, 9.0, 0.2) == 1.0


@pytest.mark.parametrize(
    ("on", "share", "expected"),
    [(False, 0.5, False), (True, 0.5, True), (False, 0.7, True), (True, 0.7, True), (True, 0.2, False)],
)
def test_should_switch_with_a_gap_between_on_and_off(on: bool, share: float, expected: bool) -> None:
    assert switched(on, share, on_above=0.6, off_below=0.3) is expected
