"""The rows of the Check files page: filtered, as a table for the eye, and as CSV and JSON."""

from __future__ import annotations

import csv
import json
from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from io import StringIO
from typing import Any

from core.files import FileError
from core.regions import Region
from core.vision.reading import State
from core.web.badges import face_map
from core.web.texts import text

PHOTO_TYPES = ("jpg", "jpeg", "png", "webp", "heic", "heif")
CLIP_TYPES = ("mp4", "mov", "webm")
VERDICTS = ("pass", "retry", "error")
_SIGNS = {"pass": "✓", "retry": "!", "error": "✕"}
_REGION_REASONS = {f"{region.value}_{state}": (region, state) for region in Region for state in ("blocked", "closed")}


@dataclass(frozen=True)
class FileRow:
    """What became of one file.

    result: the public JSON object, less its path; empty when the file could not be read, and then `error` says why.
    thumbnail: a small JPEG with the regions drawn, where there was a picture.
    """

    name: str
    clip: bool
    result: Mapping[str, Any] = field(default_factory=dict)
    error: FileError | None = None
    thumbnail: bytes | None = None

    @property
    def verdict(self) -> str:
        """ "pass", "retry" or "error"."""
        return "error" if self.error else str(self.result["verdict"])

    @property
    def reasons(self) -> tuple[str, ...]:
        """What is wrong, most urgent first."""
        return tuple(self.result.get("reasons", ()))


def reason_text(reason: str) -> str:
    """A reason's code in words."""
    if reason in _REGION_REASONS:
        region, state = _REGION_REASONS[reason]
        return text(f"found.{state}", region=text(f"region.{region.value}"))
    return text(f"found.{reason}")


def error_text(row: FileRow) -> str:
    """Why the file could not be judged, in one sentence; empty when it could."""
    return text(f"files.{row.error.key}", **row.error.values) if row.error else ""


def count_verdicts(rows: Sequence[FileRow]) -> dict[str, int]:
    """How many rows have each verdict, in the order of `VERDICTS`."""
    counts = Counter(row.verdict for row in rows)
    return {verdict: counts[verdict] for verdict in VERDICTS}


def count_reasons(rows: Sequence[FileRow]) -> dict[str, int]:
    """How many rows have each reason, most frequent first."""
    return dict(Counter(reason for row in rows for reason in row.reasons).most_common())


def matching(rows: Sequence[FileRow], verdict: str | None, reason: str | None) -> list[FileRow]:
    """The rows with this verdict and this reason; None takes any."""
    return [row for row in rows if verdict in (None, row.verdict) and (reason is None or reason in row.reasons)]


def to_json(rows: Sequence[FileRow]) -> str:
    """A list of the objects that the command line prints; a clip's also has its verdict, reasons and events."""
    return json.dumps([_as_dict(row) for row in rows], ensure_ascii=False, indent=1)


