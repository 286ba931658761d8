"""The command line: `python -m core check | screen | replay | models | verify | rotate-key | api-key`."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence

from core.texts import load

_FAILED, _STOPPED = 2, 130
_LANGUAGE = "en"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0, or 2 when something could not be read, or 130 when Ctrl-C ended it."""
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")  # no name of a file is worth the others' rows
    try:
        return _run(arguments)
    except KeyboardInterrupt:
        print(load(_LANGUAGE)["command.stopped"], file=sys.stderr)
        return _STOPPED
    except OSError as error:
        if isinstance(error, BrokenPipeError) and not _arrives():
            return 0
        why = ": ".join(str(part) for part in (error.filename, error.strerror or error) if part)
        print(load(_LANGUAGE)["command.failed"].format(why=why), file=sys.stderr)
        _arrives()
        return _FAILED


def _arrives() -> bool:
    """Whether what is printed arrives: not once its reader has gone, as `| head` does, nor on a full disk."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python would try again at its end
        return False
    return True


def _run(arguments: Sequence[str] | None) -> int:
    # Imported late: it takes seconds, and whoever presses Ctrl-C in them should read the same as later.
    import cv2

    from core.api import commands as api
    from core.evidence import commands as evidence
    from core.files import commands as files
    from core.screen import commands as screening
    from core.vision import assets

    parser = argparse.ArgumentParser(prog="python -m core", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    files.add_commands(commands)
    screening.add_commands(commands)
    models = commands.add_parser("models", help="fetch the face model if it is missing and check the others")
    models.set_defaults(run=_models)
    evidence.add_commands(commands)
    api.add_commands(commands)
    options = parser.parse_args(arguments)
    cv2.setNumThreads(1)  # as on the server, which the figures are to be compared with
    try:
        return int(options.run(options))
    except assets.AssetError as error:
        print(load(_LANGUAGE)[f"assets.{error.key}"].format(**error.values), file=sys.stderr)
        return _FAILED


def _models(options: argparse.Namespace) -> int:
    from core.vision import assets

    for path in assets.ensure_models():
        print(f"{path.name}: ok")
    return 0


def _hush() -> None:
    """Python keeps its standard error; MediaPipe's C++ log, which no setting turns off, goes nowhere."""
    sys.stderr = os.fdopen(os.dup(2), "w", buffering=1, errors="backslashreplace")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


if __name__ == "__main__":
    _hush()
    sys.exit(main())
