"""The stakeholder's panel: why every decision is made, in small drawn charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st

from core.flow.snapshot import Blinked, Phase, Restarted
from core.regions import Region
from core.stream.live import Sample, View
from core.vision.reading import State
from core.web.language import number, text

_WIDTH, _HEIGHT = 600, 90
_EDGE = 4  # beyond 0 and 1, where a line would be cut in half


def _x(t: float, now: float, span: float) -> float:
    return round(_WIDTH * (1 - (now - t) / span), 1)


def _line(samples: Sequence[Sample], value: Callable[[Sample], float | None], span: float) -> str:
    """SVG path of a signal 0..1; it breaks where there is nothing to draw."""
    now, path, drawing = samples[-1].t, [], False
    for sample in samples:
        level = value(sample)
        if level is None:
            drawing = False
            continue
        y = round((1 - min(max(level, 0.0), 1.0)) * _HEIGHT, 1)
        path.append(f"{'L' if drawing else 'M'}{_x(sample.t, now, span)} {y}")
        drawing = True
    return "".join(path)


def chart(
    name: str,
    samples: Sequence[Sample],
    signal: Callable[[Sample], float | None],
    limits: Sequence[Callable[[Sample], float | None]],
    span: float,
) -> str:
    """A signal between 0 and 1 over the last `span` seconds, with its thresholds as broken lines, as SVG."""
    latest = _latest(samples, signal)
    label = escape(text("panel.chart", name=name, value="–" if latest is None else number(latest, ".2f")))
    levels = [level for limit in limits if (level := _latest(samples, limit)) is not None]
    if levels:
        label += escape(text("panel.limits", limits=" / ".join(number(level, ".2f") for level in levels)))
    lines = "".join(f'<path class="limit" d="{_line(samples, limit, span)}"/>' for limit in limits)
    return (
        f'<figure class="chart"><figcaption>{label}</figcaption>'
        f'<svg viewBox="0 {-_EDGE} {_WIDTH} {_HEIGHT + 2 * _EDGE}" preserveAspectRatio="none" role="img" '
        f'aria-label="{label}">'
        f'{lines}<path class="signal" d="{_line(samples, signal, span)}"/></svg></figure>'
    )


def _latest(samples: Sequence[Sample], value: Callable[[Sample], float | None]) -> float | None:
    return next((level for sample in reversed(samples) if (level := value(sample)) is not None), None)


def timeline(view: View, span: float) -> str:
    """The phases of the last `span` seconds as a coloured band with their names, blinks and restarts marked, as SVG."""
    samples, now = view.samples, view.samples[-1].t
    runs: list[tuple[Phase, float, float]] = []
    for sample in samples:
        if runs and runs[-1][0] is sample.phase:
            runs[-1] = (sample.phase, runs[-1][1], sample.t)
        else:
            runs.append((sample.phase, sample.t, sample.t))
    bands = []
    for place, (phase, start, end) in enumerate(runs):
        end = runs[place + 1][1] if place + 1 < len(runs) else end
        left, width = _x(start, now, span), round(_WIDTH * (end - start) / span, 1)
        name = escape(text(f"phase.{phase.value}"))
        word = f'<text x="{left + 6}" y="20">{name}</text>' if width > 70 else ""
        band = f'<rect x="{left}" width="{max(width, 1)}" height="30"/>'
        bands.append(f'<g class="{phase.value}"><title>{name}</title>{band}{word}</g>')
    for event in view.events:
        if isinstance(event, (Blinked, Restarted)) and now - event.t < span:
            kind = "blink" if isinstance(event, Blinked) else "restart"
            x = _x(event.t, now, span)
            bands.append(
                f'<path class="mark {kind}" d="M{x} 44l-6 -11h12z"><title>{escape(_mark(event))}</title></path>'
            )
    label = escape(text("panel.timeline", seconds=f"{span:.0f}"))
    legend = "".join(
        f'<span class="{kind}"><b>▼</b> {escape(text(f"panel.mark_{kind}"))}</span>' for kind in ("blink", "restart")
    )
    return (
        f'<figure class="chart timeline"><figcaption>{label} {legend}</figcaption>'
        f'<svg viewBox="0 0 {_WIDTH} 46" role="img" aria-label="{label}">{"".join(bands)}</svg></figure>'
    )


def _mark(event: Blinked | Restarted) -> str:
    if isinstance(event, Blinked):
        blink = text("panel.blinked", seconds=number(event.seconds, ".2f"))
        return blink if event.why is None else f"{blink}: {text(f'panel.why_{event.why.value}')}"
    return text(f"reason.{event.reason.value}")


def coverage(view: View) -> str:
    """The covered share of every region as bars."""
    readings = view.snapshot.reading.regions if view.snapshot else {}
    rows = []
    for region in Region:
        reading = readings.get(region)
        share = reading.covered if reading else 0.0
        value = f"{share:.0%}" if reading else "–"
        blocked = ' class="blocked"' if reading and reading.state is State.BLOCKED else ""
        rows.append(
            f"<li{blocked}><span>{escape(text(f'region.{region.value}'))}</span>"
            f'<i class="bar"><b style="width:{min(share, 1):.0%}"></b></i><span class="value">{value}</span></li>'
        )
    return f'<ul class="coverage" aria-label="{escape(text("panel.coverage"))}">{"".join(rows)}</ul>'


def suspicions(view: View) -> str:
    """What makes the face look shown to the camera, a line each; empty where nothing does."""
    found = view.snapshot.suspicions if view.snapshot else ()
    rows = "".join(f"<li>{escape(text(f'sign.{suspected.sign.value}'))}</li>" for suspected in found)
    return f'<ul class="signs" role="status">{rows}</ul>' if rows else ""


def show_panel(view: View | None, span: float) -> None:
    """Draw the panel; without a view it waits for a camera. span: seconds of the past that its charts show."""
    st.header(text("panel.title"), anchor=False)
    if view is None or not view.samples:
        st.caption(text("panel.idle"))
        return
    width, height = view.size or (0, 0)
    with st.container(horizontal=True, gap="medium"):
        st.metric(text("panel.fps"), f"{view.fps:.0f}", width="content")
        st.metric(text("panel.frame_ms"), text("panel.milliseconds", value=view.frame_ms), width="content")
        st.metric(text("panel.size"), f"{width} × {height}", width="content")
    left, right = st.columns((3, 2), gap="medium")
    with left:
        closure = chart(
            text("panel.closure"),
            view.samples,
            lambda sample: sample.signals.closure,
            (lambda sample: sample.signals.closed_above, lambda sample: sample.signals.open_below),
            span,
        )
        likeness = chart(
            text("panel.similarity"),
            view.samples,
            lambda sample: sample.signals.similarity,
            (lambda sample: sample.signals.similarity_min,),
            span,
        )
        st.markdown(timeline(view, span) + closure, unsafe_allow_html=True)
        st.caption(text("panel.closure_more"))
        st.markdown(likeness, unsafe_allow_html=True)
        st.caption(text("panel.similarity_more"))
        shown = chart(text("panel.shown"), view.samples, lambda sample: sample.signals.shown, (), span)
        st.markdown(shown + suspicions(view), unsafe_allow_html=True)
        st.caption(text("panel.shown_more"))
    with right:
        st.markdown(f"<p>{escape(text('panel.coverage'))}</p>" + coverage(view), unsafe_allow_html=True)
