"""`python -m core screen`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from tqdm import tqdm

from core.screen import pool
from core.screen.parts import FolderTaken, PartFolder
from core.screen.report import write_report
from core.screen.row import Row, sentence
from core.screen.sources import SourceError, list_photos
from core.settings import ScreenSettings
from core.texts import load, on_one_line
from core.vision import assets

_UNREAD, _STOPPED = 2, 130


class RayMissing(ImportError):
    """Ray is not installed."""


def add_commands(commands: Any) -> None:
    """Add it to the subparsers of the command line."""
    screen = commands.add_parser("screen", help="judge many photos into Parquet files, with a report")
    screen.add_argument("sources", nargs="+", metavar="SOURCE", help="folder, pattern, CSV or Parquet, s3:// or gs://")
    screen.add_argument("--out", required=True, type=Path, metavar="DIR")
    screen.add_argument("--again", action="store_true", help="start over, not where it stopped")
    screen.add_argument("--workers", type=_count, metavar="N", help="processes, one a core by default")
    screen.add_argument("--ray", nargs="?", const="local", metavar="ADDRESS", help="on Ray: here, or on that cluster")
    screen.add_argument("--thumbnails", action="store_true", help="put pictures of people into the report")
    screen.set_defaults(run=_screen)


def _count(given: str) -> int:
    """1 and more. Raises argparse.ArgumentTypeError."""
    if not given.isdecimal() or int(given) < 1:
        raise argparse.ArgumentTypeError(f"{given}: give a whole number from 1")
    return int(given)


def _screen(options: argparse.Namespace) -> int:
    assets.ensure_models()  # once, before many processes look for them and each of them fails
    try:
        addresses = list(list_photos(options.sources))
        with PartFolder(options.out, again=options.again) as folder:
            return _fill(folder, addresses, options)
    except FolderTaken as error:
        print(load("en")["screen.taken"].format(folder=error), file=sys.stderr)
    except SourceError as error:
        why = f" ({error.__cause__})" if error.key == "file_unreachable" else ""
        print(f"{on_one_line(error.source)}: {sentence(error)}{why}", file=sys.stderr)
    except RayMissing:
        print(load("en")["screen.no_ray"], file=sys.stderr)
    except ConnectionError as error:
        if options.ray is None or isinstance(error, BrokenPipeError):
            raise
        print(load("en")["screen.no_cluster"].format(address=options.ray), file=sys.stderr)
    return _UNREAD


def _fill(folder: PartFolder, addresses: list[str], options: argparse.Namespace) -> int:
    missing = list(folder.missing(addresses))
    bar = tqdm(total=len(addresses), initial=len(addresses) - len(missing), unit=" photos", smoothing=0.05)
    try:
        with bar:
            _write(folder, _judged(missing, options), bar)
    except KeyboardInterrupt:
        print(load("en")["screen.stopped"], file=sys.stderr)
        return _STOPPED
    errors = write_report(folder, thumbnails=options.thumbnails)
    print(folder.folder / "report.html")
    return _UNREAD if errors else 0


def _judged(addresses: list[str], options: argparse.Namespace) -> Iterator[list[Row]]:
    if options.ray is None:
        return pool.screen(addresses, options.workers or os.cpu_count() or 1)
    try:
        from core.screen import cluster
    except ImportError as error:
        raise RayMissing from error
    return cluster.screen(addresses, options.ray, options.workers)


def _write(folder: PartFolder, batches: Iterable[list[Row]], bar: Any) -> None:
    """Into parts of so many rows or seconds; what has come is written also when it breaks off."""
    settings, rows, since = ScreenSettings(), [], time.monotonic()
    try:
        for batch in batches:
            rows += batch
            bar.update(len(batch))
            if len(rows) >= settings.part_rows or time.monotonic() - since >= settings.part_s:
                folder.write(rows)
                rows, since = [], time.monotonic()
    finally:
        folder.write(rows)
