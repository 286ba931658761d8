"""The rows of checked files: counted, filtered, and as CSV and JSON."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from core.files.error import FileError
from core.regions import Region

VERDICTS = ("pass", "retry", "error")

Say = Callable[[FileError], str]
"""An error in one sentence, in the language of whoever reads it."""


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


def to_json(rows: Sequence[FileRow], say: Say) -> str:
    """A list of the objects that the command line prints; a clip's also has its verdict, reasons and events."""
    return json.dumps([_as_dict(row, say) for row in rows], ensure_ascii=False, indent=1)


def to_csv(rows: Sequence[FileRow], say: Say) -> str:
    """One line a file. A region's columns are empty for clips and where there is no face."""
    columns = ["path", "kind", "verdict", "reasons", "error", "faces", "inter_eye_px", "yaw", "pitch", "roll"]
    columns += ["suspect", "score", "signs", "seconds", "frames"]
    columns += [f"{region.value}_{part}" for region in Region for part in ("state", "covered")]
    target = StringIO()
    writer = csv.DictWriter(target, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        result = row.result
        line = {name: result[name] for name in ("faces", "inter_eye_px", "seconds", "frames") if name in result}
        line |= result.get("pose", {}) | result.get("presentation", {})
        line["signs"] = " ".join(line.get("signs", ()))
        for name, region in result.get("regions", {}).items():
            line |= {f"{name}_{part}": value for part, value in region.items()}
        line |= {"path": _no_formula(row.name), "kind": "clip" if row.clip else "photo", "verdict": row.verdict}
        line |= {"reasons": " ".join(row.reasons), "error": say(row.error) if row.error else ""}
        writer.writerow(line)
    return target.getvalue()


def _as_dict(row: FileRow, say: Say) -> dict[str, Any]:
    return {"path": row.name, **({"error": say(row.error)} if row.error else row.result)}


def _no_formula(name: str) -> str:
    """Spreadsheets run what begins like a formula, also in a file's name."""
    return f"'{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) else name
