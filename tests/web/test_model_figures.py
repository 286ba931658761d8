"""The measured figures come from the manifest and from nowhere else."""

from __future__ import annotations

from typing import Any

from core.regions import Region
from core.vision import assets
from core.web.language import text
from core.web.model_figures import HEADLINES, KINDS, PEOPLE, read_figures

MANIFEST: dict[str, Any] = {
    "occlusion": {
        "file": "occlusion.onnx",
        "version": "3",
        "date": "2026-05-01",
        "sha256": "ab",
        "figures": {
            "caught_required": 0.91,
            "false_alarms_required": 0.012,
            "caught_nose": 0.97,
            "false_alarms_nose": 0.004,
            "caught_chin": 0.5,
            "caught_hand": 0.95,
            "caught_something_new": 0.1,
            "validation_samples": 2400,
            "parameters": 1000,
        },
        "people": {"spectacles": 0.03, "spectacles_photos": 45},
    },
    "eyes": {"file": "eyes.onnx", "version": "2", "date": "2026-05-01", "sha256": "cd", "figures": {"open_right": 1}},
}


def test_should_pick_what_there_is() -> None:
    found = read_figures(MANIFEST)
    assert found.headlines == {"caught_required": 0.91, "false_alarms_required": 0.012, "open_right": 1.0}
    assert found.regions == {Region.NOSE: (0.97, 0.004)}
    assert found.kinds == {"hand": 0.95}
    assert found.people == {"spectacles": (0.03, 45)}
    assert found.samples == 2400
    assert [(model.file, model.version, model.parameters) for model in found.models] == [
        ("occlusion.onnx", "3", 1000),
        ("eyes.onnx", "2", None),
    ]


def test_should_show_nothing_where_nothing_was_measured() -> None:
    found = read_figures({"occlusion": {}, "eyes": {"figures": "none"}})
    assert (found.headlines, found.regions, found.kinds, found.people, found.samples) == ({}, {}, {}, {}, None)


def test_should_find_figures_in_the_manifest_of_the_repository() -> None:
    found = read_figures(assets.manifest())
    assert {"caught_required", "false_alarms_required"} <= set(found.headlines)
    assert [model.name for model in found.models] == ["occlusion", "eyes", "presentation"]


def test_should_have_words_for_every_figure() -> None:
    keys = [f"how.{key}" for _, key in HEADLINES] + [f"kind.{kind}" for kind in KINDS]
    assert all(text(key) for key in (*keys, *(f"people.{name}" for name in PEOPLE)))