def to_csv(rows: Sequence[FileRow]) -> str:
    """One line a file. A region's columns are empty for clips and where there is no face."""
    columns = ["path", "kind", "verdict", "reasons", "error", "faces", "inter_eye_px", "yaw", "pitch", "roll"]
    columns += ["seconds", "frames"]
    columns += [f"{region.value}_{part}" for region in Region for part in ("state", "covered")]
    target = StringIO()
    writer = csv.DictWriter(target, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        result = row.result
        line = {name: result[name] for name in ("faces", "inter_eye_px", "seconds", "frames") if name in result}
        line |= result.get("pose", {})
        for name, region in result.get("regions", {}).items():
            line |= {f"{name}_{part}": value for part, value in region.items()}
        line |= {"path": _no_formula(row.name), "kind": "clip" if row.clip else "photo", "verdict": row.verdict}
        line |= {"reasons": " ".join(row.reasons), "error": error_text(row)}
        writer.writerow(line)
    return target.getvalue()


def _as_dict(row: FileRow) -> dict[str, Any]:
    return {"path": row.name, **({"error": error_text(row)} if row.error else row.result)}


def _no_formula(name: str) -> str:
    """Spreadsheets run what begins like a formula, also in a file's name."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name


def empty() -> str:
    """What stands in the table's place before there is one."""
    face = face_map({Region.MOUTH: State.BLOCKED, Region.LEFT_EYE: State.OPEN, Region.RIGHT_EYE: State.OPEN})
    return f'<div class="empty">{face}<p><b>{_words("check.empty")}</b>{_words("check.empty_more")}</p></div>'


def table(rows: Sequence[FileRow]) -> str:
    """An HTML table; on narrow screens the look makes cards of its rows."""
    heads = "".join(
        f'<th scope="col">{_words(f"check.{name}")}</th>' for name in ("picture", "file", "verdict", "reasons")
    )
    body = "".join(_line(row) for row in rows)
    label = _words("check.table")
    return f'<table class="files" aria-label="{label}"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'


def _line(row: FileRow) -> str:
    name = escape(row.name)
    verdict = f'<span class="chip {row.verdict}"><b aria-hidden="true">{_SIGNS[row.verdict]}</b> ' + (
        f"{_words(f'verdict.{row.verdict}')}</span>"
    )
    return (
        f'<tr data-verdict="{row.verdict}"><td class="picture">{_picture(row)}</td>'
        f'<th scope="row" class="name">{name}<small>{escape(_facts(row))}</small></th>'
        f'<td class="verdict">{verdict}</td><td class="why">{_why(row)}{_details(row)}</td></tr>'
    )


def _picture(row: FileRow) -> str:
    if row.thumbnail is None:
        return f'<span class="none" role="img" aria-label="{_words("check.no_thumbnail")}">–</span>'
    alt = escape(text("check.thumbnail", name=row.name))
    return f'<img alt="{alt}" src="data:image/jpeg;base64,{b64encode(row.thumbnail).decode()}">'


def _facts(row: FileRow) -> str:
    facts = [text("check.clip" if row.clip else "check.photo")]
    result = row.result
    if "faces" in result and result["faces"] != 1:
        facts.append(text("check.faces", count=result["faces"]))
    if "inter_eye_px" in result:
        facts.append(text("check.inter_eye", pixels=round(result["inter_eye_px"])))
    if "frames" in result:
        facts.append(text("check.clip_facts", seconds=result["seconds"], frames=result["frames"]))
    return " · ".join(facts)


def _why(row: FileRow) -> str:
    if row.error:
        return f"<p>{escape(error_text(row))}</p>"
    items = "".join(f"<li>{escape(reason_text(reason))}</li>" for reason in row.reasons)
    return f"<ul>{items}</ul>" if items else ""


def _details(row: FileRow) -> str:
    if "regions" in row.result:
        items = [_region_item(name, found) for name, found in row.result["regions"].items()]
        return _folded("check.details", "regions", items)
    if "events" in row.result:
        items = [
            f"<li><b>{escape(text('check.at', seconds=event['t']))}</b> {escape(event_text(event))}</li>"
            for event in row.result["events"]
        ]
        return _folded("check.clip_details", "events", items)
    return ""


def _folded(title: str, kind: str, items: Sequence[str]) -> str:
    return f'<details><summary>{_words(title)}</summary><ul class="{kind}">{"".join(items)}</ul></details>'


def _region_item(name: str, found: dict[str, Any]) -> str:
    state = found["state"]
    share = text("check.covered", percent=round(found["covered"] * 100))
    return (
        f'<li class="{state}"><b>{_words(f"region.{name}")}</b> {_words(f"state.{state}")}'
        f"<small>{escape(share)}</small></li>"
    )


def event_text(event: dict[str, Any]) -> str:
    """One event of a clip in words."""
    words = {
        "phase": lambda: {"phase": text(f"phase.{event['phase']}")},
        "region": lambda: {"region": text(f"region.{event['region']}"), "state": text(f"state.{event['state']}")},
        "restart": lambda: {"reason": reason_text(event["reason"])},
    }
    values = words[event["event"]]() if event["event"] in words else event
    return text(f"check.event_{event['event']}", **values)


def _words(key: str) -> str:
    return escape(text(key))
