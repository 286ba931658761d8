"""Reads samples with the exported models and counts what was caught and what was a false alarm."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from core.regions import EYES, Region
from core.settings import RegionSettings
from core.vision.judge import RegionJudge, Thresholds, eye_score
from core.vision.occlusion import one_thread_session
from core.vision.reading import EyeScores, RegionReading, State
from training.faces.datasets import (
    BLOCKED_FROM,
    CLEAR_EYE,
    CLEAR_UP_TO,
    CLOSED,
    NO_EYE,
    OPEN,
    REGIONS,
    UNKNOWN,
    Samples,
)

REQUIRED = (Region.LEFT_EYE, Region.RIGHT_EYE, Region.NOSE, Region.MOUTH)
OTHERS = tuple(region for region in Region if region not in REQUIRED)

_LEAST = {Region.MOUTH: 0.16}
"""Least coverage that blocks a region, share; 0.1 where none is named: a sliver is no cover. Mouths that shout or are
turned aside in clips read up to 0.16 with nothing before them; validation's photos have none such."""


@dataclass(frozen=True)
class Read:
    """What the models say of N samples: coverage (N, 10); eyes (N, 2, 4), left first."""

    coverage: NDArray[np.float32]
    eyes: NDArray[np.float32]

    def take(self, index: NDArray[np.bool_]) -> Read:
        """Some of them."""
        return Read(self.coverage[index], self.eyes[index])

    def scores(self) -> NDArray[np.float64]:
        """(N, 10): the figure each region's threshold is laid on: `eye_score` of an eye, coverage elsewhere."""
        out = self.coverage.astype(np.float64)
        for column, eye in enumerate(EYES):
            index = REGIONS.index(eye)
            out[:, index] = [
                eye_score(float(c), EyeScores(*map(float, p)))
                for c, p in zip(self.coverage[:, index], self.eyes[:, column], strict=True)
            ]
        return out


def read(samples: Samples, occlusion: Path, eyes: Path, batch: int = 64) -> Read:
    """Both models on every sample."""
    coverage, scores = [], []
    dense, crop = one_thread_session(occlusion), one_thread_session(eyes)
    for at in range(0, len(samples), batch):
        mask = run_batches(dense, samples.face[at : at + batch])
        bits = samples.outline[at : at + batch]
        inside = ((bits[:, None] >> np.arange(len(REGIONS))[:, None, None]) & 1).astype(np.float32)
        coverage.append((mask[:, None] * inside).sum(axis=(2, 3)) / np.maximum(inside.sum(axis=(2, 3)), 1))
        crops = samples.eyes[at : at + batch]
        scores.append(run_batches(crop, crops.reshape(-1, *crops.shape[2:])).reshape(len(crops), 2, 4))
    return Read(np.concatenate(coverage), np.concatenate(scores))


def run_batches(
    session: onnxruntime.InferenceSession, pixels: NDArray[np.uint8], batch: int = 256
) -> NDArray[np.float32]:
    """The session's answer for all of `pixels`, in batches."""
    name = session.get_inputs()[0].name
    parts = [session.run(None, {name: pixels[at : at + batch]})[0] for at in range(0, len(pixels), batch)]
    return np.concatenate(parts) if parts else np.zeros((0, 4), np.float32)


def judged(found: Read, thresholds: Thresholds) -> list[dict[Region, RegionReading]]:
    """The states the app would show, sample by sample."""
    judge = RegionJudge(thresholds, RegionSettings())
    out = []
    for row, eyes in zip(found.coverage, found.eyes, strict=True):
        coverage = {region: float(c) for region, c in zip(REGIONS, row, strict=True)}
        out.append(judge.judge(coverage, {e: EyeScores(*map(float, p)) for e, p in zip(EYES, eyes, strict=True)}))
    return out


def truth(samples: Samples) -> NDArray[np.int8]:
    """(N, 10): 1 blocked, 0 clear, -1 nobody scores (little covered, glare, unknown)."""
    out = np.full(samples.coverage.shape, -1, np.int8)
    out[samples.coverage >= BLOCKED_FROM] = 1
    out[(samples.coverage <= CLEAR_UP_TO) & (samples.coverage > UNKNOWN / 2)] = 0
    for column, eye in enumerate(EYES):
        eyes = out[:, REGIONS.index(eye)]
        plain = np.isin(samples.eye_class[:, column], (OPEN, CLOSED, CLEAR_EYE))
        eyes[(eyes == 0) & ~plain] = -1
    return out


