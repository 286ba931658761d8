"""The drawn face map and the badge of every region, as a mirror shows them: the person's left is on the left."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from core.regions import Region
from core.vision.reading import State
from core.web.language import text

# A face from the front in a box of 200 x 240. What lies on the left is drawn here; the right side mirrors it.
_PERSON = (
    ("shoulders", "M14 240C18 220 44 216 72 208H128C156 216 182 220 186 240Z"),
    ("neck", "M78 190H122V214Q100 228 78 214Z"),
    ("skin", "M44 112C34 108 31 118 34 129C36 140 42 147 48 144Z"
             "M156 112C166 108 169 118 166 129C164 140 158 147 152 144Z"),
    ("skin", "M44 104C44 52 68 26 100 26S156 52 156 104C156 134 150 160 136 184C126 200 112 210 100 210S74 200 64 184"
             "C50 160 44 134 44 104Z"),
    ("hair", "M38 112C30 46 60 10 102 10C146 10 170 46 162 112C158 92 152 76 142 64C116 70 80 66 62 52"
             "C52 66 42 88 38 112Z"),
)  # fmt: skip
_LINES = (
    "M92 139C86 147 92 153 100 153S114 147 108 139M76 178Q88 181 100 179Q112 181 124 178"
    "M56 117Q72 104 90 117M144 117Q128 104 110 117"
)
_SHAPES: dict[Region, str] = {
    Region.FOREHEAD: "M66 68Q100 78 136 72Q143 80 145 90Q100 78 55 90Q58 78 66 68Z",
    Region.LEFT_BROW: "M53 101Q70 88 92 97Q94 101 91 105Q71 98 56 107Q51 105 53 101Z",
    Region.LEFT_EYE: "M52 118Q72 101 93 118Q73 134 52 118Z",
    Region.NOSE: "M94 110Q100 107 106 110L113 140Q118 150 110 156Q100 161 90 156Q82 150 87 140Z",
    Region.LEFT_CHEEK: "M49 134Q64 131 79 141Q83 154 76 167Q69 175 62 170Q52 155 49 134Z",
    Region.MOUTH: "M72 178Q88 169 100 173Q112 169 128 178Q116 191 100 191Q84 191 72 178Z",
    Region.CHIN: "M80 197Q100 193 120 197Q112 207 100 208Q88 207 80 197Z",
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
    parts = [f'<path class="{name}" d="{shape}"/>' for name, shape in _PERSON]
    for region in Region:
        shape = _SHAPES[_MIRRORED.get(region, region)]
        turn = ' transform="matrix(-1 0 0 1 200 0)"' if region in _MIRRORED else ""
        state = _name(badges.get(region))
        parts.append(f'<path class="part {state}" data-region="{region.value}" d="{shape}"{turn}/>')
        stripes = "stripes" if state == State.BLOCKED.value else "no-stripes"
        parts.append(f'<path class="{stripes}" d="{shape}"{turn}/>')
    pupils = "".join(f'<circle class="pupil" cx="{x}" cy="117" r="5"/>' for x in (73, 127))
    pattern = (
        '<defs><pattern id="stripes" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="3" height="7" fill="#fff" fill-opacity=".6"/></pattern></defs>'
    )
    lines = f'{pupils}<path class="lines" d="{_LINES}"/>'
    # Small and unfilled until the style sheet is there.
    size = 'viewBox="10 4 180 236" width="90" height="118" fill="none"'
    return f'<svg class="face-map" {size} aria-hidden="true">{pattern}{"".join(parts)}{lines}</svg>'


def poster() -> str:
    """The face map as a drawing for a dark card."""
    return f'<div class="poster">{face_map({})}</div>'


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
