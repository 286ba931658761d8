"""How attempts went, from the attempt log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta, tzinfo

import streamlit as st

from core.server.process import server_process
from core.store import insights
from core.store.config import StoreError
from core.store.example import made_up_attempts
from core.store.insights import Insights
from core.store.log import AttemptLog, LogUnreadable, utc_now
from core.store.record import AttemptRecord, Device, Mode
from core.vision.reading import State
from core.web import insights_charts as charts
from core.web.badges import face_map
from core.web.insights_charts import Bar, seconds_text, share_text
from core.web.language import number, text
from core.web.page import open_page

SHOWN_DAYS = 30
EXAMPLE_DAYS, EXAMPLE_ATTEMPTS = 60, 2400


@st.cache_data(show_spinner=False)
def example(today: date) -> list[AttemptRecord]:
    del today  # the key of the cache: tomorrow's example ends tomorrow
    return made_up_attempts(EXAMPLE_ATTEMPTS, utc_now(), days=EXAMPLE_DAYS)


def switched_off(error: StoreError | None) -> None:
    if error:
        st.error(text("insights.bad_setting", name=error.name))
    else:
        with st.container(border=True):
            st.header(text("insights.off"), anchor=False)
            st.markdown(text("insights.off_more"))
            st.caption(text("insights.kept"))


def filters(days: int, where: tzinfo) -> tuple[date, date, Mode | None, Device | None]:
    today = utc_now().astimezone(where).date()
    with st.container(horizontal=True, vertical_alignment="bottom", key="insight_filters"):
        chosen = st.date_input(
            text("insights.dates"),
            (today - timedelta(days=min(days, SHOWN_DAYS) - 1), today),
            min_value=today - timedelta(days=days),
            max_value=today,
            format="YYYY-MM-DD",
            key="insight_days",
            width=240,
        )
        mode = st.selectbox(
            text("insights.mode"),
            [None, *Mode],
            format_func=lambda mode: text(f"mode.{mode.value}") if mode else text("insights.any"),
            key="insight_mode",
            width=150,
        )
        device = st.selectbox(
            text("insights.device"),
            [None, *Device],
            format_func=lambda device: text(f"device.{device.value}") if device else text("insights.any"),
            key="insight_device",
            width=150,
        )
    # While a range is being chosen there is only its first day.
    ends = tuple(chosen) if isinstance(chosen, Sequence) else (chosen,)
    first, last = (ends[0], ends[-1]) if ends else (today, today)
    return first, last, mode, device


def one_round(records: Sequence[AttemptRecord]) -> str | None:
    """The round of testers to show, where there are any."""
    rounds = sorted({record.round for record in records if record.round})
    if not rounds:
        return None
    found: str | None = st.selectbox(
        text("insights.round"),
        [None, *rounds],
        format_func=lambda name: name or text("insights.any"),
        key="insight_round",
        width=240,
    )
    return found


def read(log: AttemptLog | None, first: date, last: date, where: tzinfo) -> list[AttemptRecord]:
    since, until = insights.day_range(first, last, where)
    if log is not None:
        return log.read(since, until)
    today = utc_now().astimezone(where).date()
    return [record for record in example(today) if since <= record.started < until]


def headline(found: Insights, days: int) -> None:
    rate = found.attempts / days
    st.html(
        charts.tiles(
            [
                (
                    text("insights.attempts"),
                    f"{found.attempts}",
                    text("insights.attempts_note", count=number(rate, ".0f" if rate >= 10 else ".1f")),
                ),
                (
                    text("insights.captured"),
                    share_text(found.captured, found.attempts),
                    text("insights.captured_note", count=found.captured, total=found.attempts),
                ),
                (
                    text("insights.median"),
                    seconds_text(found.median_s),
                    text("insights.median_note", slow=seconds_text(found.slow_s)) if found.seconds else "",
                ),
                (
                    text("insights.went_back"),
                    share_text(found.went_back, found.attempts),
                    text("insights.went_back_note"),
                ),
            ]
        )
    )


def over_time(found: Insights) -> None:
    st.header(text("insights.over_time"), anchor=False)
    first, last = found.days[0].day.isoformat(), found.days[-1].day.isoformat()
    st.altair_chart(charts.over_time(found.days), alt=text("insights.over_time_alt", first=first, last=last))


def how_far(found: Insights) -> None:
    st.header(text("insights.steps"), anchor=False)
    counts = list(found.steps.items())
    following = [*(count for _, count in counts[1:]), counts[-1][1]]
    st.html(
        charts.bars(
            [
                Bar(
                    text(f"step_reached.{step.value}"),
                    count / found.attempts,
                    f"{count} · {share_text(count, found.attempts)}",
                    text("insights.steps_lost", count=count - after) if count > after else "",
                )
                for (step, count), after in zip(counts, following, strict=True)
            ],
            "steps",
        )
    )


def outcomes(found: Insights) -> None:
    st.header(text("insights.outcomes"), anchor=False)
    st.html(
        charts.bars(
            [
                Bar(
                    text(f"outcome.{outcome.value}"),
                    count / found.attempts,
                    f"{count} · {share_text(count, found.attempts)}",
                )
                for outcome, count in found.outcomes.items()
            ]
        )
    )


def time_to_selfie(found: Insights) -> None:
    st.header(text("insights.time"), anchor=False)
    if found.seconds:
        alt = text("insights.time_alt", median=seconds_text(found.median_s))
        st.altair_chart(charts.time_to_selfie(found), alt=alt)
        st.caption(text("insights.time_note"))


def covered(found: Insights) -> None:
    st.header(text("insights.regions"), anchor=False)
    if not found.blocked:
        st.caption(text("insights.regions_none"))
        return
    most = max(found.blocked.values())
    worst = {next(iter(found.blocked)): State.BLOCKED}
    rows = [
        Bar(
            text(f"region.{region.value}"),
            count / most,
            text("insights.regions_value", share=share_text(count, found.attempts)),
            text("insights.regions_note", seconds=found.blocked_s[region]),
        )
        for region, count in found.blocked.items()
    ]
    st.markdown(f'<div class="covered">{face_map(worst)}{charts.bars(rows, "blocked")}</div>', unsafe_allow_html=True)


def restarts(found: Insights) -> None:
    st.header(text("insights.restarts"), anchor=False)
    if not found.restarts:
        st.caption(text("insights.restarts_none"))
        return
    total = sum(found.restarts.values())
    rows = [
        Bar(text(f"found.{reason.value}"), count / total, f"{count} · {share_text(count, total)}")
        for reason, count in found.restarts.items()
    ]
    st.html(charts.bars(rows))


def groups(found: Insights) -> None:
    st.header(text("insights.groups"), anchor=False)
    named = {text(f"mode.{mode.value}"): group for mode, group in found.modes.items()}
    named |= {text(f"device.{device.value}"): group for device, group in found.devices.items()}
    heads = ("insights.group", "insights.attempts", "insights.share", "insights.median")
    rows = [
        (name, str(group.attempts), share_text(group.captured, group.attempts), seconds_text(group.median_s))
        for name, group in named.items()
        if group.attempts
    ]
    st.html(charts.group_table([text(head) for head in heads], rows))


def report(records: list[AttemptRecord], first: date, last: date, where: tzinfo) -> None:
    found = insights.summarize(records, where)
    headline(found, (last - first).days + 1)
    over_time(found)
    for left, right in ((how_far, outcomes), (time_to_selfie, covered), (restarts, groups)):
        for column, part in zip(st.columns(2, gap="large"), (left, right), strict=True):
            with column:
                part(found)
    st.download_button(
        text("insights.csv"),
        lambda: insights.to_csv(records),
        f"attempts-{first}-{last}.csv",
        "text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


open_page("insights.title", "figures.css")
st.markdown(text("insights.lead"))
where = insights.zone(st.context.timezone)
process = server_process()
log = process.log

if log is None:
    switched_off(process.log_error)
if log is not None or st.toggle(text("insights.example"), key="insight_example"):
    if log is None:
        st.info(text("insights.example_note"), icon=":material/science:")
    first, last, mode, device = filters(log.config.keep_days if log else EXAMPLE_DAYS, where)
    try:
        everything = read(log, first, last, where)
    except LogUnreadable:
        st.error(text("insights.unreadable"))
    else:
        records = insights.select(everything, mode, device, one_round(everything))
        if records:
            report(records, first, last, where)
        elif log is not None and not log.read():
            st.info(f"**{text('insights.empty')}.** {text('insights.empty_more')}")
        else:
            st.info(text("insights.none_match"))
if log is not None:
    st.caption(f"{text('insights.kept')} {text('insights.kept_for', days=log.config.keep_days)}")
