"""models/manifest.toml: which files there are, what they are, their thresholds and figures. No torch here."""

from __future__ import annotations

from pathlib import Path

from core.vision.assets import manifest

OCCLUSION, EYES, PRESENTATION, MANIFEST = "occlusion.onnx", "eyes.onnx", "presentation.onnx", "manifest.toml"


def write_manifest(path: Path, tables: dict[str, dict[str, object]]) -> None:
    """TOML with one table a key ("occlusion", "occlusion.thresholds", ...); values are strings, numbers or lists."""
    lines = [
        "# Written by training.publish and training.publish_presentation: what each model is, thresholds and figures.",
        "",
    ]
    for name, table in tables.items():
        lines.append(f"[{name}]")
        lines += [f"{key} = {_value(value)}" for key, value in table.items()]
        lines.append("")
    path.write_text("\n".join(lines))


def update(path: Path, tables: dict[str, dict[str, object]]) -> None:
    """Write `tables` into a manifest in the place of those models' former ones; the other models' stay."""
    models = {name.partition(".")[0] for name in tables}
    kept: dict[str, dict[str, object]] = {}
    for model, entry in (manifest(path.parent) if path.exists() else {}).items():
        if model not in models:
            kept[model] = {key: value for key, value in entry.items() if not isinstance(value, dict)}
            kept |= {f"{model}.{key}": value for key, value in entry.items() if isinstance(value, dict)}
    write_manifest(path, kept | tables)
    manifest.cache_clear()


def _value(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return str(value)
