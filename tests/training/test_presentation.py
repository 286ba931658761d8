"""How the look for screens and prints is trained. Needs torch, which the app does without."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs torch: pip install -r training/requirements.txt")
pytest.importorskip("onnx", reason="needs onnx: pip install -r training/requirements.txt")

from core.vision.presentation import PresentationModel  # noqa: E402
from training.networks.export import export_views  # noqa: E402
from training.networks.nets import PresentationNet  # noqa: E402
from training.networks.together import Learner, Recipe, Shelf, learn, scores  # noqa: E402
from training.publish_presentation import rates, read, thresholds  # noqa: E402
from training.scenes.portrait import PERSON, PRINT, SCREEN  # noqa: E402
from training.scenes.presented import Presentations  # noqa: E402

SIDE = 16


def made_up(counts: dict[tuple[str, int], int], name: str = "") -> Presentations:
    rows = [key for key, count in counts.items() for _ in range(count)]
    groups, labels = zip(*rows, strict=True)
    label = np.array(labels)
    views = np.random.default_rng(1).integers(0, 90, (len(rows), 3, SIDE, SIDE, 3)).astype(np.uint8)
    views[label != PERSON] += 120  # attacks are bright here
    names = [name or f"{group}/a.jpg" for group in groups]
    return Presentations(views, label, np.array(groups), np.array(names, dtype="U60"))


def drawn(seed: int) -> Any:
    return torch.Generator().manual_seed(seed)


def shelf_of(*parts: Presentations) -> Shelf:
    shelf = Shelf(1000, SIDE, torch.device("cpu"))
    shelf.add(parts)
    return shelf


def test_should_draw_classes_and_sources_in_their_shares_whatever_their_numbers() -> None:
    counts = {("composed", PERSON): 300, ("composed", SCREEN): 10, ("webcam", PRINT): 10, ("faces_open", PERSON): 5}
    filmed = {("nuaa", PERSON): 3, ("nuaa", PRINT): 20, ("phone_a", SCREEN): 90}
    shelf = shelf_of(made_up(counts), made_up(filmed))
    label, is_filmed = shelf.label[: len(shelf)], shelf.filmed[: len(shelf)]
    shares = shelf.shares(frozenset(), filmed=True)
    assert float(shares.sum()) == pytest.approx(1)
    assert float(shares[label == PERSON].sum()) == pytest.approx(0.5)
    assert float(shares[is_filmed].sum()) == pytest.approx(0.15)  # 0.3 of the half that attacks are
    assert float(shelf.shares(frozenset(), filmed=False)[is_filmed].sum()) == 0


def test_should_draw_nothing_of_a_source_left_out_nor_a_scene_with_a_picture_of_it() -> None:
    scene = made_up({("webcam", SCREEN): 4}, "clips/phone_a_real.webm/3\nfaces_open/b.jpg")
    other = made_up({("webcam", SCREEN): 4, ("nuaa", PERSON): 4, ("phone_a", SCREEN): 4})
    other.name[-4:] = "clips/phone_a_replay.webm/7"
    shelf = shelf_of(scene, other)
    shares = shelf.shares(frozenset({"phone_a"}), filmed=True)
    assert (shares[:4] == 0).all()
    assert (shares[-4:] == 0).all()
    assert (shares[4:12] > 0).all()
    assert shelf.left_out(frozenset({"phone_a"})).tolist() == [12, 13, 14, 15]


@pytest.mark.parametrize("word", ["0", "0.15", "0.15r"])
def test_should_name_a_recipe_as_it_is_read(word: str) -> None:
    assert Recipe.parse(word).name == word


@pytest.mark.parametrize("recipe", [Recipe(0.15), Recipe(0.15, robust=True)])
def test_should_learn_what_tells_attacks_from_people(recipe: Recipe) -> None:
    torch.manual_seed(3)
    data = made_up({("composed", PERSON): 60, ("composed", SCREEN): 30, ("composed", PRINT): 30})
    shelf, learner = shelf_of(data), Learner(recipe, 4e-3)
    shares, generator = shelf.shares(frozenset(), filmed=True), drawn(4)
    for step in range(40):
        learn(shelf, shares, [learner], step / 40, 32, generator)
    said = scores(learner.net, data.views)[:, 0, PERSON]
    assert said[data.label == PERSON].mean() > said[data.label != PERSON].mean() + 0.3


def test_should_weigh_filmed_attacks_as_the_recipe_says() -> None:
    filmed = torch.tensor([True] * 30 + [False] * 70)  # as they are drawn
    for share in (0.0, 0.05, 0.35):
        weight = Learner(Recipe(share), 1e-3)._weights(torch.ones(100), filmed, torch.zeros(100, dtype=torch.int64))
        assert float(weight[filmed].sum() / weight.sum()) == pytest.approx(share)


def test_should_choose_thresholds_that_few_people_reach() -> None:
    said = np.zeros((1000, 2, 3), np.float32)
    said[:, :, PERSON] = 1 - np.linspace(0, 0.9, 1000)[:, None]
    assert thresholds(said, said[:10]) == pytest.approx({"suspect": 0.896, "edge": 0.896}, abs=0.002)
    assert thresholds(said[:10], said) == pytest.approx({"suspect": 0.878, "edge": 0.878}, abs=0.002)


def test_should_choose_thresholds_that_few_people_of_each_source_left_out_reach_but_of_the_oddest() -> None:
    near, far, odd = (np.zeros((count, 2, 3), np.float32) for count in (1000, 50, 50))
    near[..., PERSON], odd[..., PERSON] = 0.9, 0.02
    far[..., PERSON] = 1 - np.linspace(0.6, 0.95, 50)[:, None]
    assert thresholds(near, near, [near] * 8 + [far])["edge"] == pytest.approx(0.943, abs=0.001)
    assert thresholds(near, near, [near] * 8 + [far, odd])["edge"] == pytest.approx(0.943, abs=0.001)
    assert thresholds(near, near, [near] * 7 + [odd])["edge"] == pytest.approx(0.98)  # too few to leave one out
    assert thresholds(near, near, [near])["suspect"] == 0.5
    assert thresholds(near, near)["suspect"] == 0.5


def test_should_count_what_is_called_shown() -> None:
    label = np.array([PERSON] * 4 + [SCREEN] * 2)
    said = np.zeros((6, 2, 3), np.float32)
    said[..., PERSON] = 1.0
    said[[0, 4], 0, PERSON] = 0.0
    assert rates(label, said, {"suspect": 0.5, "edge": 0.5}) == {
        "person": 0.25,
        "person_pictures": 4,
        "screen": 0.5,
        "screen_pictures": 2,
        "told_apart": 0.375,
    }


def test_should_read_what_was_trained_and_export_what_the_app_reads(tmp_path: Path) -> None:
    torch.manual_seed(2)
    views = torch.randint(0, 255, (6, 3, 96, 96, 3), dtype=torch.uint8)
    net = PresentationNet()
    net.train()(views)  # gives the norms figures of their own
    halves = {name: value.half() if value.is_floating_point() else value for name, value in net.state_dict().items()}
    torch.save({"nuaa,phone_a 0.15r": halves, "everything 0": net.state_dict()}, tmp_path / "trained-0.pt")
    trained = read([tmp_path / "trained-0.pt"])
    assert set(trained) == {("nuaa,phone_a", "0.15r"), ("everything", "0")}
    path = tmp_path / "net.onnx"
    export_views(trained["everything", "0"], 96, path)
    found = PresentationModel(path).scores(views.numpy())
    assert found.sum(axis=2) == pytest.approx(np.ones((6, 2)), abs=1e-5)
    for own in trained.values():
        assert scores(own, views.numpy()) == pytest.approx(found, abs=0.02)
