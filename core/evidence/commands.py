"""`python -m core verify` and `rotate-key`."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.evidence.evidence import key_folder, public_keys
from core.evidence.keyfile import KeyFileError
from core.evidence.signing import SigningKey
from core.evidence.verification import Finding, Standing, Verifier
from core.texts import load, on_one_line

_NOT_WHOLE, _FAILED = 1, 2
_LANGUAGE = "en"


def add_commands(commands: Any) -> None:
    """Add them to the subparsers of the command line."""
    verify = commands.add_parser("verify", help="say of signed files whether they are whole, and who signed them when")
    verify.add_argument("files", nargs="+", type=Path, metavar="FILE")
    verify.add_argument("--keys", type=Path, metavar="JWKS", help="public keys to trust; without it, this app's own")
    verify.set_defaults(run=_verify)

    rotate = commands.add_parser("rotate-key", help="sign with a new key from the next start on")
    rotate.set_defaults(run=_rotate)


def _verify(options: argparse.Namespace) -> int:
    try:
        verifier = Verifier(_trusted(options.keys))
    except (OSError, ValueError, TypeError, KeyError, KeyFileError) as error:
        print(_sentence("keys_unreadable", path=options.keys or key_folder(os.environ), error=error))
        return _FAILED
    findings = [verifier.verify(path) for path in options.files]
    for finding in findings:
        print(_told(finding))
    return 0 if all(finding.standing is Standing.WHOLE for finding in findings) else _NOT_WHOLE


def _trusted(keys: Path | None) -> Mapping[str, Any]:
    if keys is not None:
        found = json.loads(keys.read_text(encoding="utf-8"))["keys"]
        if not isinstance(found, list) or not all(isinstance(key, dict) for key in found):
            raise ValueError("no list of keys")
        return {"keys": found}
    own = key_folder(os.environ) / "signing.pem"
    return public_keys(SigningKey(own)) if own.exists() else {"keys": []}


def _rotate(options: argparse.Namespace) -> int:
    path = key_folder(os.environ) / "signing.pem"
    try:
        if not path.exists():
            raise KeyFileError(f"there is no {path}")
        print(_sentence("rotated", id=SigningKey(path).rotate().id))
    except KeyFileError as error:
        print(error)
        return _FAILED
    return 0


def _told(finding: Finding) -> str:
    when = f"{finding.at:%Y-%m-%d %H:%M:%S} UTC" if finding.at else ""
    path, signer = on_one_line(str(finding.path)), on_one_line(finding.signer) or "?"
    return _sentence(finding.standing.value, path=path, signer=signer, when=when or "?")


def _sentence(key: str, **values: object) -> str:
    return load(_LANGUAGE)[f"verify.{key}"].format(**values)
