"""Drawings of figures: bars and tiles in HTML, time in Altair. Each says in words what it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import altair as alt

from core.store.insights import Day, Insights, histogram
from core.web.language import text

# Told apart in light and dark alike, at 3:1 or more on both backgrounds (WCAG 1.4.11).
_GOOD, _OTHER = "#0d9488", "#c2570c"


@dataclass(frozen=True)
class Bar:
    """One row: its name, how long the bar is (0..1), and what is written beside it."""

    label: str
    share: float
    value: str
    note: str = ""


def share_text(part: float, whole: float) -> str:
    """As a percentage without decimals; "–" of nothing."""
    if 0 < part < whole / 100:
        return "< 1 %"
    return f"{100 * part / whole:.0f} %" if whole else "–"


def seconds_text(seconds: float | None) -> str:
    """With one decimal and its unit; "–" for none."""
    return "–" if seconds is None else text("insights.seconds", seconds=seconds)


def tiles(items: Sequence[tuple[str, str, str]]) -> str:
    """HTML: name, figure and note of each, large."""
    cells = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(figure)}<small>{escape(note)}</small></dd></div>"
        for name, figure, note in items
    )
    return f'<dl class="tiles">{cells}</dl>'


def bars(rows: Sequence[Bar], kind: str = "") -> str:
    """HTML: a list of bars."""
    items = "".join(
        f'<li><span class="label">{escape(row.label)}</span><span class="value">{escape(row.value)}</span>'
        f'<span class="bar" aria-hidden="true"><b style="width:{100 * row.share:.1f}%"></b></span>'
        + (f"<small>{escape(row.note)}</small>" if row.note else "")
        + "</li>"
        for row in rows
    )
    return f'<ul class="bars {kind}">{items}</ul>'


def group_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """HTML: a small table, its first column naming the rows."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in rows
    )
    return f'<table class="groups"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def over_time(days: Sequence[Day]) -> alt.Chart:
    """Attempts a day, captured and not, stacked."""
    good, other = text("outcome.captured"), text("insights.not_captured")
    rows = [
        {"day": day.day.isoformat(), "kind": kind, "count": count, "order": order}
        for day in days
        for order, (kind, count) in enumerate(((good, day.captured), (other, day.other)))
    ]
    return (
        alt.Chart(alt.Data(values=rows), height=240)
        .mark_bar(cornerRadius=2)
        .encode(
            x=alt.X(
                "day:O",
                title=None,
                axis=alt.Axis(labelAngle=0, labelOverlap="greedy", labelExpr="slice(datum.value, 5)", ticks=False),
            ),
            y=alt.Y("count:Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=4)),
            color=alt.Color(
                "kind:N",
                scale=alt.Scale(domain=[good, other], range=[_GOOD, _OTHER]),
                legend=alt.Legend(orient="top", title=None),
            ),
            order="order:Q",
            tooltip=[
                alt.Tooltip("day:N", title=text("insights.day")),
                alt.Tooltip("kind:N", title=text("insights.outcomes")),
                alt.Tooltip("count:Q", title=text("insights.attempts")),
            ],
        )
    )


def time_to_selfie(found: Insights) -> alt.LayerChart:
    """Histogram of the time to the selfie, with a line at its median."""
    rows = [{"low": low, "high": high, "count": count} for low, high, count in histogram(found.seconds)]
    axis = alt.Axis(tickCount=8, grid=False, labelFlush=True)
    columns = (
        alt.Chart(alt.Data(values=rows), height=240)
        .mark_bar(color=_GOOD)  # rounded corners make binned bars vanish
        .encode(
            x=alt.X("low:Q", bin="binned", title=text("insights.seconds_axis"), axis=axis),
            x2="high:Q",
            y=alt.Y("count:Q", title=None, axis=alt.Axis(tickMinStep=1, tickCount=4)),
            tooltip=[
                alt.Tooltip("low:Q", title=text("insights.from_s")),
                alt.Tooltip("high:Q", title=text("insights.to_s")),
                alt.Tooltip("count:Q", title=text("insights.attempts")),
            ],
        )
    )
    middle = (
        alt.Chart(alt.Data(values=[{"median": found.median_s}]))
        .mark_rule(color=_OTHER, size=2, strokeDash=[5, 4])
        .encode(x="median:Q")
    )
    return columns + middle
