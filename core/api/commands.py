"""`python -m core api-key`."""

from __future__ import annotations

import argparse
from typing import Any

from core.api.keys import KeysError, new_key
from core.texts import load

_FAILED = 2


def add_commands(commands: Any) -> None:
    """Add it to the subparsers of the command line."""
    key = commands.add_parser("api-key", help="make a key for the API, and its entry in API_KEYS")
    key.add_argument("name", metavar="NAME", help="of whoever uses it: a-z, 0-9, - and _")
    key.set_defaults(run=_new_key)


def _new_key(options: argparse.Namespace) -> int:
    try:
        key, entry = new_key(options.name)
    except KeysError as error:
        print(error)
        return _FAILED
    secret = entry.partition(":")[2].partition(":")[2]
    print(load("en")["verify.new_key"].format(key=key, entry=entry, secret=secret))
    return 0
