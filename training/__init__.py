"""How models/ came to be; the app imports none of it. The files here are commands, the rooms below hold what they use.

A room knows only those named after it: networks (train, export), figures (measure), scenes (people and attacks before a
camera), faces (samples of faces), drawing (what is laid over a face).
"""

import sys
from types import TracebackType

_OURS = {"benchmarks", "core", "training"}
_INSTALL = "pip install -r requirements.txt -r training/requirements.txt"


def _told(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    if missing and missing.partition(".")[0] not in _OURS:
        print(f"Training needs {missing}: {_INSTALL}", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


if sys.argv[:1] == ["-m"]:  # Python looks for the command that it was asked to run
    sys.excepthook = _told
