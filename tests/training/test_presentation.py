"""How the look for screens and prints is trained. Needs torch, which the app does without."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs torch: pip install -r training/requirements.txt")
pytest.importorskip("onnx", reason="needs onnx: pip install -r training/requirements.txt")

from core.vision.presentation import PresentationModel  # noqa: E402
from training.export import export_views  # noqa: E402
from training.nets import PresentationNet  # noqa: E402
from training.portrait import PERSON, PRINT, SCREEN  # noqa: E402
from training.presentation import rates, restored, shares, thresholds  # noqa: E402
from training.presented import Presentations  # noqa: E402


def made_up(counts: dict[tuple[str, int], int]) -> Presentations:
    rows = [key for key, count in counts.items() for _ in range(count)]
    views = np.zeros((len(rows), 3, 4, 4, 3), np.uint8)
    groups, labels = zip(*rows, strict=True)
    return Presentations(
        views, np.array(labels), np.array(groups), np.array([f"{g}/a.jpg" for g in groups], dtype="U20")
    )


def test_should_draw_classes_in_their_shares_whatever_their_numbers() -> None:
    plain = made_up({("a", PERSON): 300, ("a", SCREEN): 10, ("a", PRINT): 10})
    shown = made_up({("b", PERSON): 5, ("c", SCREEN): 90, ("b", PRINT): 20})
    weights, label = shares(plain, shown), np.concatenate([plain.label, shown.label])
    assert weights.sum() == pytest.approx(1)
    assert weights[label == PERSON].sum() == pytest.approx(0.5)
    assert weights[len(plain) :].sum() == pytest.approx(0.35)


def test_should_choose_thresholds_that_few_people_reach() -> None:
    scores = np.zeros((1000, 2, 3), np.float32)
    scores[:, :, PERSON] = 1 - np.linspace(0, 0.9, 1000)[:, None]
    assert thresholds(scores, scores[:10]) == pytest.approx({"suspect": 0.896, "edge": 0.896}, abs=0.002)
    assert thresholds(scores[:10], scores) == pytest.approx({"suspect": 0.864, "edge": 0.864}, abs=0.002)


def test_should_choose_thresholds_that_few_people_of_sources_left_out_reach_whatever_their_numbers() -> None:
    near, far = (np.zeros((count, 2, 3), np.float32) for count in (1000, 50))
    near[..., PERSON], far[..., PERSON] = 0.9, 1 - np.linspace(0.6, 0.95, 50)[:, None]
    found = thresholds(near, near, [near, far])
    assert found["suspect"] == pytest.approx(0.94, abs=0.01)  # 2 % of all, each source counting alike
    assert thresholds(near, near, [near])["suspect"] == 0.5


def test_should_count_only_pictures_as_they_are() -> None:
    data = made_up({("a", PERSON): 4, ("a", SCREEN): 2})
    data.name[0] += "+"
    scores = np.zeros((6, 2, 3), np.float32)
    scores[..., PERSON] = 1.0
    scores[[0, 1, 4], 0, PERSON] = 0.0
    found = rates(data, scores, {"suspect": 0.5, "edge": 0.5})
    assert found == {
        "person": pytest.approx(1 / 3),
        "person_pictures": 3,
        "screen": 0.5,
        "screen_pictures": 2,
    }


def test_should_export_what_the_app_reads_and_go_on_from_it(tmp_path: Path) -> None:
    torch.manual_seed(2)
    views = torch.randint(0, 255, (6, 3, 96, 96, 3), dtype=torch.uint8)
    net = PresentationNet()
    net.train()(views)  # gives the norms figures of their own
    path = tmp_path / "net.onnx"
    export_views(net, 96, path)
    found = PresentationModel(path).scores(views.numpy())
    assert found.shape == (6, 2, 3)
    assert found.sum(axis=2) == pytest.approx(np.ones((6, 2)), abs=1e-5)
    with torch.no_grad():
        again = torch.softmax(restored(path, views.numpy()).eval()(views), dim=2).numpy()
    assert again == pytest.approx(found, abs=1e-4)
