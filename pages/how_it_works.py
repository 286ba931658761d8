"""The three checks in pictures, what they can't stop, privacy, and the models' measured figures."""

from __future__ import annotations

from html import escape

import streamlit as st

from core.regions import Region
from core.settings import Settings
from core.vision import assets
from core.vision.reading import State
from core.web import how_drawings as drawings
from core.web import insights_charts as charts
from core.web.badges import face_map
from core.web.insights_charts import Bar
from core.web.language import number, text
from core.web.model_figures import Figures, read_figures
from core.web.page import open_page

settings = Settings()
COVERED = {region: State.CLEAR for region in Region} | {Region.MOUTH: State.BLOCKED, Region.CHIN: State.BLOCKED}


def milliseconds(seconds: float) -> int:
    return round(1000 * seconds)


def checks() -> None:
    steps = (
        (
            "blink",
            drawings.blink(),
            {
                "shortest": milliseconds(settings.blink.min_s),
                "longest": milliseconds(settings.blink.max_s),
                "cues": settings.challenge.cues,
            },
        ),
        ("check", face_map(COVERED), {"seconds": settings.window.hold_s}),
        ("same", drawings.same_face(), {"gap": milliseconds(settings.continuity.max_gap_s)}),
    )
    cards = "".join(
        f'<section class="check"><div class="picture">{picture}</div><h2>{escape(text(f"how.{name}"))}</h2>'
        f"<p>{escape(text(f'how.{name}_more', **values))}</p></section>"
        for name, picture, values in steps
    )
    st.markdown(f'<div class="checks">{cards}</div>', unsafe_allow_html=True)
    st.markdown(text("how.selfie"))


def words(title: str, keys: tuple[str, ...]) -> None:
    st.header(text(title), anchor=False)
    st.markdown("\n".join(f"- {text(key)}" for key in keys))


def figures(found: Figures) -> None:
    st.header(text("how.figures"), anchor=False)
    measured = text("how.figures_samples", count=number(found.samples, ",")) if found.samples else ""
    st.markdown(f"{text('how.figures_lead')} {measured}")
    st.html(charts.tiles([(text(f"how.{key}"), per_cent(share), "") for key, share in found.headlines.items()]))
    left, right = st.columns(2, gap="large")
    with left:
        regions(found)
    with right:
        kinds(found)
    people(found)
    models(found)


def per_cent(share: float) -> str:
    return f"{number(100 * share, '.1f')} %"


def regions(found: Figures) -> None:
    if found.regions:
        st.header(text("how.regions"), anchor=False)
        rows = [
            (text(f"region.{region.value}"), per_cent(caught), per_cent(alarms))
            for region, (caught, alarms) in found.regions.items()
        ]
        heads = [text(f"how.{name}") for name in ("region", "caught", "false_alarms")]
        st.html(charts.group_table(heads, rows))


def kinds(found: Figures) -> None:
    if found.kinds:
        st.header(text("how.kinds"), anchor=False)
        st.html(charts.bars([Bar(text(f"kind.{kind}"), share, per_cent(share)) for kind, share in found.kinds.items()]))
        st.caption(text("how.kinds_note"))


def people(found: Figures) -> None:
    if not found.people:
        return
    st.header(text("how.people"), anchor=False)
    most = max(max(share for share, _ in found.people.values()), 1e-9)
    rows = [
        Bar(text(f"people.{name}"), share / most, per_cent(share), text("how.people_photos", count=photos))
        for name, (share, photos) in found.people.items()
    ]
    st.html(charts.bars(rows, "blocked wide"))
    st.caption(text("how.people_note"))


def models(found: Figures) -> None:
    st.header(text("how.models"), anchor=False)
    for model in found.models:
        parameters = "–" if model.parameters is None else number(model.parameters, ",")
        line = text("how.model_line", version=model.version, parameters=parameters)
        st.markdown(f"**{text(f'how.model_{model.name}')}** (`{model.file}`): {line}")
        st.caption(text("how.model_file", sha=model.sha256))


open_page("how.title", "figures.css", "how.css")
st.markdown(text("how.lead"))
checks()
left, right = st.columns(2, gap="large")
with left:
    words("how.limits", tuple(f"how.limit_{name}" for name in ("who", "replay", "fake", "mask", "miss")))
with right:
    words("how.privacy", tuple(f"how.privacy_{name}" for name in ("where", "memory", "log", "template")))
try:
    manifest = assets.manifest()
except assets.AssetError:
    st.error(text("how.figures_trouble"))
else:
    figures(read_figures(manifest))
