"""Content credentials in pictures (C2PA 2): who made it, how it was checked, and that no byte has changed since.

Nothing is asked of the network: no time stamps, no certificate status, no remote manifests.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

import c2pa

MIME = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
CHECKS = "org.real-selfie.checks"
"""Label of the assertion that holds the capture's report."""

_CREATED = "c2pa.created"
_CAMERA = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
_MARK = b"c2pa"
_LOCAL = {
    "verify": {"remote_manifest_fetch": False, "ocsp_fetch": False, "verify_timestamp_trust": False},
    "builder": {"thumbnail": {"enabled": False}},
}


@dataclass(frozen=True)
class Credentials:
    """What a picture says of itself.

    whole: neither the picture nor what it says was changed. trusted: the signer is one of those given. at: when it was
    made, by the signer's own clock; None where it does not say.
    """

    whole: bool
    trusted: bool
    signer: str
    at: datetime | None
    checks: Mapping[str, Any]


class NoCredentials(ValueError):
    """The picture carries none, or none that can be read."""


def embed(picture: bytes, mime: str, checks: Mapping[str, Any], at: datetime, chain: bytes, key: bytes) -> bytes:
    """The picture with credentials in it. at: the capture, with a time zone. chain, key: PEM, the key's own first."""
    when = at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    manifest = {
        "claim_generator_info": [{"name": "Real Selfie"}],
        "title": "Selfie",
        "assertions": [
            {
                "label": "c2pa.actions.v2",
                "data": {"actions": [{"action": _CREATED, "digitalSourceType": _CAMERA, "when": when}]},
            },
            {"label": CHECKS, "data": dict(checks)},
        ],
    }
    target = io.BytesIO()
    # Not from_callback, which leaves 10 kB of room in the picture for a signature of unknown length.
    signer = c2pa.Signer.from_info(c2pa.C2paSignerInfo(b"ed25519", chain, key, None))
    builder = c2pa.Builder(manifest, c2pa.Context.from_dict(_LOCAL))
    try:
        builder.sign(signer, mime, io.BytesIO(picture), target)
    finally:
        builder.close()
        signer.close()
    return target.getvalue()


def read(picture: bytes, mime: str, anchors: Sequence[str]) -> Credentials:
    """What the picture's credentials say. anchors: certificates of trusted authorities, PEM. Raises NoCredentials."""
    trust = {"trust": {"trust_anchors": "".join(anchors)}} if anchors else {}
    try:
        reader = c2pa.Reader(mime, io.BytesIO(picture), context=c2pa.Context.from_dict({**_LOCAL, **trust}))
        state, manifest = reader.get_validation_state(), reader.get_active_manifest() or {}
    except c2pa.C2paError.ManifestNotFound as error:
        raise NoCredentials("none") from error
    except (c2pa.C2paError, KeyError) as error:  # KeyError: the library's own, where a label was altered
        if _MARK not in picture:
            raise NoCredentials("no picture") from error
        return Credentials(False, False, "", None, {})
    found = {entry["label"]: entry.get("data", {}) for entry in manifest.get("assertions", [])}
    actions = found.get("c2pa.actions.v2", {}).get("actions", [])
    signed = manifest.get("signature_info", {})
    return Credentials(
        whole=state in ("Valid", "Trusted"),
        trusted=state == "Trusted",
        signer=str(signed.get("common_name") or signed.get("issuer") or ""),
        at=_moment(next((action.get("when") for action in actions if action.get("action") == _CREATED), None)),
        checks=found.get(CHECKS, {}),
    )


def _moment(text: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(text.replace("Z", "+00:00")) if text else None
    except ValueError:
        return None
