from __future__ import annotations

import av
import numpy as np
import pytest

from benchmarks.sessions.visitor import BITS, mark, read_mark


@pytest.mark.parametrize("number", [0, 1, 0b10101, (1 << BITS) - 1])
def test_should_read_the_number_that_was_written(number: int) -> None:
    planes = np.full((720, 640), 120, np.uint8)
    mark(planes, number)
    assert read_mark(av.VideoFrame.from_ndarray(planes, format="yuv420p")) == number


def test_should_read_nothing_from_a_frame_that_was_made_smaller() -> None:
    assert read_mark(av.VideoFrame.from_ndarray(np.zeros((360, 240), np.uint8), format="yuv420p")) is None
