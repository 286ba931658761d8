import pytest

from core.flow.hint_hold import HintHold
from core.flow.snapshot import Advice, Hint, Phase
from tests.fakes import snapshot

CLOSER, BACK, HOLD = Advice(Hint.MOVE_CLOSER), Advice(Hint.MOVE_BACK), Advice(Hint.HOLD)
WAIT, NOW = Advice(Hint.WAIT_FOR_CUE), Advice(Hint.BLINK_NOW)


def shown(*frames: tuple[float, Phase, Advice]) -> list[Advice]:
    hold = HintHold(0.6)
    return [hold.update(snapshot(t, phase, advice)) for t, phase, advice in frames]


P, B = Phase.POSITION, Phase.BLINK


@pytest.mark.parametrize(
    ("frames", "expected"),
    [
        ([(0.0, P, CLOSER), (0.1, P, BACK), (0.59, P, BACK)], [CLOSER, CLOSER, CLOSER]),
        ([(0.0, P, CLOSER), (0.3, P, BACK), (0.6, P, BACK)], [CLOSER, CLOSER, BACK]),
        ([(0.0, P, CLOSER), (0.3, P, BACK), (0.7, P, CLOSER)], [CLOSER, CLOSER, CLOSER]),
        ([(0.0, P, CLOSER), (0.1, B, HOLD)], [CLOSER, HOLD]),
        ([(0.0, B, WAIT), (0.1, B, NOW), (0.3, B, WAIT), (0.7, B, WAIT)], [WAIT, NOW, NOW, WAIT]),
        ([(0.0, P, CLOSER), (0.7, P, BACK), (1.2, P, HOLD), (1.3, P, HOLD)], [CLOSER, BACK, BACK, HOLD]),
    ],
    ids=["held", "replaced when due", "flicker unseen", "phase change at once", "cue at once", "held anew"],
)
def test_should_hold_a_hint(frames: list[tuple[float, Phase, Advice]], expected: list[Advice]) -> None:
    assert shown(*frames) == expected
