"""models/manifest.toml: which files there are, what they are, their thresholds and figures. No torch here."""

from __future__ import annotations

from pathlib import Path

OCCLUSION, EYES, MANIFEST = "occlusion.onnx", "eyes.onnx", "manifest.toml"


def write_manifest(path: Path, tables: dict[str, dict[str, object]]) -> None:
    """TOML with one table a key ("occlusion", "occlusion.thresholds", ...); values are strings, numbers or lists."""
    lines = ["# Written by training.publish: what each model is, its thresholds, and what it measured.", ""]
    for name, table in tables.items():
        lines.append(f"[{name}]")
        lines += [f"{key} = {_value(value)}" for key, value in table.items()]
        lines.append("")
    path.write_text("\n".join(lines))


def _value(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return str(value)
