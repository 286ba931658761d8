"""What came out of a screening, as one page of HTML that needs nothing beside it."""

from __future__ import annotations

import base64
from collections import Counter, defaultdict
from html import escape
from io import BytesIO
from typing import Any

import pyarrow.parquet as pq
from PIL import Image as Pillow

from core.files.error import FileError
from core.files.photo import load_photo
from core.regions import Region
from core.screen.parts import PartFolder
from core.screen.row import Row
from core.screen.sources import read_bytes
from core.settings import FileSettings, ScreenSettings
from core.texts import load

_SIZES = (36, 60, 90, 120, 180)  # px between the eyes, where the report's classes begin
_TABLES = ("verdicts", "reasons", "regions", "signs", "sizes", "errors", "models")
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:60em;margin:2em auto;padding:0 1em}td{padding:.1em 1em}"
    "td+td{text-align:right}img{margin:2px;vertical-align:top}"
)


class ScreenCounts:
    """Counts rows, and remembers the first few photos of each reason."""

    def __init__(self, settings: ScreenSettings) -> None:
        self._settings = settings
        self.rows = 0
        self.seconds = 0.0
        self.tables: dict[str, Counter[str]] = defaultdict(Counter)
        self.examples: dict[tuple[str, str], list[str]] = defaultdict(list)

    def add(self, row: Row) -> None:
        """One row of a part."""
        self.rows += 1
        self.seconds += row["seconds"] or 0.0
        self.tables["models"][row["models"]] += 1
        if row["error"] is not None:
            self.tables["verdicts"]["error"] += 1
            self.tables["errors"][row["error"]] += 1
            return
        self.tables["verdicts"][row["verdict"]] += 1
        for reason in row["reasons"]:
            self._count("reasons", reason, row["path"])
        for sign in row["presentation_signs"] or ():
            self._count("signs", sign, row["path"])
        if row["inter_eye_px"] is not None:
            self.tables["sizes"][_size_class(row["inter_eye_px"])] += 1
        for region in Region:
            if row[f"{region.value}_state"] == "blocked":
                self.tables["regions"][region.value] += 1

    def _count(self, table: str, key: str, address: str) -> None:
        self.tables[table][key] += 1
        if len(shown := self.examples[table, key]) < self._settings.thumbnails:
            shown.append(address)


def write_report(folder: PartFolder, *, thumbnails: bool) -> int:
    """Write report.html of all parts; the number of files that could not be read. Holds one part at a time."""
    settings = ScreenSettings()
    counts = ScreenCounts(settings)
    for part in folder.parts():
        for row in pq.read_table(part).to_pylist():
            counts.add(row)
    page = _page(counts, settings if thumbnails else None)
    (folder.folder / "report.html").write_text(page, encoding="utf-8")
    return counts.tables["errors"].total()


def _page(counts: ScreenCounts, pictures: ScreenSettings | None) -> str:
    said = {name: load("en")[f"screen.{name}"] for name in ("title", "all", "rate", *_TABLES)}
    mean = counts.seconds / counts.rows if counts.rows else 0.0
    parts = [f"<!doctype html><html lang=en><meta charset=utf-8><title>{said['title']}</title><style>{_STYLE}</style>"]
    parts.append(f"<h1>{said['title']}</h1><p>{said['all']}: {counts.rows}<br>{said['rate']}: {mean:.3f}</p>")
    for name in _TABLES:
        rows = "".join(
            f"<tr><td>{escape(_named(name, key))}<td>{count}<td>{count / counts.rows:.1%}"
            for key, count in counts.tables[name].most_common()
        )
        if rows:
            parts.append(f"<h2>{said[name]}</h2><table>{rows}</table>")
    if pictures is not None:
        for (table, key), addresses in counts.examples.items():
            shown = "".join(_thumbnail(address, pictures.thumbnail_px) for address in addresses)
            parts.append(f"<h2>{escape(_named(table, key))}</h2>{shown}")
    return "\n".join(parts)


def _named(table: str, key: str) -> str:
    """In words; a code that has none stands for itself."""
    texts: dict[str, Any] = load("en")
    region, _, state = key.rpartition("_")
    if table == "reasons" and f"region.{region}" in texts:
        return str(texts[f"found.{state}"].format(region=texts[f"region.{region}"]))
    names = {"verdicts": "verdict", "reasons": "found", "regions": "region", "signs": "sign"}
    return str(texts.get(f"{names.get(table, table)}.{key}", key))


def _thumbnail(address: str, side: int) -> str:
    try:
        picture = Pillow.fromarray(load_photo(BytesIO(read_bytes(address)), FileSettings()))
    except FileError:  # gone since
        return ""
    picture.thumbnail((side, side))
    target = BytesIO()
    picture.save(target, "JPEG", quality=75)
    data = base64.b64encode(target.getvalue()).decode()
    return f'<img src="data:image/jpeg;base64,{data}" title="{escape(address, quote=True)}" alt="">'


def _size_class(pixels: float) -> str:
    low = max((size for size in _SIZES if size <= pixels), default=0)
    high = next((size for size in _SIZES if size > pixels), None)
    return f"{low}–{high}" if high else f"{low}+"