def blocked_states(states: list[dict[Region, RegionReading]]) -> NDArray[np.bool_]:
    """(N, 10): which regions are called blocked, glare included."""
    return np.array([[reading[region].state is State.BLOCKED for region in REGIONS] for reading in states])


@dataclass(frozen=True)
class Rate:
    """hits of total; `share` is NaN when there is nothing to count."""

    hits: int
    total: int

    @property
    def share(self) -> float:
        return self.hits / self.total if self.total else float("nan")

    def __str__(self) -> str:
        return f"{100 * self.share:5.1f} % ({self.hits}/{self.total})" if self.total else "    - "


def caught(
    real: NDArray[np.int8], said: NDArray[np.bool_], regions: tuple[Region, ...], rows: NDArray[np.bool_] | None = None
) -> Rate:
    """Blocked regions called blocked."""
    return _rate(real, said, regions, 1, rows)


def false_alarms(
    real: NDArray[np.int8], said: NDArray[np.bool_], regions: tuple[Region, ...], rows: NDArray[np.bool_] | None = None
) -> Rate:
    """Clear regions called blocked."""
    return _rate(real, said, regions, 0, rows)


def _rate(
    real: NDArray[np.int8],
    said: NDArray[np.bool_],
    regions: tuple[Region, ...],
    value: int,
    rows: NDArray[np.bool_] | None,
) -> Rate:
    columns = [REGIONS.index(region) for region in regions]
    counted = real[:, columns] == value
    if rows is not None:
        counted = counted & rows[:, None]
    return Rate(int((counted & said[:, columns]).sum()), int(counted.sum()))


def choose_thresholds(samples: Samples, found: Read, alarms: float = 0.013, others: float = 0.024) -> Thresholds:
    """Per region: the lowest threshold whose false alarms on clear regions stay within the share asked for.

    alarms: for eyes, nose and mouth; others: for the six other regions. Validation pictures are worse than a webcam's,
    so a webcam's false alarms are fewer. Coverage limits stay within `_LEAST` and 0.4.
    """
    real, scores = truth(samples), found.scores()
    limits = {}
    for index, region in enumerate(REGIONS):
        clear = scores[real[:, index] == 0, index]
        limits[region] = _limit(clear, alarms if region in REQUIRED else others, (_LEAST.get(region, 0.1), 0.4))
    columns = [REGIONS.index(eye) for eye in EYES]
    eyes = _limit(scores[:, columns][real[:, columns] == 0], alarms, (0.1, 0.7))
    return Thresholds({r: limits[r] for r in REGIONS if r not in EYES}, eyes, 0.5, _even(samples, found))


def _even(samples: Samples, found: Read) -> float:
    """The share of closed from which an eye is closed: where open and closed eyes are right equally often.

    Lids drawn over open eyes have no say.
    """
    label, scores = photographed(samples), found.eyes.reshape(-1, 4)
    share = scores[:, CLOSED] / np.maximum(scores[:, OPEN] + scores[:, CLOSED], 1e-6)
    if not (label == OPEN).any() or not (label == CLOSED).any():
        return 0.5
    steps = np.linspace(0.3, 0.7, 41)
    worse = [min((share[label == OPEN] < at).mean(), (share[label == CLOSED] >= at).mean()) for at in steps]
    return float(steps[np.argmax(worse)])


def photographed(samples: Samples) -> NDArray[np.int8]:
    """(2 N,) classes of the eyes, those with drawn lids left out."""
    return np.where(samples.drawn_lids, np.int8(NO_EYE), samples.eye_class).ravel()


def _limit(clear: NDArray[np.floating], alarms: float, within: tuple[float, float]) -> float:
    return float(np.clip(np.quantile(clear, 1 - alarms) + 1e-3, *within)) if len(clear) else 0.25


def eye_state_rates(label: NDArray[np.integer], scores: NDArray[np.floating], limits: Thresholds) -> Mapping[str, Rate]:
    """Open eyes not called closed, closed eyes not called open, by the eye model alone. scores (N, 4)."""
    closed = scores[:, CLOSED] >= limits.closed * (scores[:, OPEN] + scores[:, CLOSED])
    is_open, is_closed = label == OPEN, label == CLOSED
    return {
        "open": Rate(int((is_open & ~closed).sum()), int(is_open.sum())),
        "closed": Rate(int((is_closed & closed).sum()), int(is_closed.sum())),
    }
