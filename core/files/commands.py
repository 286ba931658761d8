"""`python -m core check` and `replay`."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image as Pillow

from core.files.check import PhotoChecker
from core.files.clip import read_clip, thinned
from core.files.error import FileError
from core.files.photo import photos_in
from core.files.replay import replay
from core.flow.processor import CaptureProcessor
from core.settings import Settings
from core.texts import load, on_one_line
from core.vision.photo_reader import PhotoReader
from core.vision.pixel_components import measure
from core.vision.reading import Image
from core.vision.stream_reader import StreamReader

_FAILED = 2
_LANGUAGE = "en"


def add_commands(commands: Any) -> None:
    """Add them to the subparsers of the command line."""
    check = commands.add_parser("check", help="judge photos, or all photos of folders")
    check.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    check.add_argument("--json", action="store_true", help="one JSON object a line")
    check.set_defaults(run=_check)

    clip = commands.add_parser("replay", help="run a clip through the capture as if it were the camera")
    clip.add_argument("clip", type=Path, metavar="CLIP")
    clip.add_argument("--json", action="store_true", help="one JSON object a line")
    clip.add_argument("--full", action="store_true", help="to the end of the clip, all blinks and regions reported")
    clip.add_argument("--strict", action="store_true", help="blinks on cue, and all ten regions free")
    clip.add_argument("--seed", type=int, default=None, help="of the cues' moments; drawn afresh when not given")
    clip.add_argument("--fps", type=_rate, metavar="N", help="frames a second at most, as from a slow camera")
    clip.add_argument("--selfie", type=_picture, metavar="OUT.png", help="write the selfie here")
    clip.set_defaults(run=_replay)


def _picture(given: str) -> Path:
    """Where a picture can be written. Raises argparse.ArgumentTypeError."""
    path = Path(given)
    if Pillow.registered_extensions().get(path.suffix.lower()) not in Pillow.SAVE:
        raise argparse.ArgumentTypeError(f"{given}: give it the ending of a picture, such as .png")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{given}: there is no folder {path.parent}")
    if not os.access(path.parent, os.W_OK):
        raise argparse.ArgumentTypeError(f"{given}: nothing may be written into {path.parent}")
    return path


def _rate(given: str) -> float:
    """Frames a second. Raises argparse.ArgumentTypeError."""
    try:
        rate = float(given)
    except ValueError:
        rate = 0.0
    if not 0 < rate < math.inf:
        raise argparse.ArgumentTypeError(f"{given}: give the frames a second as a number above 0")
    return rate


def _check(options: argparse.Namespace) -> int:
    settings = Settings()
    code = 0
    with PhotoReader(settings) as reader:
        checker = PhotoChecker(reader, settings)
        for path in _photos(options.paths):
            try:
                result = checker.check_file(path).as_dict()
            except FileError as error:
                result, code = {"error": _sentence(error)}, _FAILED
            row = {"path": str(path), **result}
            print(json.dumps(row) if options.json else _photo_line(row), flush=True)
    return code


def _photos(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and every photo in the folders named. A folder without photos is given as it is."""
    for path in paths:
        # Of a name that is too long, pathlib would raise.
        yield from (list(photos_in(path)) or [path]) if os.path.isdir(path) else [path]


def _photo_line(row: dict[str, Any]) -> str:
    name = on_one_line(row["path"])
    if "error" in row:
        return f"{name}  error  {row['error']}"
    return f"{name}  {row['verdict']:5}  {', '.join(row['reasons'])}"


def _replay(options: argparse.Namespace) -> int:
    settings = Settings().in_strict_mode() if options.strict else Settings()
    seed = int.from_bytes(os.urandom(4), "big") if options.seed is None else options.seed
    frames = read_clip(options.clip, settings.files)
    if options.fps is not None:
        frames = thinned(frames, options.fps)
    code = 0
    with StreamReader(settings) as reader:
        try:
            for step in replay(frames, CaptureProcessor(reader, settings, seed, measure), full=options.full):
                event = step.as_dict()
                print(json.dumps(event) if options.json else _event_line(event), flush=True)
                if step.selfie and options.selfie and not _saved(step.selfie.rgb, options.selfie):
                    code = _FAILED
        except FileError as error:
            row = {"path": str(options.clip), "error": _sentence(error)}
            print(json.dumps(row) if options.json else _photo_line(row))
            return _FAILED
    return code


def _saved(rgb: Image, path: Path) -> bool:
    """Whether the whole picture is there; where it can't be written, what was there before is left and it is said."""
    picture, unfinished = BytesIO(), path.with_name(f"{path.name}.writing")
    try:
        Pillow.fromarray(rgb).save(picture, Pillow.registered_extensions()[path.suffix.lower()])
        unfinished.write_bytes(picture.getvalue())
        unfinished.replace(path)
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        why = error.strerror or str(error)
        print(load(_LANGUAGE)["command.no_selfie"].format(path=on_one_line(str(path)), why=why), file=sys.stderr)
        return False
    return True


def _event_line(event: dict[str, Any]) -> str:
    details = "  ".join(f"{key} {value}" for key, value in event.items() if key not in ("t", "event"))
    return f"{event['t']:8.2f} s  {event['event']:9} {details}"


def _sentence(error: FileError) -> str:
    return load(_LANGUAGE)[f"files.{error.key}"].format(**error.values)
