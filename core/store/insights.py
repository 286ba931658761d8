"""What the attempt log tells, counted. Pure: records in, figures out."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from io import StringIO
from statistics import median
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from core.flow.outcome import Outcome
from core.flow.snapshot import Reason
from core.regions import Region
from core.store.record import AttemptRecord, Device, Mode, Step

_STEPS = tuple(Step)


@dataclass(frozen=True)
class Group:
    """The attempts of one mode or one kind of device. median_s: of the time to the selfie; None without one."""

    attempts: int
    captured: int
    median_s: float | None


@dataclass(frozen=True)
class Day:
    """One day of the viewer's calendar."""

    day: date
    captured: int
    other: int


@dataclass(frozen=True)
class Insights:
    """Figures of some attempts.

    steps: how many attempts reached each step, START being all of them. outcomes, restarts, blocked: most frequent
    first; blocked counts the attempts in which a region was blocked at all, blocked_s adds up its seconds.
    went_back: attempts with a restart. seconds: times to the selfie. days: without gaps, oldest first.
    """

    attempts: int
    captured: int
    went_back: int
    seconds: tuple[float, ...]
    steps: Mapping[Step, int]
    outcomes: Mapping[Outcome, int]
    restarts: Mapping[Reason, int]
    blocked: Mapping[Region, int]
    blocked_s: Mapping[Region, float]
    modes: Mapping[Mode, Group]
    devices: Mapping[Device, Group]
    days: tuple[Day, ...]

    @property
    def median_s(self) -> float | None:
        """Median time to the selfie."""
        return median(self.seconds) if self.seconds else None

    @property
    def slow_s(self) -> float | None:
        """The time within which nine of ten selfies were taken."""
        return float(np.percentile(self.seconds, 90)) if self.seconds else None


def zone(name: str | None) -> tzinfo:
    """The browser's time zone; UTC for one that is not known here."""
    try:
        return ZoneInfo(name) if name else timezone.utc
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: the name of a folder, or too long a one
        return timezone.utc


def day_range(first: date, last: date, where: tzinfo) -> tuple[datetime, datetime]:
    """The moments from the beginning of one day to the end of another."""
    return (
        datetime.combine(first, time(), where).astimezone(timezone.utc),
        datetime.combine(last + timedelta(days=1), time(), where).astimezone(timezone.utc),
    )


def select(
    records: Iterable[AttemptRecord], mode: Mode | None, device: Device | None, round_: str | None = None
) -> list[AttemptRecord]:
    """Those of one mode, one kind of device and one round of testers; None takes any."""
    return [
        record
        for record in records
        if mode in (None, record.mode) and device in (None, record.device) and round_ in (None, record.round)
    ]


def summarize(records: Sequence[AttemptRecord], where: tzinfo) -> Insights:
    """Count them. where: the viewer's time zone, which says where a day begins."""
    reached = Counter(record.reached for record in records)
    blocked_s: Counter[Region] = Counter()
    for record in records:
        blocked_s.update(record.blocked_s)  # type: ignore[arg-type]  # adds seconds as well as counts
    return Insights(
        attempts=len(records),
        captured=sum(record.outcome is Outcome.CAPTURED for record in records),
        went_back=sum(bool(record.restarts) for record in records),
        seconds=tuple(record.seconds for record in records if record.seconds is not None),
        steps={step: sum(reached[later] for later in _STEPS[number:]) for number, step in enumerate(_STEPS)},
        outcomes=_ranked(record.outcome for record in records),
        restarts=_ranked(
            reason for record in records for reason, times in record.restarts.items() for _ in range(times)
        ),
        blocked=_ranked(region for record in records for region in record.blocked_s),
        blocked_s=dict(blocked_s.most_common()),
        modes={mode: _group(records, mode=mode) for mode in Mode},
        devices={device: _group(records, device=device) for device in Device},
        days=_days(records, where),
    )


def _ranked(items: Iterable) -> dict:  # type: ignore[type-arg]
    return dict(Counter(items).most_common())


def _group(records: Sequence[AttemptRecord], mode: Mode | None = None, device: Device | None = None) -> Group:
    chosen = select(records, mode, device)
    seconds = [record.seconds for record in chosen if record.seconds is not None]
    captured = sum(record.outcome is Outcome.CAPTURED for record in chosen)
    return Group(len(chosen), captured, median(seconds) if seconds else None)


def _days(records: Sequence[AttemptRecord], where: tzinfo) -> tuple[Day, ...]:
    # Starts are rounded, so there are few different ones: turning each into a day once is much quicker.
    starts = Counter((record.started, record.outcome is Outcome.CAPTURED) for record in records)
    counts: Counter[tuple[date, bool]] = Counter()
    for (started, captured), count in starts.items():
        counts[started.astimezone(where).date(), captured] += count
    if not counts:
        return ()
    first, last = min(counts)[0], max(counts)[0]
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return tuple(Day(day, counts[day, True], counts[day, False]) for day in days)


def histogram(seconds: Sequence[float], bins: int = 16) -> list[tuple[float, float, int]]:
    """(from, to, count) of equal bins on whole or half seconds; what is beyond the 99th percentile is in the last."""
    if not seconds:
        return []
    top = float(np.percentile(seconds, 99))
    step = max(0.5, np.ceil(2 * top / bins) / 2)
    edges = np.arange(0.0, top + step, step)
    counts, _ = np.histogram(np.minimum(seconds, edges[-1]), edges)
    first = int(np.flatnonzero(counts)[0])
    rows = zip(edges[:-1], edges[1:], counts, strict=True)
    return [(float(low), float(high), int(count)) for low, high, count in rows][first:]


def to_csv(records: Iterable[AttemptRecord]) -> str:
    """One line an attempt; a column for each reason (times) and each region (seconds blocked)."""
    target = StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    fixed = ["started_utc", "mode", "device", "reached", "outcome", "seconds_to_selfie", "width", "height", "fps"]
    fixed.append("round")
    reasons = [f"restarts_{reason.value}" for reason in Reason]
    writer.writerow([*fixed, *reasons, *(f"blocked_s_{region.value}" for region in Region)])
    for record in records:
        writer.writerow(
            [
                record.started.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%MZ"),
                *(part.value for part in (record.mode, record.device, record.reached, record.outcome)),
                *(
                    "" if value is None else value
                    for value in (record.seconds, record.width, record.height, record.fps, _cell(record.round))
                ),
                *(record.restarts.get(reason, 0) for reason in Reason),
                *(record.blocked_s.get(region, 0) for region in Region),
            ]
        )
    return target.getvalue()


def _cell(text: str | None) -> str | None:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text and text[0] in "=+-@\t\r" else text
