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
    models = {name.partition(".")[0]: None for name in tables}
    kept: dict[str, dict[str, object]] = {}
    known = manifest(path.parent) if path.exists() else {}
    for model, entry in known.items():
        if model not in models:
            kept[model] = {key: value for key, value in entry.items() if not isinstance(value, dict)}
            kept |= {f"{model}.{key}": value for key, value in entry.items() if isinstance(value, dict)}
    order = list(known | models)
    every = sorted((kept | tables).items(), key=lambda item: order.index(item[0].partition(".")[0]))
    write_manifest(path, dict(every))
    manifest.cache_clear()


def _value(value: object) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return str(value)
