"""The drawings of the How it works page: SVG in the theme's colours. They carry no words; the page says it in text."""

from __future__ import annotations

_EYE = "M{left} {y}Q{x} {top} {right} {y}Q{x} {bottom} {left} {y}Z"
_HEAD = "M-34 -8C-34 -42 -18 -54 0 -54S34 -42 34 -8C34 16 22 44 0 44S-34 16 -34 -8Z"
_HAIR = "M-37 -4C-44 -46 -22 -64 0 -64S44 -46 37 -4C34 -18 30 -28 24 -34C8 -28 -12 -30 -22 -38C-30 -30 -34 -18 -37 -4Z"


def _svg(name: str, width: int, height: int, body: str) -> str:
    return f'<svg class="drawing {name}" viewBox="0 0 {width} {height}" aria-hidden="true">{body}</svg>'


def _eye(x: int, y: int, *, is_open: bool) -> str:
    """A large eye with its brow, 84 wide."""
    brow = f'<path class="brow" d="M{x - 40} {y - 30}Q{x} {y - 52} {x + 40} {y - 30}"/>'
    if not is_open:
        lashes = "".join(f"M{x + dx} {y + 16 - abs(dx) // 4}l{dx // 6} 9" for dx in (-26, -9, 9, 26))
        return f'{brow}<path class="lid" d="M{x - 42} {y}Q{x} {y + 32} {x + 42} {y}{lashes}"/>'
    shape = _EYE.format(left=x - 42, right=x + 42, x=x, y=y, top=y - 36, bottom=y + 34)
    return (
        f'{brow}<path class="white" d="{shape}"/><circle class="iris" cx="{x}" cy="{y - 1}" r="16"/>'
        f'<circle class="pupil" cx="{x}" cy="{y - 1}" r="8"/><circle class="glint" cx="{x + 5}" cy="{y - 6}" r="3"/>'
    )


def blink() -> str:
    """An eye open, shut and open again, and the signal that rises over its threshold in between."""
    eyes = "".join(_eye(x, 62, is_open=is_open) for x, is_open in ((70, True), (200, False), (330, True)))
    arrows = '<path class="arrow" d="M126 62h18m-7 -7l7 7l-7 7M256 62h18m-7 -7l7 7l-7 7"/>'
    signal = (
        '<path class="limit" d="M24 142H376"/>'
        '<path class="signal" d="M24 176C70 174 110 179 146 174C172 170 176 118 200 118'
        'S228 170 254 174C290 179 330 174 376 176"/>'
    )
    return _svg("blink", 400, 200, eyes + arrows + signal)


def _face(x: int, y: int, kind: str, *, smile: int = 6) -> str:
    """A small face; kind: the class that colours it."""
    return (
        f'<g class="{kind}" transform="translate({x} {y})">'
        f'<path class="skin" d="{_HEAD}"/><path class="hair" d="{_HAIR}"/>'
        '<circle class="dot" cx="-13" cy="-8" r="4"/><circle class="dot" cx="13" cy="-8" r="4"/>'
        f'<path class="stroke" d="M0 -4l-4 13h6M-11 23Q0 {23 + smile} 11 23"/></g>'
    )


def same_face() -> str:
    """A strip of film: the same face twice, then another one, crossed out."""
    frames, holes = [], []
    for number, (kind, smile) in enumerate((("one", 6), ("one", 8), ("other", 2))):
        left = 16 + number * 126
        frames.append(f'<rect class="frame {kind}" x="{left}" y="34" width="116" height="132" rx="12"/>')
        frames.append(_face(left + 58, 106, kind, smile=smile))
        holes += [
            f'<rect class="hole" x="{left + dx}" y="{y}" width="14" height="9" rx="2.5"/>'
            for dx in (12, 51, 90)
            for y in (14, 177)
        ]
    film = '<rect class="film" x="4" y="6" width="392" height="188" rx="14"/>'
    links = '<circle class="good" cx="137" cy="100" r="15"/><path class="tick" d="M130 100l5 6l9 -11"/>'
    breaks = '<circle class="bad" cx="263" cy="100" r="15"/><path class="tick" d="M257 94l12 12m0 -12l-12 12"/>'
    return _svg("same", 400, 200, film + "".join(holes) + "".join(frames) + links + breaks)
