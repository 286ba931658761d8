from __future__ import annotations

import threading

import numpy as np
import pytest

from core.vision import assets
from core.vision.lite import BLENDSHAPES, DETECTOR, LiteNet, bundled


def test_should_be_one_network_for_all_who_ask() -> None:
    model = assets.ensure_face_model()
    assert bundled(model, BLENDSHAPES) is bundled(model, BLENDSHAPES)
    with pytest.raises(KeyError):
        bundled(model, "no such file")


def test_what_is_no_network_should_be_refused() -> None:
    with pytest.raises(ValueError):
        LiteNet(b"no network")


def test_threads_that_run_it_at_once_should_not_meet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    net = bundled.__wrapped__(assets.ensure_face_model(), DETECTOR)
    squares = [np.full((1, 128, 128, 3), level, np.float32) for level in (-1.0, -0.3, 0.4, 1.0)]
    alone = [[said.copy() for said in net.run(square)] for square in squares]
    wrong: list[int] = []

    def work(index: int) -> None:
        for _ in range(10):
            for said, right in zip(net.run(squares[index]), alone[index], strict=True):
                if not np.array_equal(said, right):
                    wrong.append(index)

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(squares))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_an_answer_should_stay_when_the_next_one_comes() -> None:
    net = bundled(assets.ensure_face_model(), BLENDSHAPES)
    points = np.random.default_rng(1).uniform(100, 400, (1, 146, 2)).astype(np.float32)
    (first,) = net.run(points)
    kept = first.copy()
    net.run(points[:, ::-1])
    np.testing.assert_array_equal(first, kept)
