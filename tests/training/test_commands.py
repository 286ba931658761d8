"""The commands of training, where what they need is not installed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def said(tmp_path: Path, missing: str) -> str:
    """What a command says that does not find this module."""
    (tmp_path / "torch.py").write_text(f"raise ModuleNotFoundError('No module', name={missing!r})")
    env = {**os.environ, "PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-m", "training.compare", "--help"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 1
    return done.stderr


def test_should_say_in_a_sentence_what_to_install(tmp_path: Path) -> None:
    sentence = "Training needs torch: pip install -r requirements.txt -r training/requirements.txt\n"
    assert said(tmp_path, "torch") == sentence


def test_should_hide_no_mistake_of_our_own(tmp_path: Path) -> None:
    assert said(tmp_path, "training.gone").startswith("Traceback")
