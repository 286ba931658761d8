"""The models' measured figures, picked from the manifest for the How it works page. Nothing is typed in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.regions import Region
from core.vision.assets import OWN_MODELS

HEADLINES = (
    ("occlusion", "caught_required"),
    ("occlusion", "false_alarms_required"),
    ("occlusion", "caught_others"),
    ("eyes", "clips_closed_right"),
    ("eyes", "clips_open_right"),
    ("eyes", "closed_right"),
    ("eyes", "open_right"),
)
KINDS = ("hand", "finger", "thin", "object", "shades", "mask", "real_mask", "scarf")
PEOPLE = (
    *("skin_very_light", "skin_light", "skin_intermediate", "skin_tan", "skin_brown", "skin_dark"),
    *("spectacles", "no_spectacles", "beard_or_moustache", "no_beard", "dark_picture", "bright_picture"),
)


@dataclass(frozen=True)
class Model:
    """One model file. parameters: None where the manifest does not say."""

    name: str
    file: str
    version: str
    parameters: int | None
    sha256: str


@dataclass(frozen=True)
class Figures:
    """Shares are 0..1. What the manifest does not have is not here either.

    headlines: key -> share. regions: (caught, false alarms). kinds: what was caught of each kind of thing.
    people: (false alarms, photos). samples: pictures measured on; None where the manifest does not say.
    """

    headlines: Mapping[str, float]
    regions: Mapping[Region, tuple[float, float]]
    kinds: Mapping[str, float]
    people: Mapping[str, tuple[float, int]]
    samples: int | None
    models: tuple[Model, ...]


def read_figures(manifest: Mapping[str, Any]) -> Figures:
    """From `core.vision.assets.manifest()`."""
    tables = {name: _table(manifest, name, "figures") for name in ("occlusion", "eyes")}
    occlusion = tables["occlusion"]
    people = _table(manifest, "occlusion", "people")
    samples = occlusion.get("validation_samples")
    return Figures(
        headlines={key: float(tables[name][key]) for name, key in HEADLINES if key in tables[name]},
        regions={
            region: (float(occlusion[f"caught_{region.value}"]), float(occlusion[f"false_alarms_{region.value}"]))
            for region in Region
            if f"caught_{region.value}" in occlusion and f"false_alarms_{region.value}" in occlusion
        },
        kinds={kind: float(occlusion[f"caught_{kind}"]) for kind in KINDS if f"caught_{kind}" in occlusion},
        people={name: (float(people[name]), int(people.get(f"{name}_photos", 0))) for name in PEOPLE if name in people},
        samples=None if samples is None else int(samples),
        models=tuple(_model(name, manifest[name]) for name in OWN_MODELS if name in manifest),
    )


def _table(manifest: Mapping[str, Any], model: str, name: str) -> Mapping[str, Any]:
    table = manifest.get(model, {}).get(name, {})
    return table if isinstance(table, Mapping) else {}


def _model(name: str, entry: Mapping[str, Any]) -> Model:
    parameters = _table({name: entry}, name, "figures").get("parameters", entry.get("parameters"))
    return Model(
        name=name,
        file=str(entry.get("file", "")),
        version=str(entry.get("version", "")),
        parameters=None if parameters is None else int(parameters),
        sha256=str(entry.get("sha256", "")),
    )
