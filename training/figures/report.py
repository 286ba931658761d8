"""The tables that people read, and the same figures for the manifest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.regions import EYES, Region
from core.vision.judge import Thresholds
from training.drawing.compose import FOREIGN_KINDS
from training.faces.datasets import CLOSED, GLARE, OPEN, EyeCrops, Samples
from training.figures.measure import (
    OTHERS,
    REQUIRED,
    Rate,
    Read,
    blocked_states,
    caught,
    eye_state_rates,
    false_alarms,
    judged,
    photographed,
    truth,
)

_GROUPS = (("eyes", EYES), ("nose", (Region.NOSE,)), ("mouth", (Region.MOUTH,)), ("others", OTHERS))


def table(samples: Samples, found: Read, limits: Thresholds) -> str:
    """Caught and false alarms for each kind of occluder and group of regions."""
    real, said = truth(samples), blocked_states(judged(found, limits))
    lines = [
        "".join([f"{'':12}", *(f"{'caught ' + name:22}" for name, _ in _GROUPS), "| "]).rstrip()
        + "".join(f" {'false ' + name:20}" for name, _ in _GROUPS)
    ]
    for kind in ["all", *sorted(set(samples.kind))]:
        rows = np.ones(len(samples), bool) if kind == "all" else samples.kind == kind
        left = "".join(f"{caught(real, said, regions, rows)!s:22}" for _, regions in _GROUPS)
        right = "".join(f" {false_alarms(real, said, regions, rows)!s:20}" for _, regions in _GROUPS)
        lines.append(f"{kind:12}{left}|{right}")
    return "\n".join(lines)


def by_region(samples: Samples, found: Read, limits: Thresholds) -> str:
    """Caught and false alarms of each region."""
    real, said = truth(samples), blocked_states(judged(found, limits))
    lines = [f"{'region':14}{'caught':24}false alarms"]
    lines += [f"{r.value:14}{caught(real, said, (r,))!s:24}{false_alarms(real, said, (r,))}" for r in Region]
    return "\n".join(lines)


def figures(samples: Samples, found: Read, limits: Thresholds) -> dict[str, object]:
    """The line of the targets, as plain numbers 0..1, for [occlusion.figures]."""
    real, said = truth(samples), blocked_states(judged(found, limits))
    foreign = np.isin(samples.kind, [*FOREIGN_KINDS, "real_mask"])
    kinds = {k: caught(real, said, REQUIRED, samples.kind == k) for k in sorted(set(samples.kind[foreign]))}
    out: dict[str, object] = {
        "caught_required": caught(real, said, REQUIRED, foreign).share,
        "false_alarms_required": false_alarms(real, said, REQUIRED).share,
        "caught_others": caught(real, said, OTHERS, foreign).share,
        "false_alarms_others": false_alarms(real, said, OTHERS).share,
        "validation_samples": len(samples),
    }
    out |= {f"caught_{kind}": rate.share for kind, rate in kinds.items() if rate.total}
    for region in Region:
        out[f"caught_{region.value}"] = caught(real, said, (region,)).share
        out[f"false_alarms_{region.value}"] = false_alarms(real, said, (region,)).share
    return {key: value for key, value in out.items() if value == value}


def eye_figures(
    samples: Samples, found: Read, clips: tuple[EyeCrops, NDArray[np.float32]], limits: Thresholds
) -> dict[str, object]:
    """Open and closed on validation faces, with drawn lids apart, and on clips that no training saw; glare.

    For [eyes.figures].
    """
    label, scores = photographed(samples), found.eyes.reshape(-1, 4)
    own = eye_state_rates(label, scores, limits)
    drawn = samples.drawn_lids.ravel()
    lids = eye_state_rates(samples.eye_class.ravel()[drawn], scores[drawn], limits)
    foreign = eye_state_rates(clips[0].label, clips[1], limits)
    called = scores[:, GLARE] >= limits.glare
    plain = np.isin(label, (OPEN, CLOSED))
    glare = Rate(int((called & (label == GLARE)).sum()), int((label == GLARE).sum()))
    alarm = Rate(int((called & plain).sum()), int(plain.sum()))
    out = {
        "open_right": own["open"].share,
        "closed_right": own["closed"].share,
        "drawn_closed_right": lids["closed"].share,
        "clips_open_right": foreign["open"].share,
        "clips_closed_right": foreign["closed"].share,
        "clips_eyes": len(clips[0].label),
        "glare_caught": glare.share,
        "glare_false_alarms": alarm.share,
    }
    return {key: value for key, value in out.items() if value == value}


def before_after(rows: list[tuple[str, Rate, Rate, bool]]) -> str:
    """What a run gained and lost. rows: name, before, after, whether more is better."""
    lines = [f"{'':34}{'before':24}{'after':24}change"]
    for name, before, after, more in rows:
        change = 100 * (after.share - before.share)
        word = "" if abs(change) < 0.05 else ("gained" if (change > 0) == more else "lost")
        lines.append(f"{name:34}{before!s:24}{after!s:24}{change:+5.1f} {word}")
    return "\n".join(lines)


def compare(
    samples: Samples, old: tuple[Read, Thresholds], new: tuple[Read, Thresholds], prefix: str = ""
) -> list[tuple[str, Rate, Rate, bool]]:
    """Rows for `before_after`: required and other regions, then each kind."""
    real = truth(samples)
    was, now = (blocked_states(judged(*pair)) for pair in (old, new))
    rows = []
    for name, regions in (("eyes, nose, mouth", REQUIRED), ("other regions", OTHERS)):
        rows.append((f"{prefix}{name}: caught", caught(real, was, regions), caught(real, now, regions), True))
        rows.append(
            (f"{prefix}{name}: false", false_alarms(real, was, regions), false_alarms(real, now, regions), False)
        )
    for kind in sorted(set(samples.kind)):
        at = samples.kind == kind
        if caught(real, now, REQUIRED, at).total:
            rows.append((f"{prefix}{kind}", caught(real, was, REQUIRED, at), caught(real, now, REQUIRED, at), True))
    return rows
