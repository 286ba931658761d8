"""False alarms by person and light: skin tone, spectacles, beard, brightness. Photos as they are, no composites."""

from __future__ import annotations

import numpy as np

from core.vision.judge import Thresholds
from training.faces.curated import BEARDS, SPECTACLES
from training.faces.datasets import Samples
from training.faces.skin import BANDS, band, typology_angle
from training.figures.measure import OTHERS, REQUIRED, Rate, Read, blocked_states, false_alarms, judged, truth

_PHOTOS = ("photo", "real_mask")


def groups(samples: Samples) -> dict[str, np.ndarray]:
    """Name -> (N,) bool. Spectacles and beards are known for the photos that `curated` lists."""
    photo = np.isin(samples.kind, _PHOTOS)
    bands = np.array([band(angle) for angle in typology_angle(samples)])
    names = np.array([source.split("/")[-1] for source in samples.source])
    luma = samples.face.reshape(len(samples), -1).mean(axis=1)
    known = photo & (samples.kind == "photo")
    out = {f"skin {name}": photo & (bands == name) for name, _ in BANDS}
    out["spectacles"] = known & np.isin(names, list(SPECTACLES))
    out["no spectacles"] = known & ~out["spectacles"]
    out["beard or moustache"] = known & np.isin(names, list(BEARDS))
    out["no beard"] = known & ~out["beard or moustache"]
    out["dark picture"] = photo & (luma < 80)
    out["bright picture"] = photo & (luma > 170)
    return {name: rows for name, rows in out.items() if rows.any()}


def rates(samples: Samples, found: Read, limits: Thresholds) -> dict[str, tuple[int, Rate, Rate]]:
    """Group -> (photos, false alarms on eyes, nose and mouth, false alarms on the other six)."""
    real, said = truth(samples), blocked_states(judged(found, limits))
    return {
        name: (
            int(rows.sum()),
            false_alarms(real, said, REQUIRED, rows),
            false_alarms(real, said, OTHERS, rows),
        )
        for name, rows in groups(samples).items()
    }


def table(samples: Samples, found: Read, limits: Thresholds) -> str:
    """`rates` for people."""
    lines = [f"{'false alarms on photos':26}{'photos':>7}  {'eyes, nose, mouth':24}other regions"]
    lines += [f"{k:26}{n:7d}  {a!s:24}{b}" for k, (n, a, b) in rates(samples, found, limits).items()]
    return "\n".join(lines)


def figures(samples: Samples, found: Read, limits: Thresholds) -> dict[str, object]:
    """For [occlusion.people]: share of false alarms on eyes, nose and mouth of each group, and its photos."""
    out: dict[str, object] = {}
    for name, (count, rate, _) in rates(samples, found, limits).items():
        key = name.replace(" ", "_")
        out[key] = rate.share if rate.total else 0.0
        out[f"{key}_photos"] = count
    return out
