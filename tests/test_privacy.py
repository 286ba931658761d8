"""Nothing leaves the machine."""

from __future__ import annotations

from pathlib import Path

import onnxruntime


def test_onnx_runtime_should_hold_no_uploader_of_usage_data() -> None:
    # Its releases from 1.29 on do, and write an identifier into the home folder.
    libraries = list(Path(onnxruntime.__file__).parent.glob("capi/*.so*"))
    assert libraries
    for library in libraries:
        assert b"Microsoft/DeveloperTools" not in library.read_bytes(), library.name
