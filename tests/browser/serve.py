"""Runs the app as `streamlit run app.py` does, and keeps a tally of the face readers that are open.

    python tests/browser/serve.py TALLY [streamlit options]

TALLY is a file that gains a "+" for each FaceReader opened (one a live stream) and a "-" for each closed.
"""

from __future__ import annotations

import sys
from functools import wraps
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def keep_tally(path: Path) -> None:
    """Have every FaceReader leave its marks in `path`."""
    from core.vision.reader import FaceReader

    def mark(name: str, sign: str) -> None:
        method = getattr(FaceReader, name)

        @wraps(method)
        def marked(*arguments: Any, **options: Any) -> Any:
            result = method(*arguments, **options)
            with path.open("a") as tally:
                tally.write(sign)
            return result

        setattr(FaceReader, name, marked)

    mark("__init__", "+")
    mark("close", "-")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    keep_tally(Path(sys.argv[1]))
    from streamlit.web import cli

    sys.argv = ["streamlit", "run", str(ROOT / "app.py"), *sys.argv[2:]]
    cli.main()
