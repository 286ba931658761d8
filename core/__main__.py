"""The command line: `python -m core check | screen | replay | models | verify | rotate-key | api-key`."""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import cv2
from PIL import Image as Pillow

from core.api import commands as api
from core.evidence import commands as evidence
from core.files.check import PhotoChecker
from core.files.clip import read_clip, thinned
from core.files.error import FileError
from core.files.photo import PHOTO_SUFFIXES
from core.files.replay import ReplayStep, replay
from core.flow.processor import CaptureProcessor
from core.screen import commands as screening
from core.settings import Settings
from core.texts import load
from core.vision import assets
from core.vision.photo_reader import PhotoReader
from core.vision.pixel_components import measure
from core.vision.stream_reader import StreamReader

_UNREAD = 2
_LANGUAGE = "en"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 2 when something could not be read."""
    options = _parser().parse_args(arguments)
    cv2.setNumThreads(1)  # as on the server, which the figures are to be compared with
    try:
        return int(options.run(options))
    except assets.AssetError as error:
        print(_sentence(error), file=sys.stderr)
        return _UNREAD
    except BrokenPipeError:  # the reader of our output went away, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

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

    models = commands.add_parser("models", help="fetch the face model if it is missing and check the others")
    models.set_defaults(run=_models)

    screening.add_commands(commands)
    evidence.add_commands(commands)
    api.add_commands(commands)
    return parser


def _picture(given: str) -> Path:
    """Where a picture can be written. Raises argparse.ArgumentTypeError."""
    path = Path(given)
    if Pillow.registered_extensions().get(path.suffix.lower()) not in Pillow.SAVE:
        raise argparse.ArgumentTypeError(f"{given}: give it the ending of a picture, such as .png")
    if not path.parent.is_dir():
        raise argparse.ArgumentTypeError(f"{given}: there is no folder {path.parent}")
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
                result, code = {"error": _sentence(error)}, _UNREAD
            row = {"path": str(path), **result}
            print(json.dumps(row) if options.json else _photo_line(row), flush=True)
    return code


def _photos(paths: Sequence[Path]) -> Iterator[Path]:
    """The files named, and every photo in the folders named. A folder without photos is given as it is."""
    for path in paths:
        if path.is_dir():
            photos = [file for file in sorted(path.rglob("*")) if file.suffix.lower() in PHOTO_SUFFIXES]
            yield from photos or [path]
        else:
            yield path


def _photo_line(row: dict[str, Any]) -> str:
    if "error" in row:
        return f"{row['path']}  error  {row['error']}"
    return f"{row['path']}  {row['verdict']:5}  {', '.join(row['reasons'])}"


def _replay(options: argparse.Namespace) -> int:
    settings = Settings().in_strict_mode() if options.strict else Settings()
    seed = int.from_bytes(os.urandom(4), "big") if options.seed is None else options.seed
    frames = read_clip(options.clip, settings.files)
    if options.fps is not None:
        frames = thinned(frames, options.fps)
    with StreamReader(settings) as reader:
        try:
            for step in replay(frames, CaptureProcessor(reader, settings, seed, measure), full=options.full):
                event = step.as_dict()
                print(json.dumps(event) if options.json else _event_line(event), flush=True)
                _save(step, options.selfie)
        except FileError as error:
            row = {"path": str(options.clip), "error": _sentence(error)}
            print(json.dumps(row) if options.json else _photo_line(row))
            return _UNREAD
    return 0


def _save(step: ReplayStep, path: Path | None) -> None:
    if step.selfie is not None and path is not None:
        Pillow.fromarray(step.selfie.rgb).save(path)


def _event_line(event: dict[str, Any]) -> str:
    details = "  ".join(f"{key} {value}" for key, value in event.items() if key not in ("t", "event"))
    return f"{event['t']:8.2f} s  {event['event']:9} {details}"


def _models(options: argparse.Namespace) -> int:
    print(f"{assets.ensure_face_model().name}: ok")
    for name in assets.OWN_MODELS:
        print(f"{assets.model_path(name).name}: ok")
    return 0


def _sentence(error: FileError | assets.AssetError) -> str:
    table = "files" if isinstance(error, FileError) else "assets"
    return load(_LANGUAGE)[f"{table}.{error.key}"].format(**error.values)


def _hush() -> None:
    """Python keeps its standard error; MediaPipe's C++ log, which no setting turns off, goes nowhere."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


if __name__ == "__main__":
    _hush()
    sys.exit(main())
