"""The drawn face map and the badge of every region, as a mirror shows them: the person's left is on the left."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from core.regions import Region
from core.vision.reading import State
from core.web.texts import text

# A face from the front in a box of 200 x 240. Regions on the left are drawn here; the right ones mirror them.
_HEAD = "M100 12C150 12 170 56 167 106C164 164 138 234 100 234C62 234 36 164 33 106C30 56 50 12 100 12Z"
_SHAPES: dict[Region, str] = {
    Region.FOREHEAD: "M57 66Q66 28 100 28Q134 28 143 66Q140 76 133 80Q100 68 67 80Q60 76 57 66Z",
    Region.LEFT_BROW: "M50 97Q67 82 90 92Q92 97 89 101Q70 94 54 104Q49 102 50 97Z",
    Region.LEFT_EYE: "M51 118Q70 101 91 118Q71 133 51 118Z",
    Region.NOSE: "M94 104Q100 101 106 104L110 137Q117 145 112 152Q100 161 88 152Q83 145 90 137Z",
    Region.LEFT_CHEEK: "M44 136Q62 134 80 141Q83 154 75 170Q67 181 60 178Q47 160 44 136Z",
    Region.MOUTH: "M72 184Q88 172 100 178Q112 172 128 184Q115 200 100 200Q85 200 72 184Z",
    Region.CHIN: "M79 210Q100 204 121 210Q114 227 100 227Q86 227 79 210Z",
}
_MIRRORED = {
    Region.RIGHT_BROW: Region.LEFT_BROW,
    Region.RIGHT_EYE: Region.LEFT_EYE,
    Region.RIGHT_CHEEK: Region.LEFT_CHEEK,
}
_ROWS = (
    (Region.FOREHEAD,),
    (Region.LEFT_BROW, Region.RIGHT_BROW),
    (Region.LEFT_EYE, Region.RIGHT_EYE),
    (Region.NOSE,),
    (Region.LEFT_CHEEK, Region.RIGHT_CHEEK),
    (Region.MOUTH,),
    (Region.CHIN,),
)
_SIGNS = {State.OPEN: "✓", State.CLEAR: "✓", State.CLOSED: "–", State.BLOCKED: "✕"}
_UNKNOWN = "unknown"


def _name(state: State | None) -> str:
    return state.value if state else _UNKNOWN


def face_map(badges: Mapping[Region, State]) -> str:
    """An SVG of a face whose regions carry the classes `open`, `clear`, `closed`, `blocked` or `unknown`.

    It is a drawing for the eye only: the badges say the same in words.
    """
    parts = [f'<path class="head" d="{_HEAD}"/>']
    for region in Region:
        shape = _SHAPES[_MIRRORED.get(region, region)]
        turn = ' transform="matrix(-1 0 0 1 200 0)"' if region in _MIRRORED else ""
        state = _name(badges.get(region))
        parts.append(f'<path class="part {state}" data-region="{region.value}" d="{shape}"{turn}/>')
        if state == State.BLOCKED.value:
            parts.append(f'<path class="stripes" d="{shape}"{turn}/>')
    stripes = (
        '<defs><pattern id="stripes" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="3" height="7" fill="#fff" fill-opacity=".65"/></pattern></defs>'
    )
    return f'<svg class="face-map" viewBox="24 6 152 234" aria-hidden="true">{stripes}{"".join(parts)}</svg>'


def badge_list(badges: Mapping[Region, State]) -> str:
    """An HTML list: a sign, the region's name and its state for each of the ten, left and right side by side."""
    items = []
    for row in _ROWS:
        for region in row:
            state = badges.get(region)
            wide = " wide" if len(row) == 1 else ""
            items.append(
                f'<li class="badge {_name(state)}{wide}" data-region="{region.value}" data-state="{_name(state)}">'
                f'<span class="sign" aria-hidden="true">{_SIGNS[state] if state else "·"}</span>'
                f'<span class="region">{escape(text(f"region.{region.value}"))}</span> '
                f'<span class="state">{escape(text(f"state.{_name(state)}"))}</span></li>'
            )
    return f'<ul class="badges" aria-label="{escape(text("region.title"))}">{"".join(items)}</ul>'


def board(badges: Mapping[Region, State]) -> str:
    """The face map with its badges."""
    return f'<div class="face-board">{face_map(badges)}{badge_list(badges)}</div>'
