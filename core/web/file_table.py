"""Checked files as a table for the eye, with everything about them in words."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from html import escape
from typing import Any

from core.files.error import FileError
from core.files.rows import FileRow
from core.regions import Region
from core.vision.reading import State
from core.web.badges import face_map
from core.web.language import text

_SIGNS = {"pass": "✓", "retry": "!", "error": "✕"}
_REGION_REASONS = {f"{region.value}_{state}": (region, state) for region in Region for state in ("blocked", "closed")}


def reason_text(reason: str) -> str:
    """A reason's code in words."""
    if reason in _REGION_REASONS:
        region, state = _REGION_REASONS[reason]
        return text(f"found.{state}", region=text(f"region.{region.value}"))
    return text(f"found.{reason}")


def error_text(error: FileError) -> str:
    """Why a file could not be judged, in one sentence."""
    return text(f"files.{error.key}", **error.values)


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
        return f"<p>{escape(error_text(row.error))}</p>"
    signs = row.result.get("presentation", {}).get("signs", ())
    found = [*(reason_text(reason) for reason in row.reasons), *(text(f"sign.{sign}") for sign in signs)]
    items = "".join(f"<li>{escape(words)}</li>" for words in found)
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
