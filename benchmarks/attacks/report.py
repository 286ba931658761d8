"""The figures of ISO/IEC 30107-3: APCER for each species, BPCER for genuine attempts, with their bounds."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import beta

Outcomes = dict[str, list[dict[str, Any]]]
_GENUINE = "genuine"
_CALL_S = 0.3


def upper(hits: int, trials: int, confidence: float = 0.95) -> float:
    """One-sided upper bound of a share (Clopper and Pearson, 1934)."""
    return 1.0 if hits >= trials else float(beta.ppf(confidence, hits + 1, trials - hits))


def summary(done: Outcomes, source: str) -> dict[str, Any]:
    """Everything that the table shows, and more."""
    attacks = {name: _attack(found) for name, found in done.items() if not name.startswith(_GENUINE) and found}
    people = {name: _people(found) for name, found in done.items() if name.startswith(_GENUINE) and found}
    return {"source": source, "attacks": attacks, "genuine": people}


def markdown(done: Outcomes, source: str) -> str:
    """The table."""
    figures = summary(done, source)
    lines = [
        f"Faces and clips: {source}.",
        "",
        "| species | attempts | captured | APCER | 95 % upper bound | called within | stepped up |",
    ]
    lines.append("|---|---|---|---|---|---|---|")
    for name, f in figures["attacks"].items():
        called = f"{f['called_s']['max']:.2f} s" if f.get("called_s") else "-"
        bound = f"{f['apcer_upper']:.1%}"
        captured = f"{f['attempts']} | {f['captured']} | {f['apcer']:.1%} | {bound}"
        lines.append(f"| {name} | {captured} | {called} | {f['stepped_up']} |")
    lines += [
        "",
        "| genuine | attempts | not captured | BPCER | 95 % upper bound | of those, continuity | stepped up "
        "| median | 90 % |",
    ]
    lines.append("|---|---|---|---|---|---|---|---|---|")
    for name, f in figures["genuine"].items():
        for label, g in [(name, f), *((f"- {c}", part) for c, part in f["conditions"].items())]:
            times = f"{g['median_s']:.1f} s | {g['p90_s']:.1f} s" if g["median_s"] is not None else "- | -"
            lines.append(
                f"| {label} | {g['attempts']} | {g['rejected']} | {g['bpcer']:.1%} | {g['bpcer_upper']:.1%} "
                f"| {g['continuity']} | {g['stepped_up']} | {times} |"
            )
    return "\n".join(lines)


def _attack(found: list[dict[str, Any]]) -> dict[str, Any]:
    """A swap that never came about, for want of a person who passed the challenge, is no attempt."""
    swaps = any(o["swapped"] is not None for o in found)
    tried = [o for o in found if o["swapped"] is not None] if swaps else found
    captured = sum(o["captured"] and (o["shown"] is not None or not swaps) for o in tried)
    result: dict[str, Any] = {
        "attempts": len(tried),
        "captured": captured,
        "apcer": captured / max(len(tried), 1),
        "apcer_upper": upper(captured, max(len(tried), 1)),
        "restarts": _reasons(tried),
        "stepped_up": _stepped_up(tried),
    }
    if swaps:
        called = [_called(o) for o in tried if o["shown"] is not None or o["restarts"]]
        calls = [c for c in called if c is not None]
        if calls:
            late = sum(c > _CALL_S for c in calls)
            result["called_s"] = {"median": float(np.median(calls)), "max": max(calls), "late": late}
    return result


def _called(outcome: dict[str, Any]) -> float | None:
    """Seconds from the other face's full view to the first failed try after the swap began."""
    after = [t for t, _ in outcome["restarts"] if t >= outcome["swapped"]]
    if not after:
        return None
    return max(after[0] - outcome["shown"], 0.0) if outcome["shown"] is not None else 0.0


def _people(found: list[dict[str, Any]]) -> dict[str, Any]:
    conditions = sorted({o["condition"] for o in found})
    return {
        **_share(found),
        "restarts": _reasons(found),
        "conditions": {c: _share([o for o in found if o["condition"] == c]) for c in conditions},
    }


def _share(found: list[dict[str, Any]]) -> dict[str, Any]:
    rejected = [o for o in found if not o["captured"]]
    times = [o["seconds"] for o in found if o["captured"]]
    guard = ("face_changed", "face_lost", "jumped", "second_face", "stalled")
    return {
        "attempts": len(found),
        "rejected": len(rejected),
        "bpcer": len(rejected) / len(found),
        "bpcer_upper": upper(len(rejected), len(found)),
        "stepped_up": _stepped_up(found),
        "continuity": sum(any(reason in guard for _, reason in o["restarts"]) for o in rejected),
        "median_s": float(np.median(times)) if times else None,
        "p90_s": float(np.percentile(times, 90)) if times else None,
    }


def _stepped_up(found: list[dict[str, Any]]) -> int:
    """Attempts in which the face looked shown, so that cues were asked for."""
    return sum(bool(outcome.get("suspected")) for outcome in found)


def _reasons(found: list[dict[str, Any]]) -> dict[str, int]:
    reasons: dict[str, int] = {}
    for outcome in found:
        for _, reason in outcome["restarts"]:
            reasons[reason] = reasons.get(reason, 0) + 1
    return reasons
